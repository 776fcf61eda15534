/** The overview's days, quiet ones too. */
import { shownDays, type UsageDay } from '../../features/usage/usage-days.ts';
import { dayOf, daysUntil } from '../../ui/zone-days.ts';

interface Counted {
  usage: { from: string; to: string };
  days: { from: string; calls: number; amount: string }[];
}

const halfDayMs = 43_200_000;

/** Days begin at midnight of the deployment's zone; noon names the same day in zones around it. */
export function overviewDays({ usage, days }: Counted, timeZone: string): UsageDay[] {
  const dayAt = (instant: string, shiftMs: number) =>
    dayOf(new Date(Date.parse(instant) + shiftMs), timeZone);
  const byDay = new Map(days.map((day) => [dayAt(day.from, halfDayMs), day]));
  return daysUntil(dayAt(usage.to, -halfDayMs), shownDays).map((day) => {
    const { calls, amount } = byDay.get(day) ?? { calls: 0, amount: '0' };
    return { day, calls, amount };
  });
}
