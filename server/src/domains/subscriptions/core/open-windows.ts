/**
 * Quotas whose windows are shorter than the period, such as a day's within a month: each window is had for its own share
 * of the price, so a change gives and takes, in the window that runs, what it charges and gives back of that window's time.
 */
import {
  add,
  compare,
  divide,
  greatest,
  isPositive,
  least,
  multiply,
  type Ratio,
  ratio,
  subtract,
  sum,
  zero,
} from '../../../platform/ratio.ts';
import type { Period } from './period.ts';
import type { GrantedWindow, SubscriptionTerms, WindowAmount } from './subscription.ts';

/** The window that runs as something is changed, no longer than the period, and what is used within it. */
export interface OpenWindow extends Period {
  meterId: string;
  window: WindowAmount['window'];
  /** Of the whole window, in milliseconds. */
  lengthMs: number;
  used: Ratio;
}

/** The part of a period that a change charges and gives back for, and its share of the period's price. */
export interface Tail extends Period {
  share: Ratio;
}

interface WindowChange {
  open: OpenWindow;
  from: Ratio;
  to: Ratio;
  /** What may be used within the window as it is. */
  granted: Ratio;
}

/** Every window that either of two plans has, as it runs now. */
export function windowChanges(
  terms: { from: SubscriptionTerms; to: Pick<SubscriptionTerms, 'windows'> },
  granted: readonly GrantedWindow[],
  open: readonly OpenWindow[],
): WindowChange[] {
  return open.map((one) => {
    const [from, to] = [amountIn(terms.from.windows, one), amountIn(terms.to.windows, one)];
    const kept = granted.find((of) => isSame(of, one) && of.until >= one.to);
    return { open: one, from, to, granted: kept?.amount ?? from };
  });
}

/** The largest share of the period that can be given back without taking what is used of the window that runs. */
export function returnableShare(changes: readonly WindowChange[], tail: Tail): Ratio {
  return changes.reduce((share, { open, from, to, granted }) => {
    const taken = subtract(from, to);
    if (!isPositive(taken)) return share;
    const { within, later } = split(open, tail);
    const had = timeShare(open, tail);
    const left = divide(greatest(zero, subtract(granted, open.used)), taken);
    const returnable = isPositive(had) ? multiply(within, least(one, divide(left, had))) : zero;
    return least(share, add(later, returnable));
  }, tail.share);
}

/** What may be used within the windows that run after a change that charges and gives back so much of the period. */
export function windowsAfter(
  changes: readonly WindowChange[],
  tail: Tail,
  {
    givenBack,
    head,
  }: { givenBack: Ratio; head: Period & { /** Of what the head costs more. */ paid: Ratio } },
): GrantedWindow[] {
  return changes.flatMap(({ open, from, to, granted }) => {
    const more = subtract(to, from);
    const shares = isPositive(more)
      ? [timeShare(open, tail), multiply(head.paid, timeShare(open, head))]
      : [returnedShare(open, tail, givenBack)];
    const amount = add(granted, multiply(more, sum(shares)));
    const { meterId, window } = open;
    return compare(amount, to) === 0 ? [] : [{ meterId, window, until: open.to, amount }];
  });
}

/** Of the window that runs, where so much of the period is given back: later windows are given back first. */
function returnedShare(open: OpenWindow, tail: Tail, givenBack: Ratio): Ratio {
  const { within, later } = split(open, tail);
  if (!isPositive(within)) return zero;
  const share = divide(greatest(zero, subtract(givenBack, later)), within);
  return multiply(timeShare(open, tail), least(one, share));
}

/** The tail's share of the period's price: what of it lies within the window, and what later. */
function split(open: OpenWindow, tail: Tail): { within: Ratio; later: Ratio } {
  const length = tail.to.getTime() - tail.from.getTime();
  if (length <= 0) return { within: zero, later: zero };
  const inside = ratio(BigInt(overlapMs(open, tail)), BigInt(length));
  const within = multiply(tail.share, inside);
  return { within, later: subtract(tail.share, within) };
}

/** The share of a window's own time that lies within a span. */
function timeShare(open: OpenWindow, span: Period): Ratio {
  return ratio(BigInt(overlapMs(open, span)), BigInt(open.lengthMs));
}

function overlapMs(a: Period, b: Period): number {
  const from = Math.max(a.from.getTime(), b.from.getTime());
  return Math.max(0, Math.min(a.to.getTime(), b.to.getTime()) - from);
}

const one = ratio(1n);

function amountIn(
  windows: readonly WindowAmount[],
  { meterId, window }: Pick<OpenWindow, 'meterId' | 'window'>,
): Ratio {
  return windows.find((of) => of.meterId === meterId && of.window === window)?.amount ?? zero;
}

function isSame(a: GrantedWindow, b: OpenWindow): boolean {
  return a.meterId === b.meterId && a.window === b.window;
}
