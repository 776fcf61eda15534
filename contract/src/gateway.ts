/** Upstream channels: the accounts through which calls are relayed. */
import { z } from 'zod';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const Channel = z
  .object({
    id: z.string(),
    name: z.string(),
    dialect: z.enum(['openai', 'anthropic', 'gemini']),
    base_url: z.string(),
    has_api_key: z.boolean(),
    models: z.array(z.string()),
    aliases: z
      .record(z.string(), z.string())
      .meta({ description: 'Model asked for → model sent upstream.' }),
    weight: z.number().int(),
    priority: z.number().int(),
    concurrency: z.number().int().nullable(),
    status: z.enum(['active', 'disabled']),
    created_at: Instant,
  })
  .meta({ id: 'Channel' });

const ModelName = z.string().trim().min(1).max(200);
const ChannelFields = {
  name: nameOf('channel'),
  base_url: z
    .url({ protocol: /^https?$/, error: 'Write the address as "https://host/v1".' })
    .max(500),
  api_key: z.string().trim().min(1, 'Give the key of the upstream account.').max(2000),
  models: z.array(ModelName).min(1, 'Name at least one model.').max(500),
  aliases: z.record(ModelName, ModelName).optional(),
  weight: z.number().int().min(0).max(1_000_000).optional(),
  priority: z.number().int().min(-1000).max(1000).optional(),
  concurrency: z.number().int().min(1).max(1_000_000).nullable().optional(),
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
  body: z.strictObject({ ...ChannelFields, dialect: z.enum(['openai']) }),
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
    'Changes a channel; a key left out stays as it is, calls in flight finish on the old one.',
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
