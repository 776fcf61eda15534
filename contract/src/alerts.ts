/** Alerts: use of an organization that is far from its own past. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Alert = z
  .object({
    id: z.string(),
    organization: z.string(),
    kind: z.literal('usage_anomaly'),
    measure: z.enum(['cost', 'calls']),
    interval: z.enum(['hour', 'day']),
    starts_at: Instant.meta({ description: 'The hour or day that stands out.' }),
    ends_at: Instant,
    value: Amount.meta({ description: 'What was used in it: an amount, or a number of calls.' }),
    expected: Amount.meta({
      description: 'The median of the same time of day and week in the weeks before.',
    }),
    currency: Currency.nullable().meta({ description: 'Of a cost.' }),
    raised_at: Instant,
  })
  .meta({ id: 'Alert' });

export const listAlerts = endpoint({
  operation: 'listAlerts',
  method: 'GET',
  path: '/api/v1/alerts',
  summary: 'What stood out of the organization’s own past, the newest first.',
  query: PageQuery,
  answer: pageOf(Alert),
});

export const searchAlerts = endpoint({
  operation: 'searchAlerts',
  method: 'GET',
  path: '/api/v1/admin/alerts',
  summary: 'Alerts of all organizations, the newest first.',
  query: PageQuery.extend({ organization: z.string().max(100).optional() }),
  answer: pageOf(Alert),
});
