/** What operators run over all subscriptions at once. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { IdParams, Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

/** A pass over all that was due: renewals, trials' ends, dunning. */
export const BillingRun = z
  .object({
    id: z.string(),
    status: z.enum(['running', 'stopped', 'completed']),
    due_until: Instant,
    renewed: z.number().int(),
    expired: z.number().int(),
    dunned: z.number().int(),
    failed: z.number().int().meta({ description: 'Subscriptions that the next run tries again.' }),
    started_at: Instant,
    completed_at: Instant.nullable(),
  })
  .meta({ id: 'BillingRun' });

export const listBillingRuns = endpoint({
  operation: 'listBillingRuns',
  method: 'GET',
  path: '/api/v1/admin/billing-runs',
  summary: 'Runs that did something, the newest first.',
  query: PageQuery,
  answer: pageOf(BillingRun),
});

export const startBillingRun = endpoint({
  operation: 'startBillingRun',
  method: 'POST',
  path: '/api/v1/admin/billing-runs',
  summary: 'Runs what is due now, rather than within the minute.',
  body: z.strictObject({}),
  answer: BillingRun,
  status: 201,
  idempotent: true,
  refusals: ['invalid_state'],
});

/** What moving subscriptions to a plan's current version changes. */
export const PlanMove = z
  .object({
    subscriptions: z.number().int(),
    effects: z.array(
      z.object({
        subscription: z.string(),
        organization: z.string(),
        from_version: z.number().int(),
        currency: Currency,
        before: Amount,
        after: Amount.nullable().meta({ description: 'Null: no such price; it stays.' }),
        effective_at: Instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'PlanMove' });

export const movePlan = endpoint({
  operation: 'movePlan',
  method: 'POST',
  path: '/api/v1/admin/plans/{id}/moves',
  summary: 'Moves subscriptions of older versions to the current one with their next period.',
  params: IdParams,
  body: z.strictObject({
    preview: z.boolean().optional().meta({ description: 'Only says what it would do.' }),
    from_version: z.number().int().min(1).optional(),
    not_before: InstantInput.optional().meta({ description: 'A notice period.' }),
  }),
  answer: PlanMove,
  idempotent: true,
  refusals: ['rule_violated'],
  example: { preview: true },
});
