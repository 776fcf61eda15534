/** Reports of usage: what it is worth beside what was earned, what it costs, and where limits refused. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  Amount,
  Count,
  Currency,
  intervals,
  MonthForecast,
  PointHead,
  ReportHead,
  ReportQuery,
  Share,
} from './reports-span.ts';

const usage = {
  calls: Count,
  input_tokens: Count,
  output_tokens: Count,
  value: Amount.meta({ description: 'What calls were billed, whoever paid.' }),
  by_allowance: Amount,
  by_grant: Amount,
  by_wallet: Amount,
  owed: Amount.meta({ description: 'What nothing could pay when they ended.' }),
  recognized: Amount.meta({ description: 'All that was earned in this currency.' }),
  value_to_revenue: Share.meta({ description: 'Value, to all that was earned.' }),
};

export const getUsageReport = endpoint({
  operation: 'getUsageReport',
  method: 'GET',
  path: '/api/v1/admin/reports/usage',
  summary:
    'Calls and their value, who paid for them, and what was earned beside; where limits refused; and a forecast of this month.',
  query: ReportQuery.extend(intervals),
  answer: z.object({
    ...ReportHead,
    interval: intervals.interval,
    currency: Currency,
    points: z.array(z.object({ ...PointHead, ...usage })),
    total: z.object(usage),
    forecast: MonthForecast.nullable().meta({ description: 'Of the value of this month’s calls.' }),
    violations: z.array(
      z.object({
        ...PointHead,
        meter: z.string(),
        window: z.string(),
        is_hard: z.boolean(),
        violations: Count,
        organizations: Count,
      }),
    ),
  }),
  refusals: ['rule_violated'],
});

const margins = {
  calls: Count,
  value: Amount,
  revenue: Amount.nullable().meta({ description: 'Earned of the customer, from all it buys.' }),
  cost: Amount.meta({ description: 'What upstreams charge, where that is known.' }),
  margin: Amount,
  margin_rate: Share,
  uncosted_calls: Count.meta({ description: 'Through channels without cost prices.' }),
  uncosted_value: Amount,
};

export const getMarginReport = endpoint({
  operation: 'getMarginReport',
  method: 'GET',
  path: '/api/v1/admin/reports/margin',
  summary:
    'What calls bring and cost, by model, channel or customer: of models and channels the value of calls with a known cost less that cost, of customers all that was earned less it.',
  query: ReportQuery.extend({
    by: z.enum(['model', 'channel', 'customer']).default('model'),
    order: z.enum(['most', 'least_margin']).default('most'),
  }),
  answer: z.object({
    ...ReportHead,
    by: z.enum(['model', 'channel', 'customer']),
    currencies: z.array(
      z.object({
        currency: Currency,
        rows: z.array(z.object({ key: z.string(), name: z.string(), ...margins })),
        others: z
          .object({ rows: Count, ...margins })
          .nullable()
          .meta({ description: 'What the rows that are not shown come to.' }),
        total: z.object(margins),
      }),
    ),
  }),
  refusals: ['rule_violated'],
});
