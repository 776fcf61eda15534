/** Providers' statements against what we have: days, their totals, and the differences to work through. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Day, IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const Result = z.enum(['matched', 'missing_here', 'missing_there', 'different']);
const Resolution = z.enum(['settled', 'accepted', 'written_off', 'unapplied']);
const Status = z.enum(['running', 'waiting', 'done', 'failed']);

export const ReconciliationTotals = z
  .object({
    currency: Currency,
    payments: Amount,
    refunds: Amount,
    disputes: Amount,
    other: Amount,
    statement: Amount.meta({
      description: 'What moved our balance there, before fees and payouts.',
    }),
    ledger: Amount.meta({ description: 'What our clearing account of the provider moved.' }),
    difference: Amount,
    fees: Amount,
    payouts: Amount,
    because: z
      .object({
        missing_here: Amount,
        missing_there: Amount,
        different: Amount,
        other_days: Amount.meta({ description: 'Booked here on another day than there.' }),
        nobodys: Amount.meta({ description: 'Money of no customer that is known.' }),
        other: Amount,
      })
      .meta({ description: 'Where the difference comes from; they add up to it.' }),
  })
  .meta({ id: 'ReconciliationTotals' });

export const Reconciliation = z
  .object({
    id: z.string(),
    provider: z.string(),
    date: Day.meta({ description: 'A day of the provider’s own calendar.' }),
    status: Status,
    reason: z.enum(['not_ready', 'no_answer', 'failed_here', 'other_merchant']).nullable(),
    from: Instant.nullable(),
    to: Instant.nullable(),
    totals: z.array(ReconciliationTotals),
    counts: z.object({
      matched: z.number().int(),
      missing_here: z.number().int(),
      missing_there: z.number().int(),
      different: z.number().int(),
      open: z.number().int().meta({ description: 'Differences that nobody has resolved yet.' }),
    }),
    runs: z.number().int(),
    next_try_at: Instant.nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'Reconciliation' });

const Side = z.object({ amount: Amount, currency: Currency });

export const ReconciliationItem = z
  .object({
    id: z.string(),
    result: Result,
    difference: z.enum(['amount', 'currency', 'status']).nullable(),
    kind: z.enum(['payment', 'refund', 'dispute', 'other']),
    number: z.string().nullable(),
    provider_transaction: z.string().nullable(),
    there: Side.nullable(),
    at: Instant.nullable(),
    here: Side.nullable(),
    fee: Side.nullable(),
    payment: z.string().nullable(),
    organization: z.string().nullable(),
    resolution: Resolution.nullable(),
    resolutions: z
      .array(Resolution)
      .meta({ description: 'How it may be resolved; empty for what is matched or resolved.' }),
    note: z.string().nullable(),
    resolved_at: Instant.nullable(),
    resolved_by: z.string().nullable(),
  })
  .meta({ id: 'ReconciliationItem' });

/** Which items of a day. */
const ItemQuery = PageQuery.extend({
  result: Result.optional(),
  open: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: '`true`: only differences that nobody has resolved.' }),
  q: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Order number, provider transaction or payment.' }),
});

export const createReconciliation = endpoint({
  operation: 'createReconciliation',
  method: 'POST',
  path: '/api/v1/admin/reconciliations',
  summary:
    'Compares a provider’s statement of a day with what we have; a day that was compared before is compared again.',
  body: z.strictObject({ provider: z.string().min(1).max(40), date: z.iso.date() }),
  answer: Reconciliation,
  status: 201,
  idempotent: true,
  refusals: ['provider_not_configured', 'rule_violated'],
  example: { provider: 'stripe', date: '2026-03-04' },
});

export const listReconciliations = endpoint({
  operation: 'listReconciliations',
  method: 'GET',
  path: '/api/v1/admin/reconciliations',
  summary: 'Days that were compared, newest first.',
  query: PageQuery.extend({
    provider: z.string().max(40).optional(),
    status: Status.optional(),
  }),
  answer: pageOf(Reconciliation),
});

export const getReconciliation = endpoint({
  operation: 'getReconciliation',
  method: 'GET',
  path: '/api/v1/admin/reconciliations/{id}',
  summary: 'One day with a page of its items.',
  params: IdParams,
  query: ItemQuery,
  answer: Reconciliation.extend({ items: pageOf(ReconciliationItem) }),
});

export const listReconciliationItems = endpoint({
  operation: 'listReconciliationItems',
  method: 'GET',
  path: '/api/v1/admin/reconciliations/{id}/items',
  summary: 'Items of one day, newest first.',
  params: IdParams,
  query: ItemQuery,
  answer: pageOf(ReconciliationItem),
});

export const resolveReconciliationItem = endpoint({
  operation: 'resolveReconciliationItem',
  method: 'POST',
  path: '/api/v1/admin/reconciliations/{id}/items/{item}/resolve',
  summary:
    'Resolves a difference: settles money that is missing here, parks it, lets the ledger follow the provider, or accepts it.',
  params: IdParams.extend({ item: z.string().min(1).max(100) }),
  body: z.strictObject({ resolution: Resolution, note: z.string().trim().max(500).optional() }),
  answer: ReconciliationItem,
  idempotent: true,
  refusals: ['invalid_state', 'rule_violated'],
  example: { resolution: 'accepted', note: 'Sold in the shop, not here' },
});
