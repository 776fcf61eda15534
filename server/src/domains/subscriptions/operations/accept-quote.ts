import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { updatePlanWithin } from '../../catalog/index.ts';
import { isEndless } from '../core/agreed-terms.ts';
import type { SubscriptionPurchaseView } from '../core/present-subscription.ts';
import { type Quote, termEnd } from '../core/quote.ts';
import type { Subscription } from '../core/record.ts';
import { findQuote, saveQuote } from '../quotes-store.ts';
import { findSubscription } from '../subscriptions-store.ts';
import { answerPurchase } from './change-subscription.ts';
import { holdQuote, recordQuote } from './hold-quote.ts';
import { catchUp, createQuotedPlan, replaceSubscription } from './quote-plan.ts';
import { subscribeWithin } from './subscribe.ts';

export interface AcceptQuoteCommand {
  id: string;
  organizationId: string;
  /** What pays now: `wallet`, a provider, or null for a pay link by mail. */
  provider: string | null;
  means?: string | undefined;
  savesMethod?: boolean | undefined;
  methodId?: string | undefined;
  returnUrl?: string | undefined;
}

/**
 * Accepts a quote: its private plan, the subscription to it, the first invoice and the payment attempt are one
 * transaction behind the quote's lock, so that of two acceptances at once one finds it accepted.
 * @throws Refusal `not_found`, `invalid_state`, `already_subscribed`, and as `subscribe` does.
 */
export async function acceptQuote(
  context: Context,
  command: AcceptQuoteCommand,
): Promise<SubscriptionPurchaseView> {
  const found = await findQuote(context.database, command.id);
  // Nothing is done on another organization's behalf; what is not theirs is refused under the lock.
  if (found?.organizationId === command.organizationId) {
    await catchUp(context, command.organizationId);
  }
  const { id, ...begun } = await inTransaction(context, (transaction) =>
    acceptWithin(context, transaction, command),
  );
  return answerPurchase(context, id, begun);
}

async function acceptWithin(
  context: Context,
  transaction: Transaction,
  command: AcceptQuoteCommand,
) {
  const { organizationId, provider, means, savesMethod, methodId, returnUrl } = command;
  const quote = await holdQuote(context, transaction, {
    ...{ id: command.id, organizationId, event: 'accept' },
  });
  const replaced = await replaceSubscription(context, transaction, organizationId);
  const plan = await createQuotedPlan(context, transaction, quote);
  const begun = await subscribeWithin(context, transaction, {
    ...{ organizationId, plan: plan.id, provider, means, savesMethod, methodId, returnUrl },
    quantity: quote.terms.quantity,
    isTrialPromised: true,
  });
  // It is sold once: from now on only its subscription has it.
  await updatePlanWithin(context, transaction, plan.id, { status: 'archived' });
  const subscription = await findSubscription(transaction, begun.id);
  invariant(subscription, `subscription ${begun.id} was stored`);
  if (replaced && subscription.state.status === 'incomplete') {
    throw new Refusal(
      'rule_violated',
      'Pay from the wallet, so that what you have now is not interrupted: top it up first.',
      { param: 'provider' },
    );
  }
  const after: Quote = {
    ...{ ...quote, status: 'accepted', subscriptionId: subscription.id },
    committedUntil: committedUntil(subscription, quote.termCycles),
    closedAt: context.clocks.business(),
  };
  await saveQuote(transaction, after);
  await recordQuote(context, transaction, { action: 'accept', before: quote, after });
  return begun;
}

/** A term begins with the first period that is paid for. */
function committedUntil(
  { state, trialEndsAt }: Subscription,
  termCycles: number | null,
): Date | null {
  if (termCycles === null || isEndless(state.terms)) return null;
  const from = trialEndsAt ?? state.period.from;
  return termEnd({ from, interval: state.terms.interval, timeZone: state.timeZone }, termCycles);
}
