/**
 * Whether an hour's or day's usage stands out of an organization's own past: the same time of day and week in the weeks
 * before, by their median and the median of their distances to it, which a few wild weeks do not move. Whole numbers
 * throughout. Pure.
 */

export interface Slot {
  startsAt: Date;
  /** Of cost or of calls. */
  value: bigint;
}

export type Span = 'hour' | 'day';

const hourMs = 3_600_000;
const weekMs = 168 * hourMs;
export const spanMs: Record<Span, number> = { hour: hourMs, day: 24 * hourMs };

/** So far back it is compared. */
export const weeks = 8;
/** Hours are compared with their neighbors, too: people are not punctual, and summer time moves them by one. */
const neighborsOf: Record<Span, readonly number[]> = { hour: [-hourMs, 0, hourMs], day: [0] };
/** Fewer are no past: the first three weeks of an organization raise nothing. */
const samplesMin: Record<Span, number> = { hour: 9, day: 4 };

/** 1.4826 times the median distance is the standard deviation of what is spread evenly around its middle. */
const deviationTenThousandths = 14_826n;
/** So many deviations above the median … */
const deviations = 8n;
/** … and not just because the past was very even: a deviation is a tenth of the median at least. */
const evenness = 10n;

export interface Anomaly {
  value: bigint;
  expected: bigint;
}

export interface Question {
  span: Span;
  slot: Slot;
  /** What was used in the slots before, by the milliseconds at which they began; others had no use. */
  past: ReadonlyMap<number, bigint>;
  /** The first one ever; before it there is no past, after it a slot without use is one of nothing. */
  since: Date;
  /** Less than this is nobody's worry. */
  valueMin: bigint;
}

export function findAnomaly({ span, slot, past, since, valueMin }: Question): Anomaly | undefined {
  if (slot.value < valueMin) return undefined;
  const samples = samplesOf({ span, slot, past, since });
  if (samples.length < samplesMin[span]) return undefined;
  const expected = medianOf(samples);
  const distance = medianOf(samples.map((value) => absolute(value - expected)));
  const measured = (distance * deviationTenThousandths) / 10_000n;
  const least = expected / evenness;
  const deviation = measured > least ? measured : least;
  const highest = samples.reduce((most, value) => (value > most ? value : most), 0n);
  const standsOut =
    slot.value > expected + deviations * deviation &&
    slot.value > 2n * expected &&
    // By half above all that was there before: a wild past alarms rarely.
    2n * slot.value > 3n * highest;
  return standsOut ? { value: slot.value, expected } : undefined;
}

function samplesOf({ span, slot, past, since }: Omit<Question, 'valueMin'>): bigint[] {
  const samples: bigint[] = [];
  for (let week = 1; week <= weeks; week += 1) {
    for (const offset of neighborsOf[span]) {
      const at = slot.startsAt.getTime() - week * weekMs + offset;
      if (at < since.getTime()) continue;
      samples.push(past.get(at) ?? 0n);
    }
  }
  return samples;
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
