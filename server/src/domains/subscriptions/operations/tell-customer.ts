import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { formatMinor } from '../../../platform/money.ts';
import { roundHalfUp } from '../../../platform/ratio.ts';
import { dayOf } from '../../../platform/time.ts';
import { queueMail } from '../../delivery/index.ts';
import { recipientsOf } from '../../identity/index.ts';
import { type Occasion, subscriptionMail } from '../core/mails.ts';
import type { Subscription } from '../core/record.ts';
import { priceOf } from '../core/subscription.ts';

/** Mails everyone who may pay, with the transaction that makes it true. */
export async function tellCustomer(
  context: Context,
  transaction: Transaction,
  { organizationId, state }: Subscription,
  occasion: Occasion,
): Promise<void> {
  const { currency } = state.terms;
  const next = state.pending ?? state.terms;
  const params = {
    plan: state.terms.planName,
    to: dayOf(state.period.to, state.timeZone),
    amount: `${formatMinor({ minor: roundHalfUp(priceOf(next)), currency })} ${currency}`,
  };
  const link = `${context.config.publicUrl}/billing/subscription`;
  const asking = { config: context.config, database: transaction };
  const told = await recipientsOf(asking, organizationId, 'subscription.changed');
  for (const { email, locale } of told) {
    const mail = subscriptionMail(occasion, { locale, link, params });
    await queueMail(context, transaction, { to: email, ...mail });
  }
}

export async function tellBegun(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<void> {
  const isTrial = subscription.state.status === 'trialing';
  await tellCustomer(context, transaction, subscription, isTrial ? 'trial_begun' : 'begun');
}
