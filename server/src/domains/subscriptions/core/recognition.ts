/** When a package's price is earned: a share with each whole day, all shares together exactly the price. */
import { addDays } from '../../../platform/time.ts';

export interface Term {
  startsAt: Date;
  timeZone: string;
  durationDays: number;
}

const dayMs = 86_400_000;

/** Whole days that have passed since the start, at most all of them; a day of 23 or 25 hours is one day. */
export function elapsedDays({ startsAt, timeZone, durationDays }: Term, now: Date): number {
  // At least one too many, whatever the zone did to its clocks.
  let days = Math.min(Math.floor((now.getTime() - startsAt.getTime()) / dayMs) + 2, durationDays);
  while (days > 0 && addDays(startsAt, days, timeZone) > now) days -= 1;
  return Math.max(days, 0);
}

/** What is earned after so many of the days: rounded down, until the last day brings the rest. */
export function earnedMinor(priceMinor: bigint, days: number, durationDays: number): bigint {
  return (priceMinor * BigInt(days)) / BigInt(durationDays);
}

export interface Recognition {
  days: number;
  /** Earned in all. */
  earnedMinor: bigint;
  /** When the next day's share is earned; null when all is. */
  nextAt: Date | null;
}

/** How far recognition has come by now. */
export function recognize(term: Term & { priceMinor: bigint }, now: Date): Recognition {
  const days = elapsedDays(term, now);
  const isDone = days >= term.durationDays || term.priceMinor === 0n;
  return {
    days,
    earnedMinor: earnedMinor(term.priceMinor, days, term.durationDays),
    nextAt: isDone ? null : addDays(term.startsAt, days + 1, term.timeZone),
  };
}
