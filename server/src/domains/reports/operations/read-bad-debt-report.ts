import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import { debtSteps, type getBadDebtReport as endpoint } from '@sluice/contract/reports-revenue';
import type { Context } from '../../../platform/context.ts';
import { formatMinor } from '../../../platform/money.ts';
import { type Aged, type Debtor, listDebtors, sumOverdue } from '../../invoicing/index.ts';
import { type AccountMoves, sumMoves } from '../../ledger/index.ts';
import { flowOf, lossesOf } from '../core/revenue.ts';
import { amountsIn, shareOf } from '../core/share.ts';
import {
  byStart,
  type PointSpan,
  pointsOf,
  presentHead,
  presentSpan,
  readSpan,
} from '../core/span.ts';
import { readTogether } from '../reading.ts';
import { namesOf } from './names-of.ts';
import { readWarnings } from './read-warnings.ts';

type Report = AnswerOf<typeof endpoint>;
type OfCurrency = Report['currencies'][number];

export const debtorsShown = 50;
const dayMs = 86_400_000;

/** What is overdue, what was given up, and who is likely to be next. */
export async function readBadDebtReport(
  context: Context,
  query: QueryOf<typeof endpoint>,
): Promise<Report> {
  const now = context.clocks.business();
  const span = readSpan(query, now, context.config.timeZone);
  const read = await readTogether(context, async (executor) => {
    const debtors = await listDebtors(executor, { now, limit: debtorsShown });
    const warnings = await readWarnings(context, executor);
    return {
      moves: await sumMoves(executor, span),
      aged: await sumOverdue(executor, { now, steps: debtSteps }),
      debtors,
      warnings,
      names: await namesOf(executor, [...debtors, ...warnings]),
    };
  });
  const points = pointsOf(span, now);
  const { names } = read;
  return {
    ...presentHead(span),
    as_of: now.toISOString(),
    currencies: currenciesOf(read).map((currency) =>
      presentCurrency(currency, {
        points,
        moves: read.moves.filter((move) => move.currency === currency),
        aged: read.aged.filter((age) => age.currency === currency),
      }),
    ),
    debtors: read.debtors.map((debtor) => presentDebtor(debtor, names, now)),
    warnings: read.warnings.map(({ organization_id: id, at_risk, renews_at, ...warning }) => ({
      ...{ organization: id, name: names.get(id) ?? id, ...warning },
      at_risk: formatMinor({ minor: at_risk, currency: warning.currency }),
      renews_at: renews_at?.toISOString() ?? null,
    })),
  };
}

function currenciesOf({ aged, moves }: { aged: readonly Aged[]; moves: readonly AccountMoves[] }) {
  const lost = moves.filter(({ debit, credit }) => debit === 'write_off' || credit === 'write_off');
  return [...new Set([...aged, ...lost].map(({ currency }) => currency))].sort();
}

interface InCurrency {
  points: readonly PointSpan[];
  moves: readonly AccountMoves[];
  aged: readonly Aged[];
}

function presentCurrency(currency: string, { points, moves, aged }: InCurrency): OfCurrency {
  const wire = amountsIn(currency);
  const starting = byStart(moves);
  const { writtenOff, recovered } = lossesOf(moves);
  const earned = moves.reduce((sum, move) => sum + flowOf(move, 'revenue'), 0n);
  const overdue = aged.reduce((sum, { minor }) => sum + minor, 0n);
  return {
    currency,
    overdue: formatMinor({ minor: overdue, currency }),
    ages: debtSteps.map((from, index) => {
      const age = aged.find(({ days }) => days === from);
      return {
        from_days: from,
        to_days: (debtSteps[index + 1] ?? 0) - 1 > 0 ? (debtSteps[index + 1] ?? 0) - 1 : null,
        invoices: Number(age?.invoices ?? 0n),
        customers: Number(age?.customers ?? 0n),
        amount: formatMinor({ minor: age?.minor ?? 0n, currency }),
      };
    }),
    points: points.map((point) => {
      const losses = lossesOf(starting.get(point.from.getTime()) ?? []);
      return {
        ...presentSpan(point),
        written_off: wire(losses.writtenOff),
        recovered: wire(losses.recovered),
      };
    }),
    written_off: wire(writtenOff),
    recovered: wire(recovered),
    loss_rate: shareOf(writtenOff - recovered, earned),
  };
}

function presentDebtor(
  { organization_id: id, currency, invoices, minor, oldest_due_at: oldest }: Debtor,
  names: ReadonlyMap<string, string>,
  now: Date,
): Report['debtors'][number] {
  return {
    ...{ organization: id, name: names.get(id) ?? id, currency },
    invoices: Number(invoices),
    amount: formatMinor({ minor, currency }),
    oldest_due_at: oldest.toISOString(),
    days: Math.floor((now.getTime() - oldest.getTime()) / dayMs),
  };
}
