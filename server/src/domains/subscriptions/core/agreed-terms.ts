/** What a customer agrees to: a version of a plan, one of its prices, so many seats. */
import { formatQuantity } from '../../../platform/quantity.ts';
import { compare, parseRatio } from '../../../platform/ratio.ts';
import type { Interval } from '../../../platform/time.ts';
import type { OfferPrice, PlanVersion } from '../../catalog/index.ts';
import type { MeterAmount, SubscriptionTerms, WindowAmount } from './subscription.ts';

/** What is paid once lasts longer than anybody will ask. */
const endless: Interval = { unit: 'year', count: 1_000 };

export function agreedTerms(
  plan: PlanVersion,
  price: OfferPrice,
  quantity: number,
): SubscriptionTerms {
  const isOnce = price.interval === 'once';
  const { proration, refund } = plan.offer;
  return {
    planId: plan.planId,
    version: plan.version,
    planSlug: plan.slug,
    planName: plan.name,
    cycle: price.cycle,
    currency: price.currency,
    price: price.amount,
    interval: price.interval === 'once' ? endless : price.interval,
    quantity,
    // Of a thousand years no share is to be given back.
    proration: isOnce ? 'none' : proration,
    refund: isOnce && refund === 'unused' ? 'none' : refund,
    isMetered: plan.offer.charges.length > 0,
    ...(price.interval === 'once' ? { included: [], windows: [] } : limitsOf(plan, price.interval)),
  };
}

export function isEndless({ interval }: SubscriptionTerms): boolean {
  return interval.unit === endless.unit && interval.count === endless.count;
}

/**
 * What a period's price pays for, in units of the meters: the limits of windows that are the period, and of shorter ones.
 * Minutes and hours are rates, and what no period ends is no part of its price.
 */
function limitsOf(
  { terms: { quotas } }: PlanVersion,
  { unit, count }: Interval,
): Pick<SubscriptionTerms, 'included' | 'windows'> {
  const included = new Map<string, MeterAmount>();
  const windows: WindowAmount[] = [];
  for (const { meter: meterId, window, anchor, limit, unit: meterUnit } of quotas) {
    if (limit === null || !isCounted(window)) continue;
    const amount = parseRatio(formatQuantity(BigInt(limit), meterUnit));
    if (window === unit && count === 1) {
      const known = included.get(meterId);
      // Of two quotas on a meter the tighter one is what can be used.
      if (!known || compare(amount, known.amount) < 0) included.set(meterId, { meterId, amount });
    } else if (daysOf[window] < daysOf[unit] * count) {
      windows.push({ meterId, amount, window, anchor });
    }
  }
  return { included: [...included.values()], windows };
}

const daysOf = { day: 1, week: 7, month: 30, year: 365 } as const;

function isCounted(window: string): window is WindowAmount['window'] {
  return window === 'day' || window === 'month' || window === 'year';
}
