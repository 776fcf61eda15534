/** Usage points become one row for each of the last days, quiet ones too. */
import type { Answer } from '../../api/call.ts';
import { shownDays, type UsageDay } from '../../features/usage/usage-days.ts';
import { dayOf, daysUntil } from '../../ui/zone-days.ts';

type UsagePoint = Answer<'getUsage'>['data'][number];

export function historyOf(
  points: UsagePoint[],
  { now, timeZone }: { now: Date; timeZone: string },
): UsageDay[] {
  const byDay = new Map(points.map((point) => [dayOf(new Date(point.from), timeZone), point]));
  return daysUntil(dayOf(now, timeZone), shownDays).map((day) => {
    const point = byDay.get(day);
    if (!point) return { day, calls: 0, tokens: 0, amount: '0' };
    const { calls, input_tokens, output_tokens, amount } = point;
    return { day, calls, tokens: input_tokens + output_tokens, amount };
  });
}
