/** Upstream channels: the accounts through which calls are relayed. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Prices, PricesInput } from './catalog.ts';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Dialect = z.enum(['openai', 'anthropic', 'gemini']);

/** Why an attempt failed, as far as an operator can do something about it. */
export const FailureReason = z.enum([
  'key_refused',
  'no_credit',
  'not_permitted',
  'model_unknown',
  'model_not_permitted',
  'rate_limited',
  'overloaded',
  'request_refused',
  'not_found',
  'upstream_error',
  'timeout',
  'unreachable',
  'tls',
  'proxy_failed',
  'broken',
  'bad_answer',
]);
export type FailureReason = z.infer<typeof FailureReason>;

const ChannelKey = z.object({
  id: z.string(),
  prefix: z
    .string()
    .nullable()
    .meta({ description: 'How the key begins; the rest is never shown.' }),
  created_at: Instant,
  state: z.enum(['ready', 'resting', 'refused']),
  until: Instant.nullable().meta({
    description: 'When it is tried again; null where that is with the next call.',
  }),
  reason: FailureReason.nullable(),
});

const Recent = z.object({
  calls: z.number().int(),
  failed: z.number().int(),
  p50_ms: z.number().int().nullable().meta({ description: 'Time to the first output.' }),
  p95_ms: z.number().int().nullable(),
});

const ChannelHealth = z
  .object({
    state: z.enum(['idle', 'healthy', 'resting', 'probing', 'refused']).meta({
      description:
        'The worst of all processes: `idle` was not called lately, `resting` is left alone until `until`, `probing` is tried with one call at a time, `refused` has no key that its upstream takes.',
    }),
    until: Instant.nullable(),
    in_flight: z.number().int(),
    failures: z.number().int().meta({ description: 'Failures in a row.' }),
    last_success_at: Instant.nullable(),
    last_failure: z
      .object({
        at: Instant,
        reason: FailureReason,
        status: z.number().int().nullable(),
        model: z.string(),
      })
      .nullable(),
    last_5_minutes: Recent,
    last_60_minutes: Recent,
    models: z
      .array(z.object({ model: z.string(), until: Instant.nullable(), reason: FailureReason }))
      .meta({ description: 'Models that the upstream refuses; the others go on.' }),
  })
  .meta({ id: 'ChannelHealth' });

const ModelName = z.string().trim().min(1).max(200);
const Factor = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,3})(?:\.\d{1,6})?$/, 'Write the factor as a decimal such as "0.6".');
const costOf = <P extends z.ZodType>(prices: P) =>
  z
    .union([
      z.strictObject({ factor: Factor.meta({ description: 'Of the list price.' }) }),
      z.strictObject({
        prices: z
          .record(ModelName, prices)
          .meta({ description: 'Per million tokens, by the model asked for.' }),
      }),
    ])
    .nullable();

export const Channel = z
  .object({
    id: z.string(),
    name: z.string(),
    dialect: Dialect,
    base_url: z.string(),
    has_api_key: z.boolean(),
    keys: z.array(ChannelKey),
    models: z.array(z.string()),
    aliases: z
      .record(z.string(), z.string())
      .meta({ description: 'Model asked for → model sent upstream.' }),
    weight: z.number().int(),
    priority: z.number().int(),
    concurrency: z.number().int().nullable(),
    proxy_url: z
      .string()
      .nullable()
      .meta({ description: 'Through which it is called; name and password are never shown.' }),
    cost: costOf(Prices).meta({ description: 'What its upstream charges; null where unknown.' }),
    status: z.enum(['active', 'disabled']),
    health: ChannelHealth,
    created_at: Instant,
  })
  .meta({ id: 'Channel' });

const UpstreamKey = z.string().trim().min(1, 'Give the key of the upstream account.').max(2000);
const ChannelFields = {
  name: nameOf('channel'),
  base_url: z
    .url({ protocol: /^https?$/, error: 'Write the address as "https://host/v1".' })
    .max(500),
  api_key: UpstreamKey,
  models: z.array(ModelName).min(1, 'Name at least one model.').max(500),
  aliases: z.record(ModelName, ModelName).optional(),
  weight: z.number().int().min(0).max(1_000_000).optional(),
  priority: z.number().int().min(-1000).max(1000).optional(),
  concurrency: z.number().int().min(1).max(1_000_000).nullable().optional(),
  proxy_url: z
    .url({
      protocol: /^(?:https?|socks5)$/,
      error: 'Write the proxy as "http://host:3128", "https://…" or "socks5://…".',
    })
    .max(500)
    .nullable()
    .optional(),
  cost: costOf(PricesInput).optional(),
};

export const listChannels = endpoint({
  operation: 'listChannels',
  method: 'GET',
  path: '/api/v1/admin/channels',
  summary: 'Upstream channels, in the order they are tried.',
  query: PageQuery,
  answer: pageOf(Channel),
});

export const getChannel = endpoint({
  operation: 'getChannel',
  method: 'GET',
  path: '/api/v1/admin/channels/{id}',
  summary: 'One channel; its key is never answered.',
  params: IdParams,
  answer: Channel,
});

export const createChannel = endpoint({
  operation: 'createChannel',
  method: 'POST',
  path: '/api/v1/admin/channels',
  summary: 'Adds an upstream channel; calls use it at once.',
  body: z.strictObject({ ...ChannelFields, dialect: Dialect }),
  answer: Channel,
  status: 201,
  idempotent: true,
  example: {
    name: 'primary',
    dialect: 'openai',
    base_url: 'https://api.openai.com/v1',
    api_key: 'sk-upstream',
    models: ['gpt-4o-mini'],
  },
});

export const updateChannel = endpoint({
  operation: 'updateChannel',
  method: 'PATCH',
  path: '/api/v1/admin/channels/{id}',
  summary:
    'Changes a channel; a key given here takes the place of all it has, calls in flight finish with theirs.',
  params: IdParams,
  body: z.strictObject({ ...ChannelFields, status: z.enum(['active', 'disabled']) }).partial(),
  answer: Channel,
});

export const deleteChannel = endpoint({
  operation: 'deleteChannel',
  method: 'DELETE',
  path: '/api/v1/admin/channels/{id}',
  summary: 'Removes a channel; calls in flight finish.',
  params: IdParams,
  status: 204,
});

const KeyParams = IdParams.extend({ key_id: z.string().min(1).max(100) });

export const addChannelKey = endpoint({
  operation: 'addChannelKey',
  method: 'POST',
  path: '/api/v1/admin/channels/{id}/keys',
  summary:
    'Adds a key of the upstream account: new calls share all keys, a refused one rests alone.',
  params: IdParams,
  body: z.strictObject({ api_key: UpstreamKey }),
  answer: Channel,
  status: 201,
  idempotent: true,
  refusals: ['rule_violated', 'already_exists'],
  example: { api_key: 'sk-upstream' },
});

export const removeChannelKey = endpoint({
  operation: 'removeChannelKey',
  method: 'DELETE',
  path: '/api/v1/admin/channels/{id}/keys/{key_id}',
  summary: 'Removes a key, unless it is the last; calls in flight finish with it.',
  params: KeyParams,
  status: 204,
  refusals: ['rule_violated'],
});

export const ChannelTest = z
  .object({
    ok: z.boolean(),
    model: z.string(),
    status: z.number().int().nullable().meta({ description: 'What the upstream answered.' }),
    reason: FailureReason.nullable(),
    message: z.string().meta({ description: 'What was found and, after a failure, what to do.' }),
    upstream_message: z.string().nullable().meta({ description: 'In the upstream’s own words.' }),
    latency_ms: z.number().int(),
    first_token_ms: z.number().int().nullable(),
    usage: z.object({ input_tokens: z.number().int(), output_tokens: z.number().int() }).nullable(),
  })
  .meta({ id: 'ChannelTest' });

export const testChannel = endpoint({
  operation: 'testChannel',
  method: 'POST',
  path: '/api/v1/admin/channels/{id}/test',
  summary: 'Sends one real call of at most 16 tokens upstream; no customer pays for it.',
  params: IdParams,
  body: z.strictObject({
    model: ModelName.optional().meta({ description: 'The first of the channel when left out.' }),
    key_id: z.string().min(1).max(100).optional(),
  }),
  answer: ChannelTest,
  refusals: ['rule_violated'],
  example: { model: 'gpt-4o-mini' },
});

export const listUpstreamModels = endpoint({
  operation: 'listUpstreamModels',
  method: 'GET',
  path: '/api/v1/admin/channels/{id}/upstream-models',
  summary: 'Models that the upstream says it serves, asked for now.',
  params: IdParams,
  answer: z.object({ data: z.array(z.object({ id: z.string() })) }),
  refusals: ['upstream_failed'],
});

export const ChannelAttempt = z
  .object({
    id: z.string(),
    at: Instant,
    request_id: z.string(),
    model: z.string(),
    status: z.number().int().nullable(),
    reason: FailureReason,
    cost: Amount.nullable().meta({
      description:
        'What the upstream probably charged for it; null where that is nothing or unknown.',
    }),
    currency: Currency,
  })
  .meta({ id: 'ChannelAttempt' });

export const listChannelAttempts = endpoint({
  operation: 'listChannelAttempts',
  method: 'GET',
  path: '/api/v1/admin/channels/{id}/attempts',
  summary: 'Attempts that failed at the channel in the last 90 days, newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(ChannelAttempt),
});
