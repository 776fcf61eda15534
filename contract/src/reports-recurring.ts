/** Reports of what recurs: the MRR and its movements, churn and cohorts. */
import { z } from 'zod';
import { PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import {
  Amount,
  Count,
  Currency,
  Instant,
  Month,
  PointHead,
  ReportHead,
  ReportQuery,
  Share,
} from './reports-span.ts';

export const mrrMovementKinds = [
  'new',
  'expansion',
  'contraction',
  'churn',
  'reactivation',
] as const;

const MovementKind = z.enum(mrrMovementKinds);

export const getMrrReport = endpoint({
  operation: 'getMrrReport',
  method: 'GET',
  path: '/api/v1/admin/reports/mrr',
  summary:
    'Monthly recurring revenue, month by month: what it began with, what was gained and lost, what it ended with, and what a customer pays.',
  query: ReportQuery,
  answer: z.object({
    ...ReportHead,
    currencies: z.array(
      z.object({
        currency: Currency,
        mrr: Amount.meta({ description: 'At the end of the last month shown, or now.' }),
        customers: Count,
        arpu: Amount.nullable(),
        points: z.array(
          z.object({
            ...PointHead,
            start: Amount,
            new: Amount,
            expansion: Amount,
            contraction: Amount.meta({ description: 'Negative.' }),
            churn: Amount.meta({ description: 'Negative.' }),
            reactivation: Amount,
            net: Amount.meta({ description: 'The sum of the five.' }),
            end: Amount.meta({ description: 'The sum of the six.' }),
            customers: z.object({
              start: Count,
              new: Count,
              churned: Count,
              reactivated: Count,
              end: Count,
            }),
            arpu: Amount.nullable().meta({ description: 'MRR per paying customer, at the end.' }),
          }),
        ),
      }),
    ),
    subscriptions: z.array(z.object({ status: z.string(), subscriptions: Count })).meta({
      description: 'Now, by state; those that are over are left out.',
    }),
  }),
  refusals: ['rule_violated'],
});

export const listMrrMovements = endpoint({
  operation: 'listMrrMovements',
  method: 'GET',
  path: '/api/v1/admin/reports/mrr/movements',
  summary: 'What the MRR’s movements are made of, customer by customer, the latest first.',
  query: PageQuery.extend({
    from: Month.optional(),
    to: Month.optional(),
    kind: MovementKind.optional(),
    currency: Currency.optional(),
  }),
  answer: pageOf(
    z
      .object({
        organization: z.string(),
        name: z.string(),
        subscription: z.string(),
        kind: MovementKind,
        currency: Currency,
        before: Amount,
        after: Amount,
        change: Amount,
        occurred_at: Instant,
      })
      .meta({ id: 'MrrMovement' }),
  ),
  refusals: ['rule_violated'],
});

export const getChurnReport = endpoint({
  operation: 'getChurnReport',
  method: 'GET',
  path: '/api/v1/admin/reports/churn',
  summary:
    'Which share of customers and of MRR was lost month by month, and how many of each month’s new customers stay.',
  query: ReportQuery,
  answer: z.object({
    ...ReportHead,
    currencies: z.array(
      z.object({
        currency: Currency,
        points: z.array(
          z.object({
            ...PointHead,
            customers: Count.meta({ description: 'At the start.' }),
            churned: Count,
            customer_churn: Share,
            mrr: Amount.meta({ description: 'At the start.' }),
            lost: Amount.meta({ description: 'By churn and contraction.' }),
            revenue_churn: Share,
            net_retention: Share.meta({
              description: 'What those of the start pay at the end, to what they paid then.',
            }),
          }),
        ),
        cohorts: z.array(
          z.object({
            month: Month,
            customers: Count.meta({ description: 'Who paid for the first time.' }),
            mrr: Amount,
            months: z.array(
              z.object({
                after: Count.meta({ description: 'Whole months after the first; 0 is its end.' }),
                customers: Count,
                customer_retention: Share,
                mrr: Amount,
                revenue_retention: Share,
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  refusals: ['rule_violated'],
});
