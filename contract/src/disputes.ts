/** Payments that the payer disputes with a bank or at the provider. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Reason } from './invoicing.ts';

export const disputeStatuses = ['needs_response', 'under_review', 'won', 'lost'] as const;

export const DisputeSummary = z
  .object({
    id: z.string(),
    organization: z.string().nullable(),
    payment: z.string().nullable(),
    provider: z.string(),
    reference: z.string().meta({ description: 'What the provider calls it.' }),
    amount: Amount,
    currency: Currency,
    status: z.enum(disputeStatuses),
    reason: z.string(),
    respond_by: Instant.nullable().meta({
      description: 'Until when evidence is to be handed in at the provider.',
    }),
    withdrawn: z.boolean().meta({
      description: 'Whether the provider has taken the money from us by now.',
    }),
    borne_by: z
      .enum(['customer', 'us'])
      .nullable()
      .meta({ description: 'Of one that was lost; null while nobody decided.' }),
    note: z.string().nullable(),
    opened_at: Instant,
    closed_at: Instant.nullable(),
    resolved_at: Instant.nullable(),
    resolved_by: z.string().nullable(),
  })
  .meta({ id: 'Dispute' });

export const searchDisputes = endpoint({
  operation: 'searchDisputes',
  method: 'GET',
  path: '/api/v1/admin/disputes',
  summary: 'Disputes of all organizations, newest first.',
  query: PageQuery.extend({
    organization: z.string().max(100).optional(),
    payment: z.string().max(100).optional(),
    status: z.enum(disputeStatuses).optional(),
    unresolved: z.stringbool().optional().meta({
      description: 'Only what was lost and nobody has decided about.',
    }),
  }),
  answer: pageOf(DisputeSummary),
});

export const inspectDispute = endpoint({
  operation: 'inspectDispute',
  method: 'GET',
  path: '/api/v1/admin/disputes/{id}',
  summary: 'One dispute; where the provider can be asked and it is open, as it stands there now.',
  params: IdParams,
  answer: DisputeSummary,
});

export const resolveDispute = endpoint({
  operation: 'resolveDispute',
  method: 'POST',
  path: '/api/v1/admin/disputes/{id}/resolve',
  summary:
    'Says who bears what a lost dispute took: the customer (credit note or wallet, with a debt if need be), or we.',
  params: IdParams,
  body: z.strictObject({ borne_by: z.enum(['customer', 'us']), note: Reason }),
  answer: DisputeSummary,
  idempotent: true,
  refusals: ['invalid_state', 'rule_violated', 'currency_unsupported'],
  example: { borne_by: 'customer', note: 'The customer paid back by bank transfer' },
});
