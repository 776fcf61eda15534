import type { Executor } from '../../../platform/database/pool.ts';
import type { Margin } from '../../metering/index.ts';
import { type MarginFigures, type MarginSplit, rowsShown } from '../core/margin.ts';
import type { ReportSpan } from '../core/span.ts';
import { listCustomerMargins } from '../store.ts';
import { namesOf } from './names-of.ts';

/** Customers by what was earned of them, less what their calls cost: the first of a hundred thousand, and the sums of all. */
export async function readCustomers(
  executor: Executor,
  span: ReportSpan,
  order: 'most' | 'least_margin',
): Promise<{ split: MarginSplit[]; names: Map<string, string> }> {
  const customers = await listCustomerMargins(executor, { ...span, order, limit: rowsShown });
  const byCurrency = Map.groupBy(customers, ({ currency }) => currency);
  return {
    split: [...byCurrency].flatMap(([currency, shown]) => {
      const [first] = shown;
      if (!first) return [];
      return {
        ...{ currency, total: figuresOf(first.total) },
        shown: shown.map((row) => ({ key: row.organization_id, ...figuresOf(row) })),
        others: Number(first.total.customers) - shown.length,
      };
    }),
    names: await namesOf(executor, customers),
  };
}

function figuresOf(row: Omit<Margin, 'currency'> & { revenue: bigint }): MarginFigures {
  return {
    ...{ calls: row.calls, value: row.amount, revenue: row.revenue, cost: row.cost },
    ...{ uncostedCalls: row.uncosted_calls, uncostedValue: row.uncosted_amount },
  };
}
