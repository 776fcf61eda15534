/** A subscription as its changes see it. Amounts are exact, in minor units of the terms' currency. */
import { multiply, type Ratio, ratio } from '../../../platform/ratio.ts';
import type { Interval } from '../../../platform/time.ts';
import type { SubscriptionStatus } from './lifecycle.ts';
import type { Period } from './period.ts';
import type { ProrationRule } from './proration.ts';

/** So much of a meter within a period. */
export interface MeterAmount {
  meterId: string;
  amount: Ratio;
}

/** So much of a meter within each window; windows are shorter than the period. */
export interface WindowAmount extends MeterAmount {
  window: 'day' | 'month' | 'year';
  /** From which they are counted. */
  anchor: 'calendar' | 'subscription';
}

/** So much until the window ends, because a change came in the middle of it. */
export interface GrantedWindow extends MeterAmount {
  window: WindowAmount['window'];
  until: Date;
}

/** What was agreed: a version of a plan at one of its prices. */
export interface SubscriptionTerms {
  planId: string;
  version: number;
  planSlug: string;
  planName: string;
  /** The price's billing cycle, such as `month`. */
  cycle: string;
  currency: string;
  /** Of one seat, for one interval. */
  price: Ratio;
  interval: Interval;
  quantity: number;
  proration: ProrationRule;
  refund: 'unused' | 'full' | 'none';
  /** Whether what is used costs something beside the price. */
  isMetered?: boolean;
  /** What the price of a period pays for, within the whole of it; meters without a limit are left out. */
  included: readonly MeterAmount[];
  /** And what it pays for within each part of it. */
  windows: readonly WindowAmount[];
}

export interface SubscriptionState {
  status: SubscriptionStatus;
  terms: SubscriptionTerms;
  /** From which periods are counted; it keeps the day of the month. */
  anchorAt: Date;
  timeZone: string;
  period: Period;
  /** The terms of the next period, where they differ. */
  pending: SubscriptionTerms | null;
  cancelAt: Date | null;
  /** What was invoiced for this period's time, less what was given back. */
  paid: Ratio;
  /** What may be used within this period: a change gives or takes what it is paid or given back for. */
  granted: readonly MeterAmount[];
  /** Likewise within the windows that run, where it is not what the terms say. */
  grantedWindows: readonly GrantedWindow[];
  /** Time that is paid at this price whatever is changed: by days today, without proration the whole period. */
  held: { until: Date; price: Ratio } | null;
}

/** For one interval and all seats. */
export function priceOf({ price, quantity }: SubscriptionTerms): Ratio {
  return multiply(price, ratio(BigInt(quantity)));
}

/** The instant at which a run has something to do; null where it has nothing. */
export function dueAtOf({ status, period }: SubscriptionState): Date | null {
  return ['trialing', 'active', 'past_due', 'canceled'].includes(status) ? period.to : null;
}

/** Under which the period is invoiced, once. */
export function billingKeyOf(subscriptionId: string, { from }: Period): string {
  return `${subscriptionId} ${from.toISOString()}`;
}
