/** When to ask a provider about a payment again: soon while the payer is there, ever more rarely after. */
const minuteMs = 60_000;
const distancesMinutes = [1, 1, 2, 4, 8, 16, 32];
const distanceMaxMinutes = 60;

/** The instant of the next query after `queries` of them. */
export function nextQueryAt(now: Date, queries: number): Date {
  const minutes = distancesMinutes[queries] ?? distanceMaxMinutes;
  return new Date(now.getTime() + minutes * minuteMs);
}

/** A person waiting on the page may ask more often than the schedule, but not more often than this. */
export const pageQueryDistanceMs = 2_000;
