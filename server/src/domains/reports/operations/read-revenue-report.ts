import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getRevenueReport as endpoint } from '@sluice/contract/reports-revenue';
import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { dayOf } from '../../../platform/time.ts';
import { type AccountMoves, sumBalanceOf, sumMoves } from '../../ledger/index.ts';
import { forecastMonth, forecastSpan, type MonthForecast } from '../../metering/index.ts';
import { type Cash, cashOf, flowOf, type RevenueFigures, revenueOf } from '../core/revenue.ts';
import { amountsIn, shareOf } from '../core/share.ts';
import {
  byStart,
  type PointSpan,
  pointsOf,
  presentHead,
  presentSpan,
  type ReportSpan,
  readSpan,
} from '../core/span.ts';
import { readTogether } from '../reading.ts';
import { convertTotals } from './convert-totals.ts';

type Report = AnswerOf<typeof endpoint>;
type OfCurrency = Report['currencies'][number];

/** What was earned and received: all of it from the books. */
export async function readRevenueReport(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Report> {
  const now = context.clocks.business();
  const span = readSpan(query, now, context.config.timeZone);
  const read = await readTogether(context, (executor) => readBooks(executor, span, now));
  const points = pointsOf(span, now);
  const currencies = [...Map.groupBy(read.moves, ({ currency }) => currency)].map(
    ([currency, moves]) => ({ currency, moves, total: revenueOf(moves) }),
  );
  return {
    ...presentHead(span),
    interval: span.interval,
    currencies: currencies
      .filter(({ total }) => total.recognized !== 0n || total.byProvider.size > 0)
      .map(({ currency, moves, total }) => ({
        ...presentCurrency(currency, { moves, total, points }),
        ...presentNow(currency, { ...read, now, timeZone: span.timeZone }),
      })),
    converted: await convertTotals(context, query.convert_to, currencies),
  };
}

async function readBooks(executor: Executor, span: ReportSpan, now: Date) {
  const { timeZone } = span;
  return {
    moves: await sumMoves(executor, span),
    days: await sumMoves(executor, { ...forecastSpan(now, timeZone), timeZone, interval: 'day' }),
    deferred: await sumBalanceOf(executor, { account: 'deferred', at: now }),
  };
}

interface InCurrency {
  moves: readonly AccountMoves[];
  total: RevenueFigures;
  points: readonly PointSpan[];
}

function presentCurrency(
  currency: string,
  { moves, total, points }: InCurrency,
): Pick<OfCurrency, 'currency' | 'points' | 'total' | 'providers' | 'growth'> {
  const starting = byStart(moves);
  const figures = points.map((point) => revenueOf(starting.get(point.from.getTime()) ?? []));
  return {
    currency,
    points: points.map((point, index) => ({
      ...presentSpan(point),
      ...presentFigures(currency, figures[index] ?? revenueOf([])),
    })),
    total: presentFigures(currency, total),
    providers: [...total.byProvider]
      .map(([provider, cash]) => ({ provider, ...presentCash(currency, cash) }))
      .sort((a, b) => (a.provider < b.provider ? -1 : 1)),
    growth: growthOf(figures.map(({ recognized }) => recognized)),
  };
}

/** The last point is still running. */
function growthOf(recognized: readonly bigint[]): number | null {
  const [before = 0n, last = 0n] = recognized.slice(-3, -1);
  return recognized.length < 3 ? null : shareOf(last - before, before);
}

interface Now {
  days: readonly AccountMoves[];
  deferred: readonly { currency: string; amount: bigint }[];
  now: Date;
  timeZone: string;
}

function presentNow(
  currency: string,
  { days, deferred, now, timeZone }: Now,
): Pick<OfCurrency, 'deferred' | 'forecast'> {
  const wire = amountsIn(currency);
  const earned = new Map<string, bigint>();
  for (const move of days) {
    if (move.currency !== currency) continue;
    const day = dayOf(move.starts_at, timeZone);
    earned.set(day, (earned.get(day) ?? 0n) + flowOf(move, 'revenue'));
  }
  return {
    deferred: wire(deferred.find((balance) => balance.currency === currency)?.amount ?? 0n),
    forecast: presentForecast(currency, forecastMonth(earned, now, timeZone)),
  };
}

export function presentForecast(
  currency: string,
  { expected, low, high, last }: MonthForecast,
): OfCurrency['forecast'] {
  const wire = amountsIn(currency);
  return {
    expected: wire(expected),
    low: wire(low),
    high: wire(high),
    last_period: last
      ? {
          expected: wire(last.expected),
          actual: wire(last.actual),
          error: shareOf(last.expected - last.actual, last.actual),
        }
      : null,
  };
}

function presentFigures(currency: string, { recognized, byKind, cash }: RevenueFigures) {
  const wire = amountsIn(currency);
  return {
    recognized: wire(recognized),
    by_kind: Object.fromEntries(
      Object.entries(byKind).map(([kind, amount]) => [kind, wire(amount)]),
    ) as OfCurrency['total']['by_kind'],
    ...presentCash(currency, cash),
  };
}

function presentCash(currency: string, cash: Cash) {
  const wire = amountsIn(currency);
  return {
    received: wire(cash.received),
    returned: wire(cash.returned),
    disputed: wire(cash.disputed),
    fees: wire(cash.fees),
    cash: wire(cashOf(cash)),
  };
}
