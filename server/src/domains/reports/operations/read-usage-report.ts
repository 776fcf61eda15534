import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getUsageReport as endpoint } from '@sluice/contract/reports-usage';
import type { Context } from '../../../platform/context.ts';
import { dayOf, startOfMonth } from '../../../platform/time.ts';
import { type AccountMoves, sumMoves } from '../../ledger/index.ts';
import {
  countViolations,
  forecastMonth,
  forecastSpan,
  type MarginPoint,
  sumMarginsByTime,
  type ViolationCount,
} from '../../metering/index.ts';
import { flowOf, payersOf } from '../core/revenue.ts';
import { amountsIn, shareOf } from '../core/share.ts';
import { byStart, pointsOf, presentHead, presentSpan, readSpan } from '../core/span.ts';
import { readTogether } from '../reading.ts';
import { presentForecast } from './read-revenue-report.ts';

type Report = AnswerOf<typeof endpoint>;

/** What was used beside what was earned, in the currency of usage. */
export async function readUsageReport(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Report> {
  const now = context.clocks.business();
  const { timeZone, usageCurrency: currency } = context.config;
  const span = readSpan(query, now, timeZone);
  const read = await readTogether(context, async (executor) => ({
    calls: await sumMarginsByTime(executor, span),
    moves: await sumMoves(executor, span),
    days: await sumMarginsByTime(executor, {
      ...forecastSpan(now, timeZone),
      ...{ timeZone, interval: 'day' },
    }),
    violations: await countViolations(executor, span),
  }));
  const calls = read.calls.filter((point) => point.currency === currency);
  const moves = read.moves.filter((move) => move.currency === currency);
  const [callsAt, movesAt] = [byStart(calls), byStart(moves)];
  const valueByDay = new Map(
    read.days
      .filter((day) => day.currency === currency)
      .map((day) => [dayOf(day.starts_at, timeZone), day.amount]),
  );
  return {
    ...presentHead(span),
    ...{ interval: span.interval, currency },
    points: pointsOf(span, now).map((point) => ({
      ...presentSpan(point),
      ...presentFigures(currency, {
        calls: callsAt.get(point.from.getTime()) ?? [],
        moves: movesAt.get(point.from.getTime()) ?? [],
      }),
    })),
    total: presentFigures(currency, { calls, moves }),
    forecast: presentForecast(currency, forecastMonth(valueByDay, now, timeZone)),
    violations: read.violations.map((count) => presentViolations(count, timeZone)),
  };
}

interface Figures {
  calls: readonly MarginPoint[];
  moves: readonly AccountMoves[];
}

function presentFigures(currency: string, { calls, moves }: Figures): Report['total'] {
  const wire = amountsIn(currency);
  const sum = (of: (point: MarginPoint) => bigint) =>
    calls.reduce((so, point) => so + of(point), 0n);
  const value = sum(({ amount }) => amount);
  const paid = payersOf(moves);
  const recognized = moves.reduce((so, move) => so + flowOf(move, 'revenue'), 0n);
  return {
    calls: Number(sum((point) => point.calls)),
    input_tokens: Number(sum((point) => point.input_tokens)),
    output_tokens: Number(sum((point) => point.output_tokens)),
    value: wire(value),
    by_allowance: wire(paid.allowance),
    by_grant: wire(paid.grant),
    by_wallet: wire(paid.wallet),
    owed: wire(paid.owed),
    recognized: wire(recognized),
    value_to_revenue: shareOf(value, recognized),
  };
}

function presentViolations(count: ViolationCount, timeZone: string): Report['violations'][number] {
  return {
    ...presentSpan({ from: count.starts_at, to: startOfMonth(count.starts_at, timeZone, 1) }),
    ...{ meter: count.meter_id, window: count.window, is_hard: count.is_hard },
    violations: Number(count.violations),
    organizations: Number(count.organizations),
  };
}
