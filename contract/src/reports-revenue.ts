/** Reports of money: what was earned and received, what is owed, and how payments end. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  Amount,
  Count,
  Currency,
  Instant,
  intervals,
  MonthForecast,
  PointHead,
  ReportHead,
  ReportQuery,
  Share,
} from './reports-span.ts';

export const revenueKinds = [
  'subscriptions',
  'packages',
  'invoices',
  'usage',
  'grants',
  'credit_notes',
  'corrections',
  'other',
] as const;

const byKind = z.object(
  Object.fromEntries(revenueKinds.map((kind) => [kind, Amount])) as Record<
    (typeof revenueKinds)[number],
    typeof Amount
  >,
);

const cash = {
  received: Amount,
  returned: Amount.meta({ description: 'Refunds; negative.' }),
  disputed: Amount.meta({ description: 'What banks took back, less what was won; negative.' }),
  fees: Amount.meta({ description: 'What providers kept; negative.' }),
  cash: Amount.meta({ description: 'The sum of the four.' }),
};

const figures = { recognized: Amount, by_kind: byKind, ...cash };

export const getRevenueReport = endpoint({
  operation: 'getRevenueReport',
  method: 'GET',
  path: '/api/v1/admin/reports/revenue',
  summary:
    'What was earned and what was received, by month or day, each currency by itself, with a forecast of this month and how far last month’s was off.',
  query: ReportQuery.extend({
    ...intervals,
    convert_to: Currency.optional().meta({
      description: 'Adds the totals in one currency, at the rates that operators have set.',
    }),
  }),
  answer: z.object({
    ...ReportHead,
    interval: intervals.interval,
    currencies: z.array(
      z.object({
        currency: Currency,
        points: z.array(z.object({ ...PointHead, ...figures })),
        total: z.object(figures),
        providers: z.array(z.object({ provider: z.string(), ...cash })),
        deferred: Amount.meta({ description: 'Paid and not yet earned, now.' }),
        growth: Share.meta({ description: 'Earned in the last whole month, to the one before.' }),
        forecast: MonthForecast.nullable().meta({ description: 'Of what this month will earn.' }),
      }),
    ),
    converted: z
      .object({
        currency: Currency,
        rates: z.array(z.object({ currency: Currency, rate: z.string() })),
        without_rate: z.array(Currency).meta({ description: 'Left out of the sums.' }),
        recognized: Amount,
        cash: Amount,
      })
      .nullable(),
  }),
  refusals: ['rule_violated'],
});

export const debtSteps = [0, 31, 61, 91] as const;

export const warningReasons = [
  'overdue',
  'charges_fail',
  'method_expires',
  'pays_late',
  'written_off_before',
  'owes_for_calls',
] as const;

export const getBadDebtReport = endpoint({
  operation: 'getBadDebtReport',
  method: 'GET',
  path: '/api/v1/admin/reports/bad-debt',
  summary:
    'What is overdue and for how long, what was written off and recovered, and which customers are likely not to pay next, with the reasons.',
  query: ReportQuery,
  answer: z.object({
    ...ReportHead,
    as_of: Instant,
    currencies: z.array(
      z.object({
        currency: Currency,
        overdue: Amount,
        ages: z.array(
          z.object({
            from_days: Count,
            to_days: Count.nullable(),
            invoices: Count,
            customers: Count,
            amount: Amount,
          }),
        ),
        points: z.array(
          z.object({
            ...PointHead,
            written_off: Amount,
            recovered: Amount.meta({ description: 'Paid after all.' }),
          }),
        ),
        written_off: Amount,
        recovered: Amount,
        loss_rate: Share.meta({ description: 'Written off less recovered, to what was earned.' }),
      }),
    ),
    debtors: z.array(
      z.object({
        organization: z.string(),
        name: z.string(),
        currency: Currency,
        invoices: Count,
        amount: Amount,
        oldest_due_at: Instant,
        days: Count,
      }),
    ),
    warnings: z.array(
      z.object({
        organization: z.string(),
        name: z.string(),
        currency: Currency,
        at_risk: Amount.meta({ description: 'Open invoices, and a month of the subscription.' }),
        renews_at: Instant.nullable(),
        reasons: z.array(z.enum(warningReasons)),
      }),
    ),
  }),
  refusals: ['rule_violated'],
});

const outcomes = {
  begun: Count,
  succeeded: Count,
  failed: Count,
  canceled: Count,
  unknown: Count,
  pending: Count,
  success_rate: Share.meta({ description: 'Succeeded, to those that succeeded or failed.' }),
};

export const getPaymentsReport = endpoint({
  operation: 'getPaymentsReport',
  method: 'GET',
  path: '/api/v1/admin/reports/payments',
  summary: 'How payments end, provider by provider, and why those fail that do.',
  query: ReportQuery.extend(intervals),
  answer: z.object({
    ...ReportHead,
    interval: intervals.interval,
    total: z.object(outcomes),
    points: z.array(z.object({ ...PointHead, ...outcomes })),
    providers: z.array(
      z.object({
        provider: z.string(),
        total: z.object(outcomes),
        points: z.array(z.object({ ...PointHead, ...outcomes })),
      }),
    ),
    declines: z.array(
      z.object({ provider: z.string(), reason: z.string().nullable(), payments: Count }),
    ),
  }),
  refusals: ['rule_violated'],
});
