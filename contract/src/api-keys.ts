/** The API keys that machines use, and what each of them is limited to. */
import { z } from 'zod';
import { Amount, AmountNotNegative } from './amounts.ts';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const RateLimits = z.object({
  rpm: z.number().int().nullable().meta({ description: 'Requests per minute.' }),
  tpm: z.number().int().nullable().meta({ description: 'Tokens per minute.' }),
  concurrency: z.number().int().nullable().meta({ description: 'Requests at the same time.' }),
});
const SpendCaps = z.object({
  day: Amount.nullable(),
  month: Amount.nullable(),
  total: Amount.nullable(),
});

export const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z
      .string()
      .meta({ description: 'The first characters of the secret, to tell keys apart.' }),
    status: z.enum(['active', 'expired', 'revoked']),
    allowed_models: z.array(z.string()).nullable().meta({
      description: 'Models, or groups as `group:` and a slug; null: all of the plan.',
    }),
    application: z
      .string()
      .nullable()
      .meta({ description: 'The only application that it may be used with; null: any.' }),
    ip_allowlist: z.array(z.string()).nullable(),
    rate_limits: RateLimits,
    user: z
      .object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })
      .meta({ description: 'Who holds it: the member whose use it is.' }),
    cost_center: z
      .object({
        id: z.string(),
        code: z.string(),
        name: z.string(),
        inherited: z.boolean().meta({ description: 'It is the holder’s, not the key’s own.' }),
      })
      .nullable()
      .meta({ description: 'What its calls are booked under; null: unassigned.' }),
    spend_caps: SpendCaps.meta({ description: 'In the usage currency, by calendar.' }),
    tags: z.array(z.string()),
    expires_at: Instant.nullable(),
    previous_expires_at: Instant.nullable().meta({
      description: 'Until then the secret from before the last rotation works as well.',
    }),
    last_used_at: Instant.nullable(),
    created_at: Instant,
    revoked_at: Instant.nullable(),
  })
  .meta({ id: 'ApiKey' });

const AllowedModels = z.array(z.string().min(1).max(200)).min(1).max(200).nullable();
/** An address or a range of them. */
export const AddressRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'Write an address or a range, such as "203.0.113.7", "10.0.0.0/8" or "2001:db8::/32".',
});
const rate = (max: number) => z.number().int().min(1).max(max).nullable().optional();
const ratesMax = { rpm: 1_000_000, tpm: 1_000_000_000, concurrency: 100_000 };
const Tag = z.string().regex(/^[A-Za-z0-9_.:=@-]{1,60}$/, 'Write a tag as team:research');

/** What a key is limited to, beside its models and expiry; what is left out stays as it is. */
const keyLimits = {
  allowed_models: AllowedModels.optional(),
  application: z.string().min(1).max(100).nullable().optional().meta({
    description: 'Id or slug of the only application that it may be used with.',
  }),
  ip_allowlist: z.array(AddressRange).min(1).max(100).nullable().optional(),
  rate_limits: z
    .strictObject({
      rpm: rate(ratesMax.rpm),
      tpm: rate(ratesMax.tpm),
      concurrency: rate(ratesMax.concurrency),
    })
    .optional(),
  spend_caps: z
    .strictObject({
      day: AmountNotNegative.nullable().optional(),
      month: AmountNotNegative.nullable().optional(),
      total: AmountNotNegative.nullable().optional(),
    })
    .optional(),
  tags: z.array(Tag).max(10).optional(),
};

/** Whose it is and what it is booked under: for those who manage members. */
const keyAssignment = {
  user: z.string().min(1).max(100).optional().meta({
    description:
      'The member who holds it from now on; calls made before stay with who held it then.',
  }),
  cost_center: z.string().min(1).max(100).nullable().optional().meta({
    description: 'Null: its holder’s.',
  }),
};

export const listApiKeys = endpoint({
  operation: 'listApiKeys',
  method: 'GET',
  path: '/api/v1/api-keys',
  summary:
    'API keys, newest first: the organization’s for those who manage members, otherwise the caller’s own.',
  query: PageQuery.extend({
    user: z.string().max(100).optional(),
    cost_center: z.string().max(100).optional().meta({
      description: '`none`: of no cost center.',
    }),
  }),
  answer: pageOf(ApiKey),
});

export const createApiKey = endpoint({
  operation: 'createApiKey',
  method: 'POST',
  path: '/api/v1/api-keys',
  summary: 'Creates an API key; its secret is in this answer only.',
  body: z.strictObject({
    name: nameOf('key'),
    expires_at: InstantInput.nullable().optional(),
    ...keyLimits,
    ...keyAssignment,
  }),
  answer: ApiKey.extend({ key: z.string().meta({ description: 'The secret, shown once.' }) }),
  status: 201,
  idempotent: true,
  refusals: ['rule_violated', 'amount_out_of_range', 'organization_suspended'],
  example: {
    name: 'production',
    allowed_models: ['gpt-4o-mini'],
    ip_allowlist: ['203.0.113.0/24'],
    rate_limits: { rpm: 60 },
    spend_caps: { month: '50' },
    tags: ['team:research'],
  },
});

export const updateApiKey = endpoint({
  operation: 'updateApiKey',
  method: 'PATCH',
  path: '/api/v1/api-keys/{id}',
  summary:
    'Renames a key or changes its expiry, models, addresses, limits, caps, tags, holder or cost center.',
  params: IdParams,
  body: z.strictObject({
    name: nameOf('key').optional(),
    expires_at: InstantInput.nullable().optional(),
    ...keyLimits,
    ...keyAssignment,
  }),
  answer: ApiKey,
  refusals: ['invalid_state', 'rule_violated', 'amount_out_of_range'],
});

const graceSecondsMax = 30 * 86_400;

export const rotateApiKey = endpoint({
  operation: 'rotateApiKey',
  method: 'POST',
  path: '/api/v1/api-keys/{id}/rotate',
  summary:
    'Gives a key a new secret, in this answer only; the old one works on until the grace is over.',
  params: IdParams,
  body: z.strictObject({
    grace_seconds: z.number().int().min(0).max(graceSecondsMax).default(86_400),
  }),
  answer: ApiKey.extend({ key: z.string().meta({ description: 'The secret, shown once.' }) }),
  idempotent: true,
  refusals: ['invalid_state'],
  example: { grace_seconds: 3600 },
});

export const revokeApiKey = endpoint({
  operation: 'revokeApiKey',
  method: 'DELETE',
  path: '/api/v1/api-keys/{id}',
  summary: 'Revokes a key at once and for good.',
  params: IdParams,
  status: 204,
});
