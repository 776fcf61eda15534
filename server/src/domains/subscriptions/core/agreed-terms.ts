/** What a customer agrees to: a version of a plan, one of its prices, so many seats. */
import { formatQuantity } from '../../../platform/quantity.ts';
import { compare, multiply, parseRatio, ratio } from '../../../platform/ratio.ts';
import type { Interval } from '../../../platform/time.ts';
import type { OfferPrice, PlanVersion } from '../../catalog/index.ts';
import type { MeterAmount, SubscriptionTerms } from './subscription.ts';

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
    included: isOnce ? [] : includedIn(plan, price.interval as Interval),
  };
}

export function isEndless({ interval }: SubscriptionTerms): boolean {
  return interval.unit === endless.unit && interval.count === endless.count;
}

/**
 * What a period's price pays for, in units of the meters: the limits of windows that are as long as the period or
 * shorter, each as often as it begins anew. Minutes and hours are rates, and what no period ends is no part of its price.
 */
function includedIn({ terms: { quotas } }: PlanVersion, interval: Interval): MeterAmount[] {
  const amounts = new Map<string, MeterAmount>();
  for (const { meter, window, limit, unit } of quotas) {
    const times = timesWithin(window, interval);
    if (limit === null || times === 0n) continue;
    const amount = multiply(parseRatio(formatQuantity(BigInt(limit), unit)), ratio(times));
    const known = amounts.get(meter);
    // Of two quotas on a meter the tighter one is what can be used.
    if (!known || compare(amount, known.amount) < 0) amounts.set(meter, { meterId: meter, amount });
  }
  return [...amounts.values()];
}

const daysOf = { day: 1n, week: 7n, month: 30n, year: 365n } as const;

function timesWithin(window: string, { unit, count }: Interval): bigint {
  if (window !== 'day' && window !== 'month' && window !== 'year') return 0n;
  if (window === unit) return BigInt(count);
  if (window === 'month' && unit === 'year') return 12n * BigInt(count);
  return (daysOf[unit] * BigInt(count)) / daysOf[window];
}
