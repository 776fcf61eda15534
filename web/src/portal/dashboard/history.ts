/** Usage points become one row for each of the last days, quiet ones too. */
import type { Answer } from '../../api/call.ts';
import { dayOf, daysUntil } from '../../ui/zone-days.ts';

type UsagePoint = Answer<'getUsage'>['data'][number];

export interface HistoryDay {
  day: string;
  calls: number;
  tokens: number;
  amount: string;
  currency: string;
}

const dayCount = 14;

export function historyOf(
  points: UsagePoint[],
  { now, timeZone }: { now: Date; timeZone: string },
): HistoryDay[] {
  const byDay = new Map(points.map((point) => [dayOf(new Date(point.from), timeZone), point]));
  const currency = points[0]?.currency ?? 'USD';
  // The deployment's business clock may run ahead of this browser's; its newest day then ends the row.
  const last = [dayOf(now, timeZone), ...byDay.keys()].sort().at(-1) ?? dayOf(now, timeZone);
  return daysUntil(last, dayCount).map((day) => {
    const point = byDay.get(day);
    if (!point) return { day, calls: 0, tokens: 0, amount: '0', currency };
    const { calls, input_tokens, output_tokens, amount } = point;
    return { day, calls, tokens: input_tokens + output_tokens, amount, currency: point.currency };
  });
}
