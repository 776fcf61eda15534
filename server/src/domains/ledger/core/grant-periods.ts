/** When a grant may be spent, and what becomes of the rest. */
import { addIntervals, type Interval } from '../../../platform/time.ts';

export interface GrantTerms {
  startsAt: Date;
  /** Null: never. */
  endsAt: Date | null;
  /** Null: it is given once. */
  recurrence: Recurrence | null;
}

export interface Recurrence {
  /** How long each period is, counted from the beginning, so that the 31st comes back. */
  interval: Interval;
  timeZone: string;
  /** The most that is carried into the next period. */
  rolloverMax: bigint;
}

/** The period of that number, from 0; undefined after the last. */
export function grantPeriod(
  { startsAt, endsAt, recurrence }: GrantTerms,
  number: number,
): { from: Date; to: Date | null } | undefined {
  if (!recurrence) return number === 0 ? { from: startsAt, to: endsAt } : undefined;
  const { interval, timeZone } = recurrence;
  const from = addIntervals(startsAt, interval, number, timeZone);
  if (endsAt !== null && from >= endsAt) return undefined;
  const next = addIntervals(startsAt, interval, number + 1, timeZone);
  return { from, to: endsAt !== null && endsAt < next ? endsAt : next };
}

export interface EndedPeriod {
  /** What is left in it. */
  available: bigint;
  /** What calls in flight may still give back. */
  held: bigint;
  /** What was carried on before. */
  carried: bigint;
  rolloverMax: bigint;
  /** Whether there is a period to carry into. */
  hasNext: boolean;
}

/** Carries into the next period what may be, and lets the rest expire. */
export function endPeriod({ available, held, carried, rolloverMax, hasNext }: EndedPeriod): {
  carry: bigint;
  expire: bigint;
  isClosed: boolean;
} {
  const room = hasNext && rolloverMax > carried ? rolloverMax - carried : 0n;
  const carry = available < room ? available : room;
  return { carry, expire: available - carry, isClosed: held === 0n };
}
