/** What was used of a meter in a period, as one exact quantity in the meter's unit. Nothing used is zero. */
import type { Aggregation, MeterUnit } from '@sluice/contract/meters';
import { type Ratio, ratio } from '../../../platform/ratio.ts';
import type { Span } from './weighted-sum.ts';

/** From which instant a meter's quantity in a period is computed, and what of. */
export type Source = 'sums' | 'sums_since_ever' | 'values' | 'weights';

/**
 * A level stands until it changes, so its sum or latest value at the end of a period is made of all that came before. The
 * sum of a flow is of the period alone.
 */
export function sourceOf(meter: { aggregation: Aggregation; kind: 'flow' | 'level' }): Source {
  if (meter.aggregation === 'unique') return 'values';
  if (meter.aggregation === 'weighted_sum') return 'weights';
  return meter.kind === 'level' ? 'sums_since_ever' : 'sums';
}

/** Sums in the meter's smallest parts. */
export interface PartSums {
  total: bigint;
  maximum: bigint;
  latest: bigint;
}

/** What the sums say by the meter's aggregation, in smallest parts. */
export function aggregated(sums: PartSums, aggregation: Aggregation): bigint {
  if (aggregation === 'max') return sums.maximum;
  return aggregation === 'latest' ? sums.latest : sums.total;
}

/** What stood at the beginning, and what was added times how long it stood, over the length of the period. */
export function meanOver(standing: bigint, weighedMicros: bigint, { from, to }: Span): Ratio {
  const lengthMicros = BigInt(to.getTime() - from.getTime()) * 1000n;
  return ratio(standing * lengthMicros + weighedMicros, lengthMicros);
}

const partsPerUnit: Record<MeterUnit, bigint> = {
  count: 1n,
  tokens: 1n,
  gb: 1_000_000_000n,
  money: 1_000_000_000n,
};

/** Smallest parts as units. */
export function inUnits({ numerator, denominator }: Ratio, unit: MeterUnit): Ratio {
  return ratio(numerator, denominator * partsPerUnit[unit]);
}
