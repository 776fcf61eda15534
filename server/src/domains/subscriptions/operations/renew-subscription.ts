import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { couponAfter, periodDiscounts } from '../core/discounts.ts';
import type { Subscription } from '../core/record.ts';
import { renew } from '../core/renewal.ts';
import { billingKeyOf } from '../core/subscription.ts';
import { keepSubscription } from './hold-subscription.ts';
import { renewAddOns } from './plan-add-ons.ts';
import { keepRated, type PeriodRating, ratePeriod } from './rate-period.ts';
import { servePlan } from './serve-plan.ts';
import { settleLines } from './settle-lines.ts';
import { tellCustomer } from './tell-customer.ts';

/**
 * Ends the period that is over and begins the next one: one invoice for what was used and for what begins, under a
 * billing key, so that no period is ever invoiced twice. Collecting it comes after the commit.
 */
export async function renewHeld(
  context: Context,
  transaction: Transaction,
  subscription: Subscription,
): Promise<'renewed' | 'expired'> {
  const { id, state, coupon } = subscription;
  const renewal = renew(state);
  invariant(renewal, `a subscription that is ${state.status} has nothing to renew`);
  const wasTrial = state.status === 'trialing';
  const isOver = renewal.next.status === 'expired';
  const rating = wasTrial
    ? nothingRated
    : await ratePeriod(transaction, subscription, state.period);
  const had = await renewAddOns(transaction, subscription.addOns, renewal.next);
  const nextCoupon = couponAfter(coupon, wasTrial);
  const next: Subscription = {
    ...subscription,
    state: renewal.next,
    addOns: had.addOns,
    coupon: nextCoupon,
    ...(isOver && { endedAt: context.clocks.business(), isSuspended: false }),
  };
  const { invoice, creditNoteId } = await settleLines(context, transaction, next, {
    lines: [...rating.lines, ...renewal.lines, ...had.lines],
    discounts: periodDiscounts(isOver ? coupon : nextCoupon),
    period: isOver ? state.period : renewal.next.period,
    billingKey: isOver
      ? `${billingKeyOf(id, state.period)} end`
      : billingKeyOf(id, renewal.next.period),
  });
  await keepRated(transaction, subscription, rating.rated);
  const kept: Subscription = {
    ...next,
    latestInvoiceId: invoice?.id ?? subscription.latestInvoiceId,
    collectingInvoiceId: invoice?.id ?? null,
  };
  await keepSubscription(context, transaction, kept, {
    kind: isOver ? 'expire' : wasTrial ? 'end_trial' : 'renew',
    invoiceId: invoice?.id,
    creditNoteId,
  });
  await tellCustomer(context, transaction, kept, isOver ? 'ended' : 'renewed');
  if (isOver || givesOther(subscription, kept)) await servePlan(context, transaction, kept);
  return isOver ? 'expired' : 'renewed';
}

const nothingRated: PeriodRating = { lines: [], rated: [] };

/** Limits of the period that ran end by themselves. */
function givesOther(was: Subscription, is: Subscription): boolean {
  const [before, after] = [was.state, is.state];
  const quantities = ({ addOns }: Subscription) =>
    addOns.map(({ terms }) => `${terms.planId} ${terms.quantity}`).join();
  return (
    quantities(was) !== quantities(is) ||
    before.terms.planId !== after.terms.planId ||
    before.terms.version !== after.terms.version ||
    before.terms.quantity !== after.terms.quantity ||
    before.anchorAt.getTime() !== after.anchorAt.getTime()
  );
}
