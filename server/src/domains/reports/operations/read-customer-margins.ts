import type { Executor } from '../../../platform/database/pool.ts';
import {
  type CustomerRevenue,
  listEarningMost,
  sumMoves,
  sumRevenueByCustomer,
} from '../../ledger/index.ts';
import {
  type CustomerMargin,
  type Margin,
  sumCostByCustomer,
  sumMargins,
  sumMarginsByCustomer,
} from '../../metering/index.ts';
import { firstRows, type MarginFigures, type MarginRow } from '../core/margin.ts';
import { flowOf } from '../core/revenue.ts';
import type { ReportSpan } from '../core/span.ts';
import { namesOf } from './names-of.ts';

const rowsShown = 100;

export interface CustomerSplit {
  currency: string;
  shown: MarginRow[];
  others: number;
  total: MarginFigures;
}

/**
 * Customers by what was earned of them, less what their calls cost. There may be a hundred thousand: of all of them only
 * what puts them in order is read, and the rest of those that are shown. The totals are those of the whole books.
 */
export async function readCustomers(
  executor: Executor,
  span: ReportSpan,
  order: 'most' | 'least_margin',
): Promise<{ split: CustomerSplit[]; names: Map<string, string> }> {
  const first = await readFirst(executor, span, order);
  const ids = first.flatMap(({ shown }) => shown.map(({ key }) => key));
  const margins = await sumMarginsByCustomer(executor, { ...span, organizationIds: ids });
  const totals = await readTotals(executor, span);
  return {
    split: first.map(({ currency, shown, others }) => ({
      currency,
      shown: shown.map((row) => withMargin(row, currency, margins)),
      others,
      total: totals(currency),
    })),
    names: await namesOf(
      executor,
      ids.map((organization_id) => ({ organization_id })),
    ),
  };
}

/** Where enough of them have paid, whoever paid the most is known without those who paid nothing. */
async function readFirst(
  executor: Executor,
  span: ReportSpan,
  order: 'most' | 'least_margin',
): Promise<{ currency: string; shown: MarginRow[]; others: number }[]> {
  const most =
    order === 'most' ? await listEarningMost(executor, { ...span, limit: rowsShown }) : [];
  if (most.length > 0 && most.every(({ customers }) => customers >= rowsShown)) {
    return [...Map.groupBy(most, ({ currency }) => currency)].map(([currency, own]) => ({
      currency,
      shown: rowsOf(own, []),
      others: Number(own[0]?.customers ?? 0n) - own.length,
    }));
  }
  const revenue = await sumRevenueByCustomer(executor, span);
  const costs = await sumCostByCustomer(executor, span);
  return [...Map.groupBy(rowsOf(revenue, costs), ({ currency }) => currency)].map(
    ([currency, rows]) => {
      const { shown, others } = firstRows(rows, { order, max: rowsShown });
      return { currency, shown, others: others.length };
    },
  );
}

type Row = MarginRow & { currency: string };

const nothing = { calls: 0n, value: 0n, cost: 0n, uncostedCalls: 0n, uncostedValue: 0n };

/** Who called nothing may have paid all the same, and who paid nothing may have called. */
function rowsOf(
  revenue: readonly CustomerRevenue[],
  costs: readonly { organization_id: string; currency: string; cost: bigint }[],
): Row[] {
  const rows = new Map<string, Row>();
  for (const { organization_id: key, currency, amount } of revenue) {
    rows.set(`${key} ${currency}`, { ...nothing, key, currency, revenue: amount });
  }
  for (const { organization_id: key, currency, cost } of costs) {
    const known = rows.get(`${key} ${currency}`);
    if (known) known.cost = cost;
    else rows.set(`${key} ${currency}`, { ...nothing, key, currency, revenue: 0n, cost });
  }
  return [...rows.values()];
}

function withMargin(
  row: MarginRow,
  currency: string,
  margins: readonly CustomerMargin[],
): MarginRow {
  const found = margins.find(
    (margin) => margin.organization_id === row.key && margin.currency === currency,
  );
  return found ? { ...row, ...figuresOf(found) } : row;
}

function figuresOf(margin: Margin) {
  return {
    ...{ calls: margin.calls, value: margin.amount, cost: margin.cost },
    ...{ uncostedCalls: margin.uncosted_calls, uncostedValue: margin.uncosted_amount },
  };
}

async function readTotals(executor: Executor, span: ReportSpan) {
  const moves = await sumMoves(executor, span);
  const margins = await sumMargins(executor, { ...span, by: 'model' });
  return (currency: string): MarginFigures => {
    const own = margins.filter((margin) => margin.currency === currency).map(figuresOf);
    const sum = (of: (figures: ReturnType<typeof figuresOf>) => bigint) =>
      own.reduce((so, figures) => so + of(figures), 0n);
    return {
      revenue: moves
        .filter((move) => move.currency === currency)
        .reduce((so, move) => so + flowOf(move, 'revenue'), 0n),
      calls: sum(({ calls }) => calls),
      value: sum(({ value }) => value),
      cost: sum(({ cost }) => cost),
      uncostedCalls: sum(({ uncostedCalls }) => uncostedCalls),
      uncostedValue: sum(({ uncostedValue }) => uncostedValue),
    };
  };
}
