/**
 * When each of a package's allowances may be spent. N paid days have N allowances: the purchase day's from the purchase
 * to midnight, then whole days; what is left of the last day, up to the hour of the purchase, continues the purchase
 * day's allowance. So a package bought at 23:30 gives no second allowance half an hour later that was not paid for.
 */
import { addDays, startOfDay, startOfNextDay } from '../../../platform/time.ts';

export interface Window {
  /** Which of the package's days, from 0. */
  day: number;
  opensAt: Date;
  closesAt: Date;
  /** The purchase day's allowance rests between its first midnight and the last, partial day. */
  pause: { from: Date; until: Date } | null;
}

export interface PackagePeriod {
  startsAt: Date;
  durationDays: number;
  /** The zone it was sold in. */
  timeZone: string;
}

/** The end is the same wall-clock time `durationDays` calendar days later. */
export function packageEnd({ startsAt, durationDays, timeZone }: PackagePeriod): Date {
  return addDays(startsAt, durationDays, timeZone);
}

/** One window per paid day; at every instant of the period exactly one is open. */
export function packageWindows(period: PackagePeriod): Window[] {
  const { startsAt, durationDays } = period;
  const endsAt = packageEnd(period);
  const firstMidnight = soldMidnight(period, 1);
  const lastMidnight = soldMidnight(period, durationDays);
  const continues = lastMidnight < endsAt;
  const first: Window = {
    day: 0,
    opensAt: startsAt,
    closesAt: continues ? endsAt : earlier(firstMidnight, endsAt),
    pause:
      continues && firstMidnight < lastMidnight
        ? { from: firstMidnight, until: lastMidnight }
        : null,
  };
  const others = Array.from({ length: durationDays - 1 }, (_, index): Window => {
    const day = index + 1;
    return {
      day,
      opensAt: soldMidnight(period, day),
      closesAt: soldMidnight(period, day + 1),
      pause: null,
    };
  });
  return [first, ...others];
}

/** An allowance that is not over. */
export interface CurrentWindow {
  id: string;
  day: number;
  opensAt: Date;
  closesAt: Date;
  pauseFrom: Date | null;
}

export interface MovedWindow {
  id: string;
  opensAt: Date;
  closesAt: Date;
  /** Null where there is no pause. */
  pauseUntil: Date | null;
}

/**
 * Moves what has not opened yet to the midnights of a new zone. The next reset stays where it was; after it, no day
 * opens before the midnight that it was sold for. So a change of zone brings no reset forward and opens no extra
 * window, however often it is repeated; the day after the next reset is longer instead.
 */
export function recutWindows(
  period: PackagePeriod,
  windows: readonly CurrentWindow[],
  change: { at: Date; timeZone: string },
): MovedWindow[] {
  const unopened = windows
    .filter(({ opensAt }) => opensAt > change.at)
    .sort((one, other) => one.day - other.day);
  const next = unopened[0];
  if (!next) return [];

  const endsAt = packageEnd(period);
  const moved: MovedWindow[] = [];
  let opensAt = next.opensAt;
  for (const { id, day } of unopened) {
    const isLast = day === period.durationDays - 1;
    const sold = soldMidnight(period, day + 1);
    const closesAt = resetBetween({ sold, after: opensAt, endsAt, isLast }, change.timeZone);
    moved.push({ id, opensAt, closesAt, pauseUntil: null });
    opensAt = closesAt;
  }
  const resting = windows.find(({ pauseFrom }) => pauseFrom !== null);
  if (resting) {
    const { id, opensAt: opened, closesAt } = resting;
    moved.push({ id, opensAt: opened, closesAt, pauseUntil: opensAt });
  }
  return moved;
}

/** The new zone's first midnight not before the one that was sold, within what is left of the package. */
function resetBetween(
  bounds: { sold: Date; after: Date; endsAt: Date; isLast: boolean },
  timeZone: string,
): Date {
  const { sold, after, endsAt, isLast } = bounds;
  let reset = firstMidnightFrom(sold, timeZone);
  if (reset <= after) reset = startOfNextDay(after, timeZone);
  if (reset < endsAt) return reset;
  // Days that no longer fit before the end share what is left of it.
  return isLast ? endsAt : new Date((after.getTime() + endsAt.getTime()) / 2);
}

function firstMidnightFrom(at: Date, timeZone: string): Date {
  const today = startOfDay(at, timeZone);
  return today.getTime() === at.getTime() ? today : startOfNextDay(at, timeZone);
}

function soldMidnight({ startsAt, timeZone }: PackagePeriod, day: number): Date {
  return startOfNextDay(startsAt, timeZone, day);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
