/** Quotas as they stand, and the times that they refused or were passed. */
import { z } from 'zod';
import { Instant, PageQuery, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Limit } from './limits.ts';
import { MeterUnit, Quantity } from './meters.ts';

export const listQuotas = endpoint({
  operation: 'listQuotas',
  method: 'GET',
  path: '/api/v1/billing/quotas',
  summary:
    'Quotas with what is used, reserved and left of the open window; members see the organization’s and their own.',
  query: PageQuery,
  answer: pageOf(Limit),
});

const Violation = z
  .object({
    id: z.string(),
    organization: z.string(),
    quota: z.string(),
    subject: Limit.shape.subject,
    meter: z.string(),
    unit: MeterUnit,
    window: z.enum(['minute', 'hour', 'day', 'month', 'year', 'lifetime']),
    limit: Quantity,
    used: Quantity,
    requested: Quantity,
    hard: z.boolean(),
    occurred_at: Instant,
    resets_at: Instant.nullable(),
  })
  .meta({ id: 'QuotaViolation' });

export const listQuotaViolations = endpoint({
  operation: 'listQuotaViolations',
  method: 'GET',
  path: '/api/v1/billing/quotas/violations',
  summary: 'When a quota refused or was passed: once for each of its windows, newest first.',
  query: PageQuery,
  answer: pageOf(Violation),
});

export const searchQuotaViolations = endpoint({
  operation: 'searchQuotaViolations',
  method: 'GET',
  path: '/api/v1/admin/quotas/violations',
  summary: 'Passed and refusing quotas of all organizations, newest first.',
  query: TimedPageQuery.extend({ organization: z.string().max(100).optional() }),
  answer: pageOf(Violation),
});
