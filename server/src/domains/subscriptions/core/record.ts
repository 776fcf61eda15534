/** A subscription as it is kept: its state, and what is done about it. */

import { compare, type Ratio } from '../../../platform/ratio.ts';
import type { Discount } from '../../invoicing/index.ts';
import type { AddOn } from './add-ons.ts';
import { type DunningStep, nextDunningStep } from './dunning.ts';
import type { SubscriptionEvent, SubscriptionStatus } from './lifecycle.ts';
import type { Period } from './period.ts';
import type { SubscriptionState } from './subscription.ts';
import { dueAtOf } from './subscription.ts';

export interface AppliedCoupon {
  code: string;
  discount: Discount;
  /** Null: all. */
  invoicesLeft: number | null;
}

/** What the use of a period was billed at. */
export interface RatedPeriod {
  period: Period;
  planId: string;
  version: number;
  currency: string;
  /** Of each charge in the version's order, in the major unit. */
  amounts: readonly Ratio[];
}

export interface AwaitedChange {
  invoiceId: string;
  kind: SubscriptionEvent;
  /** What the use of the period that it ends was rated at; kept when the change is made. */
  rated: readonly RatedPeriod[];
  /** What it was planned for; anything else has moved on since. */
  from: { status: SubscriptionStatus; periodFrom: Date; planId: string; paid: Ratio };
  state: SubscriptionState;
  addOns: readonly AddOn[];
}

export interface Subscription {
  id: string;
  organizationId: string;
  state: SubscriptionState;
  addOns: readonly AddOn[];
  trialEndsAt: Date | null;
  coupon: AppliedCoupon | null;
  /** What renewals are collected from: `wallet`, or null for the method, else a pay link by mail. */
  provider: string | null;
  /** The stored method that renewals are charged to. */
  methodId: string | null;
  latestInvoiceId: string | null;
  /** An invoice that is still to be collected. */
  collectingInvoiceId: string | null;
  /** A change that is made when its invoice is paid. */
  awaiting: AwaitedChange | null;
  overdueSince: Date | null;
  dunningTaken: number;
  /** Whether dunning took the plan away; of one that is over, whether dunning ended it. */
  isSuspended: boolean;
  /** The end of the period of whose end the customer was told. */
  noticedFor: Date | null;
  startedAt: Date;
  endedAt: Date | null;
}

/** How long a first payment is waited for. */
const firstPaymentDays = 3;
/** How long before its end a period's end is told of. */
export const noticeDays = 3;
const dayMs = 86_400_000;

/** When the customer is to be told that the period ends; null where there is nothing to tell. */
export function noticeAtOf({ state, noticedFor }: Subscription): Date | null {
  const { status, period } = state;
  if (status !== 'active' && status !== 'trialing' && status !== 'canceled') return null;
  if (noticedFor && noticedFor >= period.to) return null;
  // Who pays by the day or the week is not told of each.
  if (status === 'active' && period.to.getTime() - period.from.getTime() < 25 * dayMs) return null;
  const at = period.to.getTime() - noticeDays * dayMs;
  return at <= period.from.getTime() ? null : new Date(at);
}

/** What dunning does next; a subscription that is over is not dunned. */
export function dunningStepOf(
  { state, overdueSince, dunningTaken }: Subscription,
  steps: readonly DunningStep[],
): ReturnType<typeof nextDunningStep> {
  if (!overdueSince || state.status === 'expired') return undefined;
  return nextDunningStep(steps, { overdueSince, taken: dunningTaken });
}

/** What operators set about billing. */
export interface BillingRules {
  steps: readonly DunningStep[];
  /** For so long a period that is over waits for use that is reported late, before it is billed. */
  graceHours: number;
}

const hourMs = 3_600_000;

/**
 * When a run bills a period and begins the next. What ends, and what is something else from then on, does not wait; nor
 * does whoever changes a subscription meanwhile.
 */
export function renewsAtOf({ state }: Subscription, { graceHours }: BillingRules): Date | null {
  const { status, terms, pending } = state;
  const at = dueAtOf(state);
  const waits = terms.isMetered && !pending && (status === 'active' || status === 'past_due');
  return at && waits ? new Date(at.getTime() + graceHours * hourMs) : at;
}

/** The next instant at which a run has something to do for it; null: never. */
export function nextDueOf(subscription: Subscription, rules: BillingRules, now: Date): Date | null {
  const { state, startedAt, collectingInvoiceId } = subscription;
  if (collectingInvoiceId !== null) return now;
  if (state.status === 'incomplete') {
    return new Date(startedAt.getTime() + firstPaymentDays * dayMs);
  }
  const step = dunningStepOf(subscription, rules.steps);
  const renewsAt = renewsAtOf(subscription, rules);
  const instants = [renewsAt, noticeAtOf(subscription), step?.at].filter(
    (at) => at instanceof Date,
  );
  return instants.reduce<Date | null>((first, at) => (first && first <= at ? first : at), null);
}

/** Whether a change that was planned for a subscription can still be made as it was. */
export function isStillAwaited({ state }: Subscription, { from }: AwaitedChange): boolean {
  return (
    state.status === from.status &&
    state.period.from.getTime() === from.periodFrom.getTime() &&
    state.terms.planId === from.planId &&
    compare(state.paid, from.paid) === 0
  );
}
