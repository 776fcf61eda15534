/** What was used, and the receipt of every call. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Prices } from './catalog.ts';
import { Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Receipt = z
  .object({
    request_id: z.string(),
    model: z.string(),
    api_key: z.string().nullable(),
    usage: z.object({
      input_tokens: z.number().int(),
      cached_input_tokens: z.number().int(),
      cache_write_tokens: z.number().int(),
      output_tokens: z.number().int(),
      reasoning_tokens: z.number().int(),
      estimated: z
        .boolean()
        .meta({ description: 'Counted here, because the upstream reported nothing.' }),
    }),
    prices: Prices.meta({
      description: 'The price snapshot that rated this call, per million tokens.',
    }),
    price_effective_from: Instant,
    formula: z.string(),
    amount: Amount,
    currency: Currency,
    paid_by: z.array(
      z.object({
        kind: z.enum(['allowance', 'grant', 'wallet', 'overage']),
        id: z.string(),
        amount: Amount,
      }),
    ),
    shortfall: Amount,
    late: z.boolean().meta({ description: 'Settled after its hold had expired.' }),
    outcome: z.enum(['completed', 'aborted', 'upstream_error']),
    started_at: Instant,
    settled_at: Instant,
    latency_ms: z.number().int().nullable(),
    first_token_ms: z.number().int().nullable(),
  })
  .meta({ id: 'Receipt' });

const ReceiptQuery = PageQuery.extend({
  from: InstantInput.optional(),
  to: InstantInput.optional(),
  model: z.string().max(200).optional(),
  api_key: z.string().max(100).optional(),
});

export const listReceipts = endpoint({
  operation: 'listReceipts',
  method: 'GET',
  path: '/api/v1/billing/usage/events',
  summary: 'Receipts of the organization’s calls, newest first.',
  query: ReceiptQuery,
  answer: pageOf(Receipt),
});

const ReceiptParams = z.strictObject({ request_id: z.string().min(1).max(100) });

export const getReceipt = endpoint({
  operation: 'getReceipt',
  method: 'GET',
  path: '/api/v1/billing/usage/events/{request_id}',
  summary: 'The receipt of one call: usage, price snapshot, formula, and what paid for it.',
  params: ReceiptParams,
  answer: Receipt,
});

const UsagePoint = z
  .object({
    from: Instant,
    to: Instant,
    group: z.record(z.string(), z.string()),
    calls: z.number().int(),
    input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    amount: Amount,
    currency: Currency,
  })
  .meta({ id: 'UsagePoint' });

export const getUsage = endpoint({
  operation: 'getUsage',
  method: 'GET',
  path: '/api/v1/billing/usage',
  summary:
    'Calls, tokens and cost by hour, day or month of the organization’s zone, split as asked.',
  query: z.strictObject({
    from: InstantInput.optional(),
    to: InstantInput.optional(),
    interval: z.enum(['hour', 'day', 'month']).default('day'),
    group_by: z
      .string()
      .regex(/^(model|api_key)(,(model|api_key))*$/, 'Group by "model", "api_key" or both.')
      .optional(),
  }),
  answer: z.object({ data: z.array(UsagePoint), next_cursor: z.string().nullable() }),
});

const OrganizationReceipt = Receipt.extend({
  organization: z.string(),
  channel: z.string().nullable(),
});

export const searchReceipts = endpoint({
  operation: 'searchReceipts',
  method: 'GET',
  path: '/api/v1/admin/calls',
  summary: 'Receipts of all organizations, newest first.',
  query: ReceiptQuery.extend({ organization: z.string().max(100).optional() }),
  answer: pageOf(OrganizationReceipt),
});

export const inspectReceipt = endpoint({
  operation: 'inspectReceipt',
  method: 'GET',
  path: '/api/v1/admin/calls/{request_id}',
  summary: 'The receipt of any organization’s call.',
  params: ReceiptParams,
  answer: OrganizationReceipt,
});
