/** Sums of how calls ended, over days and over models. */
import { addSteps } from './latency-steps.ts';

/** What is known of some calls. */
export interface Levels {
  served: number;
  /** By us, or by the upstreams that we chose. */
  failed: number;
  /** Of streams that were served. */
  firstToken: readonly number[];
  /** Of all that were served. */
  whole: readonly number[];
}

/** One row of what was counted. */
export interface CountedLevels {
  startsAt: Date;
  model: string;
  served: number;
  failedHere: number;
  failedUpstream: number;
  firstToken: readonly number[];
  whole: readonly number[];
}

export const noLevels: Levels = { served: 0, failed: 0, firstToken: [], whole: [] };

export function addLevels(sum: Levels, row: Levels): Levels {
  return {
    served: sum.served + row.served,
    failed: sum.failed + row.failed,
    firstToken: addSteps(sum.firstToken, row.firstToken),
    whole: addSteps(sum.whole, row.whole),
  };
}

export function levelsOf({
  served,
  failedHere,
  failedUpstream,
  firstToken,
  whole,
}: CountedLevels): Levels {
  return { served, failed: failedHere + failedUpstream, firstToken, whole };
}

export function callsOf({ served, failed }: Levels): number {
  return served + failed;
}

/** Of all calls, in thousandths of a per cent. */
const all = 100_000;
const thousandths = 1000;

/** Per cent of the calls, in thousandths, rounded down: what failed once is never shown as all. Null without calls. */
export function availabilityPercent(levels: Levels): number | null {
  const calls = callsOf(levels);
  if (calls === 0) return null;
  return Math.floor((levels.served * all) / calls) / thousandths;
}

/** What is missing of all. */
export function errorPercent(levels: Levels): number | null {
  const available = availabilityPercent(levels);
  if (available === null) return null;
  return (all - Math.round(available * thousandths)) / thousandths;
}
