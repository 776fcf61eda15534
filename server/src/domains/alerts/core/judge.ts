/**
 * Whether a figure is beyond what its rule allows: against a threshold, or against the same time of the days before, by
 * their median and the median of their distances to it, which a few odd days do not move. Whole numbers throughout. Pure.
 */
import type { Reading, Rule } from './rule.ts';

export type Judgment =
  | { standing: 'too_few_samples' | 'no_past' }
  | { standing: 'normal' | 'beyond'; limit: bigint; expected: bigint | null };

/** So many days before count as the past. */
export const pastDays = 14;
/** With fewer there is no past yet. */
const pastDaysMin = 5;
/** 1.4826 times the median distance is the standard deviation of what is spread evenly around its middle. */
const deviationTenThousandths = 14_826n;
/** However even the past was: a deviation is a twentieth of the median at least. */
const evenness = 20n;

type Terms = Pick<Rule, 'condition' | 'threshold' | 'deviations' | 'samplesMin'>;

/** `past` holds what the same time came to on each day before on which there was anything to measure. */
export function judge(
  rule: Terms,
  reading: Reading | undefined,
  past: readonly Reading[],
): Judgment {
  const isLow = rule.condition === 'below' || rule.condition === 'unusually_low';
  const isEnough = ({ samples }: Reading) => samples >= BigInt(rule.samplesMin);
  // Few of them is what "too low" is about: there the days of the past must have had enough.
  if (reading === undefined || !(isLow || isEnough(reading))) {
    return { standing: 'too_few_samples' };
  }
  const days = isLow ? past.filter(isEnough) : past;
  const bound = boundOf(
    rule,
    days.map(({ value }) => value),
  );
  if (bound === undefined) return { standing: 'no_past' };
  const { limit, expected } = bound;
  const isBeyond = isLow ? reading.value < limit : reading.value > limit;
  return { standing: isBeyond ? 'beyond' : 'normal', limit, expected };
}

function boundOf(
  { condition, threshold, deviations }: Terms,
  past: readonly bigint[],
): { limit: bigint; expected: bigint | null } | undefined {
  if (condition === 'above' || condition === 'below') {
    return { limit: threshold ?? 0n, expected: null };
  }
  if (past.length < pastDaysMin) return undefined;
  const expected = medianOf(past);
  const distance = medianOf(past.map((value) => absolute(value - expected)));
  const measured = (distance * deviationTenThousandths) / 10_000n;
  const least = expected / evenness;
  const room = BigInt(deviations ?? 0) * (measured > least ? measured : least);
  if (condition === 'unusually_high') return { limit: expected + room, expected };
  return { limit: expected > room ? expected - room : 0n, expected };
}

function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0n;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0n) + upper) / 2n;
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}
