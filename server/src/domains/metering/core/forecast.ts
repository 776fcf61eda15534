/**
 * What a period will come to, from what each day came to before: every weekday as it was on average, and a range as wide
 * as the weekdays scattered. Amounts are whole numbers of whatever is added up.
 */
import { add, multiply, type Ratio, ratio, roundHalfUp, zero } from '../../../platform/ratio.ts';

export interface Forecast {
  expected: bigint;
  /** Four periods in five are expected to end between these. */
  low: bigint;
  high: bigint;
}

export interface Known {
  /** Whole days, one after the other, the last of them yesterday. */
  past: readonly bigint[];
  /** What the period has come to by now. */
  spent: bigint;
  /** Of each day that follows, today first, the share that is still to come. */
  rest: readonly Ratio[];
}

const weekdays = 7;
/** Older days say little of the next. */
const daysMax = 8 * weekdays;
/** Of the spread of a sum, so that a tenth lies below and a tenth above. */
const width = ratio(1282n, 1000n);

/** Without any use before, what has been spent is all that is expected. */
export function forecast({ past, spent, rest }: Known): Forecast {
  const days = sinceFirstUse(past.slice(-daysMax));
  if (days.length === 0) return { expected: spent, low: spent, high: spent };
  const kinds = Array.from({ length: weekdays }, (_, offset) => {
    // The day that follows, and every seventh after it, are of one kind with every seventh before.
    const alike = days.filter((_day, index) => (days.length + offset - index) % weekdays === 0);
    const shares = rest.filter((_share, index) => index % weekdays === offset);
    return { alike: alike.length > 0 ? alike : days, shares };
  });
  let coming = zero;
  let variance = zero;
  for (const { alike, shares } of kinds) {
    const many = shares.reduce(add, zero);
    const squares = shares.map((share) => multiply(share, share)).reduce(add, zero);
    const { mean, spread } = scatterOf(alike);
    coming = add(coming, multiply(many, mean));
    // The days scatter each by itself, and the mean that they share is off by as much again for all of them.
    const meanIsOff = multiply(multiply(many, many), ratio(1n, BigInt(alike.length)));
    variance = add(variance, multiply(spread, add(squares, meanIsOff)));
  }
  const margin = roundHalfUp(multiply(width, ratio(squareRoot(roundHalfUp(variance)))));
  const expected = spent + roundHalfUp(coming);
  // What was spent stays spent.
  return { expected, low: larger(spent, expected - margin), high: expected + margin };
}

/** How far a forecast was off that was made in the past, with nothing but what was known then. */
export interface BackTest extends Forecast {
  actual: bigint;
}

/**
 * Forecasts a period of `length` days that is over, as of the end of so many of its days. `days` are whole ones that end
 * with the period. Undefined where nothing was known then to forecast from.
 */
export function backTest(
  days: readonly bigint[],
  { length, asOf }: { length: number; asOf: number },
): BackTest | undefined {
  const start = days.length - length;
  const past = days.slice(0, start + asOf);
  if (start < 0 || sinceFirstUse(past.slice(-daysMax)).length === 0) return undefined;
  const total = (part: readonly bigint[]) => part.reduce((sum, amount) => sum + amount, 0n);
  const rest = days.slice(start + asOf).map(() => ratio(1n));
  const made = forecast({ past, spent: total(days.slice(start, start + asOf)), rest });
  return { ...made, actual: total(days.slice(start)) };
}

/** Days before the first use say nothing of those after it. */
function sinceFirstUse(days: readonly bigint[]): readonly bigint[] {
  const first = days.findIndex((amount) => amount !== 0n);
  return first < 0 ? [] : days.slice(first);
}

function scatterOf(amounts: readonly bigint[]): { mean: Ratio; spread: Ratio } {
  const count = BigInt(amounts.length);
  const sum = amounts.reduce((so, amount) => so + amount, 0n);
  if (count === 1n) return { mean: ratio(sum), spread: multiply(ratio(sum), ratio(sum)) };
  const squares = amounts.reduce((so, amount) => so + amount * amount, 0n);
  return {
    mean: ratio(sum, count),
    spread: ratio(squares * count - sum * sum, count * (count - 1n)),
  };
}

/** The largest whole number whose square is not above. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
