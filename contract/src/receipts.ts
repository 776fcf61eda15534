/** The receipt of every call: what a buyer needs to compute the bill again. */
import { z } from 'zod';
import { Amount, AmountNotNegative, Currency } from './amounts.ts';
import { Prices } from './catalog.ts';
import { Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Quantity } from './meters.ts';

/** A part of usage that most calls do not have; left out where there is none. */
const Part = z.number().int().optional();

export const Receipt = z
  .object({
    request_id: z.string(),
    model: z.string().nullable().meta({ description: 'Null where no model was called.' }),
    api_key: z.string().nullable(),
    application: z
      .string()
      .nullable()
      .meta({ description: 'Whose own service asked for it; null through the gateway.' }),
    user: z.string().nullable(),
    cost_center: z
      .string()
      .nullable()
      .meta({ description: 'What it was booked under when it was made.' }),
    tags: z.array(z.string()),
    meters: z
      .record(z.string(), Quantity)
      .meta({ description: 'What was used of the application’s meters.' }),
    usage: z.object({
      input_tokens: z.number().int(),
      cached_input_tokens: z.number().int(),
      cache_write_tokens: z.number().int(),
      output_tokens: z.number().int(),
      reasoning_tokens: z.number().int(),
      cache_write_1h_tokens: Part.meta({ description: 'Of `cache_write_tokens`.' }),
      audio_input_tokens: Part.meta({ description: 'Of `input_tokens`.' }),
      image_input_tokens: Part.meta({ description: 'Of `input_tokens`.' }),
      audio_output_tokens: Part.meta({ description: 'Of `output_tokens`.' }),
      image_output_tokens: Part.meta({ description: 'Of `output_tokens`.' }),
      searches: Part.meta({ description: 'Web searches that the upstream ran.' }),
      estimated: z
        .boolean()
        .meta({ description: 'Counted here, as far as the upstream’s report did not say it.' }),
    }),
    price: z.string().nullable().meta({ description: 'The version in the price book.' }),
    prices: Prices.nullable().meta({
      description:
        'The price snapshot that rated this call, per million tokens: of the tier and way of serving that applied.',
    }),
    price_effective_from: Instant.nullable(),
    price_above_input_tokens: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'Bound of the tier of context length that applied to all of it.' }),
    service_tier: z
      .enum(['flex', 'priority', 'batch'])
      .nullable()
      .meta({ description: 'The way of serving whose prices applied; null for the usual one.' }),
    multiplier: z.string().meta({
      description: 'What tokens and fees were multiplied with: a decimal, mostly 1.',
      example: '1',
    }),
    on_abort: z
      .object({
        policy: z.enum(['delivered', 'drained']),
        delivered_output_tokens: z.number().int(),
        reported_output_tokens: z
          .number()
          .int()
          .nullable()
          .meta({ description: 'Null where the upstream reported nothing.' }),
      })
      .nullable()
      .meta({
        description:
          'Of a call whose caller left: `delivered` bills the output that was delivered, `drained` all that the upstream made.',
      }),
    formula: z.string().nullable().meta({ description: 'Null where nothing is charged.' }),
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
    rerated: z
      .object({ id: z.string(), amount: Amount, given_back: Amount, at: Instant })
      .optional()
      .meta({
        description:
          'Of a call that was rated again later: what it would have cost, and what went back into the wallet. The bill itself stays.',
      }),
    late: z.boolean().meta({ description: 'Settled after its hold had expired.' }),
    outcome: z.enum(['completed', 'aborted', 'upstream_error']),
    started_at: Instant,
    settled_at: Instant,
    latency_ms: z.number().int().nullable(),
    first_token_ms: z.number().int().nullable(),
  })
  .meta({ id: 'Receipt' });

const receiptFilters = {
  from: InstantInput.optional(),
  to: InstantInput.optional(),
  model: z.string().max(200).optional(),
  api_key: z.string().max(100).optional(),
  member: z.string().max(100).optional().meta({ description: '`none`: of no member.' }),
  cost_center: z.string().max(100).optional().meta({ description: '`none`: unassigned.' }),
  outcome: z.enum(['completed', 'aborted', 'upstream_error']).optional(),
  amount_min: AmountNotNegative.optional().meta({
    description: 'Only what cost at least so much.',
  }),
  tag: z.string().max(60).optional(),
};
const ReceiptQuery = PageQuery.extend(receiptFilters);

export const listReceipts = endpoint({
  operation: 'listReceipts',
  method: 'GET',
  path: '/api/v1/billing/usage/events',
  summary:
    'Receipts of the organization’s calls, newest first. A page looks through some hundred thousand calls and no more: it may be short, or empty, and `next_cursor` goes on.',
  query: ReceiptQuery,
  answer: pageOf(Receipt),
});

export const exportReceipts = endpoint({
  operation: 'exportReceipts',
  method: 'GET',
  path: '/api/v1/billing/usage/events/export',
  summary:
    'Receipts of the organization’s calls as a file, newest first, with all that `sluice receipt verify FILE` needs to compute each of them again.',
  query: z.strictObject({
    ...receiptFilters,
    request_id: z.string().max(100).optional().meta({ description: 'Only the receipt of this.' }),
    format: z.enum(['csv', 'jsonl']).default('csv').meta({
      description: '`csv` for a spreadsheet, `jsonl` with one receipt a line.',
    }),
  }),
});

/** A line of an export in JSON. */
export const SealedReceipt = Receipt.extend({
  seal: z.string().meta({ description: 'SHA-256 of the line’s other fields.' }),
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

const OrganizationReceipt = Receipt.extend({
  organization: z.string(),
  channel: z.string().nullable(),
  cost: Amount.nullable().meta({
    description: 'What the upstream charges by the channel’s cost prices; null where none are set.',
  }),
  margin: Amount.nullable().meta({ description: '`amount` less `cost`.' }),
  attempts: z.number().int().meta({ description: 'Upstreams that were asked.' }),
  surface: z.string().nullable().meta({
    description: 'What was called in which dialect; null for OpenAI’s chat completions.',
  }),
  upstream_model: z.string().nullable().meta({
    description: 'The name that the upstream knows the model by, where it is another.',
  }),
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
