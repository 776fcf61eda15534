/** The private plan of a quote: made when the quote is accepted, and before that only to be looked at. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { createPlanWithin, presentPlan } from '../../catalog/index.ts';
import { presentPreview, previewInvoice } from '../../invoicing/index.ts';
import { type QuotePreviewView, shownOf } from '../core/present-quote.ts';
import type { QuoteTerms, ShownTerms } from '../core/quote.ts';
import type { Subscription } from '../core/record.ts';
import { findLiveSubscription } from '../subscriptions-store.ts';
import { changeWithin } from './change-subscription.ts';
import { runSubscription } from './run-subscription.ts';
import { draftOf } from './settle-lines.ts';
import { planSubscription } from './subscribe.ts';

export interface QuotedOffer {
  /** The quote's. */
  id: string;
  organizationId: string;
  terms: QuoteTerms;
}

/**
 * Makes the private plan, on offer to its customer only.
 * @throws Refusal `rule_violated`, `meter_unknown`, `amount_out_of_range`, naming the quote's field.
 */
export async function createQuotedPlan(
  context: Context,
  transaction: Transaction,
  { id, organizationId, terms }: QuotedOffer,
) {
  const { message: _, quantity: _seats, price, ...plan } = terms;
  const owner = { applicationId: null, applicationSlug: null };
  try {
    return await createPlanWithin(context, transaction, owner, {
      ...plan,
      slug: `quote-${id.replace(/^\w+_/, '')}`,
      prices: [price],
      visible_to: [organizationId],
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const param = error.param?.replace(/^prices\.0/, 'price');
    throw new Refusal(error.code, error.message, { param });
  }
}

/**
 * Ends what the organization has subscribed to, for what is unused, so that a quote can stand in for it.
 * @throws Refusal `already_subscribed` where a payment is awaited first.
 */
export async function replaceSubscription(
  context: Context,
  transaction: Transaction,
  organizationId: string,
): Promise<Subscription | undefined> {
  const live = await findLiveSubscription(transaction, organizationId);
  if (!live) return undefined;
  if (live.state.status === 'incomplete' || live.awaiting || live.overdueSince) {
    throw new Refusal(
      'already_subscribed',
      'Your present subscription waits for a payment: pay or cancel it first.',
    );
  }
  await changeWithin(context, transaction, { id: live.id, action: 'cancel', when: 'now' });
  return live;
}

/** What fell due for the present subscription comes before it is replaced. */
export async function catchUp(context: Context, organizationId: string): Promise<void> {
  const live = await findLiveSubscription(context.database, organizationId);
  if (live) await runSubscription(context, live.id, 'at_once');
}

export interface Looked {
  shown: ShownTerms;
  preview: QuotePreviewView;
}

/**
 * What accepting would give and invoice now: done as it would be, looked at, and taken back.
 * @throws Refusal as `acceptQuote` does.
 */
export async function lookAtAcceptance(context: Context, offer: QuotedOffer): Promise<Looked> {
  const { organizationId, terms } = offer;
  await catchUp(context, organizationId);
  return takeBack(context, async (transaction) => {
    const replaced = await replaceSubscription(context, transaction, organizationId);
    const plan = await createQuotedPlan(context, transaction, onlyLookedAt(offer));
    const { subscription, settle } = await planSubscription(context, transaction, {
      ...{ organizationId, plan: plan.id, quantity: terms.quantity, provider: null },
      isTrialPromised: true,
    });
    const draft = draftOf(subscription, settle);
    const preview = await previewInvoice(context, transaction, draft);
    const replaces = replaced && {
      subscription: replaced.id,
      plan: replaced.state.terms.planName,
    };
    return {
      shown: shownOf(presentPlan(plan)),
      preview: { ...presentPreview(preview), replaces: replaces ?? null },
    };
  });
}

/** What the terms say of a private plan, checked as acceptance will check them. */
export async function lookAtTerms(context: Context, offer: QuotedOffer): Promise<ShownTerms> {
  return takeBack(context, async (transaction) =>
    shownOf(presentPlan(await createQuotedPlan(context, transaction, onlyLookedAt(offer)))),
  );
}

/** Under a slug of its own, so that a look never stands in the way of the acceptance. */
function onlyLookedAt(offer: QuotedOffer): QuotedOffer {
  return { ...offer, id: `${offer.id}-look` };
}

class TakenBack<T> extends Error {
  readonly seen: T;
  constructor(seen: T) {
    super('what was only looked at is taken back');
    this.seen = seen;
  }
}

async function takeBack<T>(
  context: Context,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await inTransaction(context, async (transaction) => {
      throw new TakenBack(await work(transaction));
    });
  } catch (error) {
    if (error instanceof TakenBack) return (error as TakenBack<T>).seen;
    throw error;
  }
}
