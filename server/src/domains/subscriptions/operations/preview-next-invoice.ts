import type { Context } from '../../../platform/context.ts';
import { presentPreview, previewInvoice } from '../../invoicing/index.ts';
import { isEndless } from '../core/agreed-terms.ts';
import { couponAfter, periodDiscounts } from '../core/discounts.ts';
import type { Subscription } from '../core/record.ts';
import { renew } from '../core/renewal.ts';
import { renewAddOns } from './plan-add-ons.ts';
import { ratePeriod } from './rate-period.ts';
import { draftOf } from './settle-lines.ts';

/** What would be invoiced if the period of a subscription ended now; undefined where nothing follows it. */
export async function previewNextInvoice(context: Context, subscription: Subscription) {
  const { state, coupon } = subscription;
  const renewal = isEndless(state.terms) ? undefined : renew(state);
  if (!renewal) return undefined;
  const { database, clocks } = context;
  const { from, to } = state.period;
  const now = clocks.business();
  const until = now > to ? to : now;
  const wasTrial = state.status === 'trialing';
  const rated =
    wasTrial || until <= from
      ? undefined
      : await ratePeriod(database, subscription, { from, to: until });
  const had = await renewAddOns(database, subscription.addOns, renewal.next);
  const lines = [...(rated?.lines ?? []), ...renewal.lines, ...had.lines];
  if (lines.length === 0) return undefined;
  const isOver = renewal.next.status === 'expired';
  const draft = draftOf(
    { ...subscription, state: renewal.next },
    {
      lines,
      discounts: periodDiscounts(isOver ? coupon : couponAfter(coupon, wasTrial)),
      period: renewal.next.period,
    },
  );
  const preview = await previewInvoice(context, database, { ...draft, takesWaiting: true });
  return { ...presentPreview(preview), at: to.toISOString() };
}
