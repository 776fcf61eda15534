/**
 * Every change of a subscription as a pure plan: what it invoices and what it makes of the subscription. A preview shows
 * the plan and the change stores it.
 *
 * Nothing is to be had by going up and down. What is given back is never more than the share of time that is left, and
 * never more than the share of what the price included that was not used; what may be used within the period grows and
 * shrinks by the shares that are paid and given back.
 */
import { negate, type Ratio, sum, zero } from '../../../platform/ratio.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { directionOf } from './direction.ts';
import { after, type SubscriptionEvent } from './lifecycle.ts';
import type { OpenWindow } from './open-windows.ts';
import { type Period, periodNumber } from './period.ts';
import { changeLines, periodLine, unusedLines } from './plan-lines.ts';
import { priceInPeriod, unusedOf } from './price-in-period.ts';
import {
  type MeterAmount,
  priceOf,
  type SubscriptionState,
  type SubscriptionTerms,
} from './subscription.ts';

export type SubscriptionChange =
  /** Without `when`: up or alike now, down at the period's end. `used` is of this period, as in `granted`. */
  | {
      kind: 'switch';
      to: SubscriptionTerms;
      when?: 'now' | 'period_end';
      used: readonly MeterAmount[];
      /** Those that run of every quota that either plan has with a window shorter than its period. */
      open?: readonly OpenWindow[];
    }
  | {
      kind: 'cancel';
      when: 'now' | 'period_end';
      used: readonly MeterAmount[];
      open?: readonly OpenWindow[];
    }
  | { kind: 'pause' }
  | { kind: 'resume' };

export type ChangePlan =
  | { allowed: true; effect: 'now' | 'period_end'; lines: NewLine[]; next: SubscriptionState }
  | { allowed: false; reason: 'invalid_state' | 'wrong_currency' };

/** `at` lies within the period, unless the subscription is paused. */
export function planChange(
  state: SubscriptionState,
  change: SubscriptionChange,
  at: Date,
): ChangePlan {
  switch (change.kind) {
    case 'switch':
      return planSwitch(state, change, at);
    case 'cancel':
      return planCancel(state, change, at);
    case 'pause':
      return moved(state, 'pause', { pending: null });
    case 'resume':
      return planResume(state, at);
  }
}

type Switch = Extract<SubscriptionChange, { kind: 'switch' }>;
type Cancel = Extract<SubscriptionChange, { kind: 'cancel' }>;

function planSwitch(state: SubscriptionState, change: Switch, at: Date): ChangePlan {
  const { to } = change;
  if (to.currency !== state.terms.currency) return { allowed: false, reason: 'wrong_currency' };
  if (state.status === 'trialing') {
    // Nothing is paid for a trial, and nothing given back.
    const granted = { granted: to.included, grantedWindows: [] };
    return moved(state, 'change', { terms: to, pending: null, ...granted });
  }
  const direction = directionOf(recurring(state.terms), recurring(to));
  const when = change.when ?? (direction === 'down' ? 'period_end' : 'now');
  if (when === 'period_end') {
    const planned = moved(state, 'change', { pending: to });
    return planned.allowed ? { ...planned, effect: 'period_end' } : planned;
  }
  return isSameInterval(state.terms, to)
    ? switchWithin(state, change, at)
    : switchAnew(state, change, at);
}

function switchWithin(state: SubscriptionState, change: Switch, at: Date): ChangePlan {
  const { terms, period, timeZone, paid } = state;
  const { to } = change;
  const { credit, charge, ...given } = priceInPeriod(state, change, at);
  const span = { period: { from: at, to: period.to }, timeZone };
  const lines = changeLines({ from: terms, credit, to, charge }, span);
  const next = { terms: to, pending: null, paid: sum([paid, negate(credit), charge]) };
  return moved(state, 'change', { ...next, ...given }, lines);
}

/** Another interval begins a period of its own, and what it includes anew. */
function switchAnew(state: SubscriptionState, change: Switch, at: Date): ChangePlan {
  const { to } = change;
  const { terms, timeZone } = state;
  const rest = { period: { from: at, to: state.period.to }, timeZone };
  const credit = unusedOf(state, change, at);
  const begun = begunAt(to, at, timeZone);
  const lines = [
    ...unusedLines(terms, credit, rest),
    periodLine(to, { period: begun.period, timeZone }),
  ];
  return moved(state, 'change', { terms: to, pending: null, ...begun }, lines);
}

function planCancel(state: SubscriptionState, change: Cancel, at: Date): ChangePlan {
  const { when } = change;
  const { terms, period, timeZone } = state;
  if (when === 'period_end') {
    const planned = moved(state, 'cancel_at_end', { cancelAt: period.to, pending: null });
    return planned.allowed ? { ...planned, effect: 'period_end' } : planned;
  }
  const credit = refundOf(state, change, at);
  const lines = unusedLines(terms, credit, { period: { from: at, to: period.to }, timeZone });
  const paid = sum([state.paid, negate(credit)]);
  return moved(state, 'cancel_now', { cancelAt: at, pending: null, paid }, lines);
}

function refundOf(state: SubscriptionState, change: Cancel, at: Date): Ratio {
  const { refund } = state.terms;
  if (refund === 'none' || at >= state.period.to) return zero;
  return refund === 'full' ? state.paid : unusedOf(state, change, at);
}

/** What is paid goes on while it lasts, also over a pause; after it a new period begins. */
function planResume(state: SubscriptionState, at: Date): ChangePlan {
  if (at < state.period.to) return moved(state, 'resume', { cancelAt: null });
  const { terms, timeZone } = state;
  const begun = begunAt(terms, at, timeZone);
  return moved(state, 'resume', { ...begun, cancelAt: null }, [
    periodLine(terms, { period: begun.period, timeZone }),
  ]);
}

/** The first period of terms that begin at an instant, paid in advance. */
export function begunAt(
  terms: SubscriptionTerms,
  anchorAt: Date,
  timeZone: string,
): Pick<SubscriptionState, 'anchorAt' | 'period' | 'paid' | 'granted' | 'grantedWindows' | 'held'> {
  const period: Period = periodNumber({ anchor: anchorAt, interval: terms.interval, timeZone }, 0);
  const granted = { granted: terms.included, grantedWindows: [] };
  return { anchorAt, period, paid: priceOf(terms), ...granted, held: null };
}

export function isSameInterval(a: SubscriptionTerms, b: SubscriptionTerms): boolean {
  return a.interval.unit === b.interval.unit && a.interval.count === b.interval.count;
}

function recurring(terms: SubscriptionTerms) {
  return { amount: priceOf(terms), interval: terms.interval };
}

function moved(
  state: SubscriptionState,
  event: SubscriptionEvent,
  changes: Partial<SubscriptionState>,
  lines: NewLine[] = [],
): ChangePlan {
  const status = after(state.status, event);
  if (!status) return { allowed: false, reason: 'invalid_state' };
  return { allowed: true, effect: 'now', lines, next: { ...state, ...changes, status } };
}
