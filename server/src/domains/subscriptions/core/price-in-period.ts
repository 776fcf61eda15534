/** What a change of terms within a period charges and gives back, and what it lets be used. */
import {
  add,
  compare,
  divide,
  greatest,
  isPositive,
  least,
  multiply,
  type Ratio,
  subtract,
  sum,
  zero,
} from '../../../platform/ratio.ts';
import { startOfNextDay } from '../../../platform/time.ts';
import {
  type OpenWindow,
  returnableShare,
  type Tail,
  windowChanges,
  windowsAfter,
} from './open-windows.ts';
import type { Period } from './period.ts';
import { type Proration, shareOf, unusedShare } from './proration.ts';
import {
  type MeterAmount,
  priceOf,
  type SubscriptionState,
  type SubscriptionTerms,
} from './subscription.ts';

interface PricedChange extends Pick<SubscriptionState, 'granted' | 'grantedWindows' | 'held'> {
  /** Given back; not negative. */
  credit: Ratio;
  charge: Ratio;
}

interface Used {
  used: readonly MeterAmount[];
  open?: readonly OpenWindow[];
}

/**
 * The rest of the period is the head, which is used up with the change (today by days, all of it without proration), and
 * the tail, which can be given back. The head costs the highest price that it was ever had at, once.
 */
export function priceInPeriod(
  state: SubscriptionState,
  { to, used, open = [] }: Used & { to: SubscriptionTerms },
  at: Date,
): PricedChange {
  const { head, tail, headEndsAt } = restOf(state, at);
  const windows = windowChanges({ from: state.terms, to }, state.grantedWindows, open);
  const [old, price] = [priceOf(state.terms), priceOf(to)];
  const isHeld = state.held !== null && at < state.held.until;
  const headPaid = isHeld && state.held ? greatest(state.held.price, old) : old;
  const headOwed = greatest(zero, subtract(price, headPaid));
  const unused = unusedShareOf(state, { to: to.included, used });
  const givenBack = least(unused, returnableShare(windows, tail));
  const isUp = compare(price, old) >= 0;
  // A lower price is charged only for what the higher one is given back for; what begins anew within it is paid for.
  const isPaid = isUp || windows.some((window) => compare(window.to, window.from) > 0);
  const charged = isPaid ? tail.share : givenBack;
  const headCredit = isPositive(headOwed) ? multiply(headPaid, head) : zero;
  const headCharge = isPositive(headOwed) ? multiply(price, head) : zero;
  // What the head's price pays for is measurable only where nothing is taken in exchange.
  const headShare =
    isPositive(headOwed) && !takesAny(state.terms, to) && windows.every(isKept)
      ? divide(headOwed, subtract(price, old))
      : zero;
  const paidShare = add(charged, multiply(head, headShare));
  const headSpan = { from: at, to: headEndsAt ?? at, paid: headShare };
  return {
    credit: add(multiply(old, givenBack), headCredit),
    charge: add(multiply(price, charged), headCharge),
    granted: grantedAfter(state, to.included, { paidShare, givenBack }),
    grantedWindows: windowsAfter(windows, tail, { givenBack, head: headSpan }),
    held: headEndsAt && { until: headEndsAt, price: greatest(price, headPaid) },
  };
}

function isKept({ from, to }: { from: Ratio; to: Ratio }): boolean {
  return compare(to, from) >= 0;
}

/** What is given back of a period that ends at an instant. */
export function unusedOf(state: SubscriptionState, { used, open = [] }: Used, at: Date): Ratio {
  const { tail } = restOf(state, at);
  const nothing = { windows: [] };
  const windows = windowChanges({ from: state.terms, to: nothing }, state.grantedWindows, open);
  const unused = unusedShareOf(state, { to: [], used });
  const share = least(unused, returnableShare(windows, tail));
  return least(multiply(priceOf(state.terms), share), greatest(zero, state.paid));
}

/** The largest share of what the terms include that can be taken back without taking what is used. */
function unusedShareOf(
  { terms, granted }: SubscriptionState,
  { to, used }: { to: readonly MeterAmount[]; used: readonly MeterAmount[] },
): Ratio {
  const shares = terms.included.flatMap(({ meterId, amount }) => {
    const taken = subtract(amount, amountOf(to, meterId));
    if (!isPositive(taken)) return [];
    const left = subtract(amountOf(granted, meterId), amountOf(used, meterId));
    return [divide(greatest(zero, left), taken)];
  });
  return shares.reduce(least, { numerator: 1n, denominator: 1n });
}

function takesAny(from: SubscriptionTerms, to: SubscriptionTerms): boolean {
  return from.included.some(
    ({ meterId, amount }) => compare(amountOf(to.included, meterId), amount) < 0,
  );
}

function grantedAfter(
  { terms, granted }: SubscriptionState,
  included: readonly MeterAmount[],
  { paidShare, givenBack }: { paidShare: Ratio; givenBack: Ratio },
): MeterAmount[] {
  const meterIds = new Set([...granted, ...included].map(({ meterId }) => meterId));
  return [...meterIds].map((meterId) => {
    const more = subtract(amountOf(included, meterId), amountOf(terms.included, meterId));
    const share = isPositive(more) ? paidShare : givenBack;
    return { meterId, amount: add(amountOf(granted, meterId), multiply(more, share)) };
  });
}

function amountOf(amounts: readonly MeterAmount[], meterId: string): Ratio {
  return sum(amounts.filter((one) => one.meterId === meterId).map(({ amount }) => amount));
}

function restOf(
  { terms, period, timeZone, held }: SubscriptionState,
  at: Date,
): { head: Ratio; tail: Tail; headEndsAt: Date | null } {
  const proration: Proration = { rule: terms.proration, timeZone };
  const full = shareOf({ from: at, to: period.to }, period, proration);
  const ownEnd = headEndOf(period, proration, at);
  // What is paid whatever is changed stays so under a plan that bills by another rule.
  const isHeldLonger = held !== null && held.until > (ownEnd ?? at);
  const headEndsAt = isHeldLonger ? held.until : ownEnd;
  const after = isHeldLonger ? { at: held.until, headEndsAt } : { at, headEndsAt };
  const share = least(full, tailOf(period, proration, after));
  const tail = { from: headEndsAt ?? at, to: period.to, share };
  return { head: subtract(full, share), tail, headEndsAt };
}

function headEndOf(period: Period, { rule, timeZone }: Proration, at: Date): Date | null {
  if (rule === 'second') return null;
  if (rule === 'none') return period.to;
  return new Date(Math.min(startOfNextDay(at, timeZone).getTime(), period.to.getTime()));
}

function tailOf(
  period: Period,
  proration: Proration,
  { at, headEndsAt }: { at: Date; headEndsAt: Date | null },
): Ratio {
  if (at >= period.to) return zero;
  if (proration.rule !== 'thirty_days' || !headEndsAt) return unusedShare(at, period, proration);
  return greatest(zero, shareOf({ from: headEndsAt, to: period.to }, period, proration));
}
