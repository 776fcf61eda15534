import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getMarginReport as endpoint } from '@sluice/contract/reports-usage';
import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { type Margin, sumMargins } from '../../metering/index.ts';
import {
  addMargins,
  firstRows,
  type MarginFigures,
  type MarginRow,
  type MarginSplit,
  marginOf,
  rowsShown,
  subtractMargins,
} from '../core/margin.ts';
import { amountsIn, shareOf } from '../core/share.ts';
import { presentHead, type ReportSpan, readSpan } from '../core/span.ts';
import { readTogether } from '../reading.ts';
import { readCustomers } from './read-customer-margins.ts';

type Report = AnswerOf<typeof endpoint>;
type Query = QueryOf<typeof endpoint>;
type Row = MarginRow & { currency: string };

/** What calls bring and cost, by model, channel or customer. */
export async function readMarginReport(context: Context, query: Query): Promise<Report> {
  const { by, order } = query;
  const span = readSpan(query, context.clocks.business(), context.config.timeZone);
  const { split, names } = await readTogether(context, async (executor) => {
    if (by === 'customer') return readCustomers(executor, span, order);
    const rows = await readRows(executor, span, by);
    return { split: splitRows(rows, order), names: new Map<string, string>() };
  });
  return {
    ...presentHead(span),
    by,
    currencies: split.map(({ currency, shown, others, total }) => ({
      currency,
      rows: shown.map((row) => ({
        ...{ key: row.key, name: names.get(row.key) ?? row.key },
        ...presentMargin(currency, row),
      })),
      others:
        others === 0
          ? null
          : {
              rows: others,
              ...presentMargin(currency, subtractMargins(total, addMargins(shown))),
            },
      total: presentMargin(currency, total),
    })),
  };
}

function splitRows(rows: readonly Row[], order: Query['order']): MarginSplit[] {
  return [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, own]) => {
    const { shown, others } = firstRows(own, { order, max: rowsShown });
    return { currency, shown, others: others.length, total: addMargins(own) };
  });
}

async function readRows(
  executor: Executor,
  span: ReportSpan,
  by: 'model' | 'channel',
): Promise<Row[]> {
  const column = by === 'model' ? 'model' : 'channel_id';
  const margins = await sumMargins(executor, { ...span, by: column });
  return margins.map(({ name, ...margin }) => ({ ...figuresOf(margin), key: name, revenue: null }));
}

function figuresOf(margin: Margin) {
  return {
    ...{ currency: margin.currency, calls: margin.calls, value: margin.amount, cost: margin.cost },
    ...{ uncostedCalls: margin.uncosted_calls, uncostedValue: margin.uncosted_amount },
  };
}
function presentMargin(currency: string, figures: MarginFigures) {
  const wire = amountsIn(currency);
  const { margin, base } = marginOf(figures);
  return {
    calls: Number(figures.calls),
    value: wire(figures.value),
    revenue: figures.revenue === null ? null : wire(figures.revenue),
    cost: wire(figures.cost),
    margin: wire(margin),
    margin_rate: shareOf(margin, base),
    uncosted_calls: Number(figures.uncostedCalls),
    uncosted_value: wire(figures.uncostedValue),
  };
}
