/** How a subscription begins, and what the end of a period makes of it. */
import { isZero, type Ratio, zero } from '../../../platform/ratio.ts';
import { addDays } from '../../../platform/time.ts';
import type { NewLine } from '../../invoicing/index.ts';
import { after } from './lifecycle.ts';
import { periodAt } from './period.ts';
import { begunAt, isSameInterval } from './plan-change.ts';
import { periodLine, setupLine, trialLine } from './plan-lines.ts';
import { priceOf, type SubscriptionState, type SubscriptionTerms } from './subscription.ts';

export interface Renewal {
  /** For the period that begins; usage of the one that ended is added by who counts it. */
  lines: NewLine[];
  next: SubscriptionState;
}

/** A new subscription, incomplete until its first invoice is paid; a trial comes before the first period. */
export function beginSubscription(
  terms: SubscriptionTerms,
  { at, timeZone, trialDays, setupFee }: Beginning,
): Renewal {
  const waiting = { status: 'incomplete' as const, terms, timeZone, pending: null, cancelAt: null };
  const setup = isZero(setupFee) ? [] : [setupLine(terms, setupFee)];
  if (trialDays === 0) {
    const begun = begunAt(terms, at, timeZone);
    const line = periodLine(terms, { period: begun.period, timeZone });
    return { lines: [...setup, line], next: { ...waiting, ...begun } };
  }
  const period = { from: at, to: addDays(at, trialDays, timeZone) };
  return {
    lines: [...setup, trialLine(terms, { period, timeZone })],
    next: {
      ...{ ...waiting, period, anchorAt: period.to },
      ...{ paid: zero, granted: terms.included, grantedWindows: [], held: null },
    },
  };
}

interface Beginning {
  at: Date;
  timeZone: string;
  /** 0 for none. */
  trialDays: number;
  setupFee: Ratio;
}

/** What follows the period; undefined where the subscription is in no state to renew. */
export function renew(state: SubscriptionState): Renewal | undefined {
  if (state.status === 'canceled') return expired(state);
  const status = after(state.status, state.status === 'trialing' ? 'end_trial' : 'renew');
  if (!status) return undefined;
  const terms = state.pending ?? state.terms;
  const { timeZone } = state;
  const begun = isSameInterval(terms, state.terms)
    ? followed(state, terms)
    : begunAt(terms, state.period.to, timeZone);
  return {
    lines: [periodLine(terms, { period: begun.period, timeZone })],
    next: { ...state, ...begun, status, terms, pending: null },
  };
}

function expired(state: SubscriptionState): Renewal | undefined {
  const status = after(state.status, 'expire');
  return status && { lines: [], next: { ...state, status } };
}

/** The next period of the same anchor: the 31st comes back after a short month. */
function followed(state: SubscriptionState, terms: SubscriptionTerms): ReturnType<typeof begunAt> {
  const { anchorAt, timeZone } = state;
  const cycle = { anchor: anchorAt, interval: terms.interval, timeZone };
  const { from, to } = periodAt(cycle, state.period.to);
  return {
    ...{ anchorAt, period: { from, to } },
    ...{ paid: priceOf(terms), granted: terms.included, grantedWindows: [], held: null },
  };
}
