/** What an application's own service asks: may this customer do this now, and what was used of it. */
import { z } from 'zod';
import { Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Limit } from './limits.ts';
import { FeatureValue, QuantityInput, ReferenceInput } from './meters.ts';
import { Receipt } from './receipts.ts';

export { Limit };

const nameLengthMax = 200;
const subjectPart = (what: string) =>
  z
    .string()
    .min(1)
    .max(nameLengthMax)
    .regex(/^[\x21-\x7e]+$/, `Write the ${what} in printable ASCII without spaces.`);

const oneSubject = 'Name one of api_key, organization, external_id and user';

function isOneSubject(subject: Record<string, unknown>): boolean {
  const named = ['api_key', 'external_id', 'user'].filter((key) => subject[key] !== undefined);
  if (subject.organization === undefined) return named.length === 1;
  return named.length === 0 || (named.length === 1 && subject.user !== undefined);
}

/** Whose use it is. */
export const Subject = z
  .strictObject({
    api_key: subjectPart('key')
      .optional()
      .meta({ description: 'The secret as the customer presents it, or the key’s id.' }),
    organization: subjectPart('organization').optional(),
    external_id: subjectPart('external id')
      .optional()
      .meta({ description: 'As the application registered it.' }),
    user: subjectPart('user')
      .optional()
      .meta({ description: 'A member; with `organization` where there are several.' }),
  })
  .refine(isOneSubject, `${oneSubject}; a user may be named with an organization`)
  .meta({ id: 'Subject', example: { external_id: 'customer-42' } });

/** Ids are the application's own: unique within it, for authorize, settle, release and renew. */
const RequestId = z
  .string()
  .min(1)
  .max(nameLengthMax)
  .regex(/^[\x21-\x7e]+$/, 'Write the request id in printable ASCII without spaces.')
  .meta({ description: 'The application’s own id of this piece of work, used once.' });

const Tokens = z.number().int().min(0).max(1_000_000_000);

/** What a model call takes at most. */
const TokenEstimate = z.strictObject({
  input_tokens: Tokens.optional().meta({
    description: 'At most; left out, the model’s whole context is reserved.',
  }),
  max_output_tokens: Tokens.optional().meta({
    description: 'At most; left out, the model’s own maximum is reserved.',
  }),
});

const metersMax = 20;

/** Meter → quantity in the meter's unit; a bare key is the application's own meter first. */
const MeterQuantities = z
  .record(ReferenceInput, QuantityInput)
  .refine((quantities) => Object.keys(quantities).length > 0, 'Name at least one meter')
  .refine(
    (quantities) => Object.keys(quantities).length <= metersMax,
    `Name at most ${metersMax} meters`,
  );

const holdSecondsMax = 86_400;
const HoldSeconds = z.number().int().min(1).max(holdSecondsMax).default(300).meta({
  description: 'How long what is reserved is kept without a word: settle or renew before.',
});

export const authorizeAccess = endpoint({
  operation: 'authorizeAccess',
  method: 'POST',
  path: '/api/v1/access/authorize',
  summary:
    'Decides whether the subject may do this now, and reserves the estimate of every quota and its worst cost; repeated while it is open, it answers as before.',
  body: z.strictObject({
    request_id: RequestId,
    subject: Subject,
    estimate: z.union([TokenEstimate, MeterQuantities]).meta({
      description: 'With `model` the most tokens it takes; without, the quantity of each meter.',
    }),
    model: z.string().min(1).max(nameLengthMax).optional(),
    application: z.string().min(1).max(nameLengthMax).optional().meta({
      description: 'Id or slug; another than the key’s own is refused.',
    }),
    ip: z.union([z.ipv4(), z.ipv6()]).optional().meta({
      description: 'Where the customer called from: needed where the key allows addresses only.',
    }),
    tags: z
      .array(z.string().regex(/^[A-Za-z0-9_.:=@-]{1,60}$/, 'Write a tag as team:research'))
      .max(10)
      .default([]),
    hold_seconds: HoldSeconds,
  }),
  answer: z.object({
    decision: z.literal('permit'),
    request_id: z.string(),
    call: z.string().meta({ description: 'Sluice’s own id of it, by which its receipt is found.' }),
    organization: z.string(),
    expires_at: Instant.meta({ description: 'Then what is reserved is given back.' }),
    limits: z.array(Limit).meta({
      description: 'The limits that this counts against, with it reserved; the scarcest first.',
    }),
  }),
  refusals: [
    'insufficient_funds',
    'spend_cap_exceeded',
    'organization_past_due',
    'ip_not_allowed',
    'model_not_allowed',
    'organization_suspended',
    'quota_required',
    'subject_unknown',
    'request_closed',
    'meter_unknown',
    'model_unpriced',
    'rule_violated',
    'quota_exceeded',
    'rate_limited',
    'concurrency_exceeded',
    'unavailable',
  ],
  example: {
    request_id: 'scan-7f3a',
    subject: { external_id: 'customer-42' },
    estimate: { analyses: '1' },
  },
});

const TokenUsage = z
  .strictObject({
    input_tokens: Tokens.meta({ description: 'With those from a cache and those written to it.' }),
    output_tokens: Tokens.meta({ description: 'With those of reasoning.' }),
    cached_input_tokens: Tokens.default(0),
    cache_write_tokens: Tokens.default(0),
    reasoning_tokens: Tokens.default(0),
    estimated: z.boolean().default(false).meta({ description: 'Counted by the application.' }),
  })
  .refine(
    (usage) => usage.cached_input_tokens + usage.cache_write_tokens <= usage.input_tokens,
    'input_tokens includes those from a cache and those written to it',
  )
  .refine(
    (usage) => usage.reasoning_tokens <= usage.output_tokens,
    'output_tokens includes those of reasoning',
  );

const Milliseconds = z.number().int().min(0).max(2_147_483_647);

export const settleAccess = endpoint({
  operation: 'settleAccess',
  method: 'POST',
  path: '/api/v1/access/settle',
  summary:
    'Records what was used and pays for it; repeated, it answers the first receipt, whatever usage the repeat names.',
  body: z.strictObject({
    request_id: RequestId,
    usage: z.union([TokenUsage, MeterQuantities]).meta({
      description: 'Tokens of a model call, otherwise the quantity of each meter.',
    }),
    outcome: z.enum(['completed', 'aborted', 'upstream_error']).default('completed'),
    latency_ms: Milliseconds.optional(),
    first_token_ms: Milliseconds.optional(),
  }),
  answer: Receipt.extend({
    call: z
      .string()
      .meta({ description: 'Sluice’s own id of it; `request_id` is as it was sent.' }),
  }).meta({ id: 'AccessReceipt' }),
  refusals: ['not_found', 'request_closed', 'meter_unknown', 'rule_violated', 'unavailable'],
  example: { request_id: 'scan-7f3a', usage: { analyses: '1' } },
});

const Released = z.object({
  request_id: z.string(),
  released: z.boolean().meta({
    description: 'False where nothing was held any more: released before, or expired.',
  }),
});

export const releaseAccess = endpoint({
  operation: 'releaseAccess',
  method: 'POST',
  path: '/api/v1/access/release',
  summary: 'Gives everything back that was reserved: the work was not done, and nothing is owed.',
  body: z.strictObject({ request_id: RequestId }),
  answer: Released,
  refusals: ['not_found', 'request_closed', 'unavailable'],
  example: { request_id: 'scan-7f3a' },
});

export const renewAccess = endpoint({
  operation: 'renewAccess',
  method: 'POST',
  path: '/api/v1/access/renew',
  summary: 'Keeps what is reserved for long work: call it every third of the hold’s time.',
  body: z.strictObject({ request_id: RequestId, hold_seconds: HoldSeconds }),
  answer: z.object({ request_id: z.string(), expires_at: Instant }),
  refusals: ['not_found', 'request_closed', 'invalid_state', 'unavailable'],
  example: { request_id: 'scan-7f3a', hold_seconds: 600 },
});

export const admitRequest = endpoint({
  operation: 'admitRequest',
  method: 'GET',
  path: '/api/v1/access/admit',
  summary:
    'Decides one request for a proxy in front of an API, and counts it at once. The proxy sends its application key as usual, the customer’s API key as `Sluice-Key` and the customer’s address as `Sluice-Caller-Ip`.',
  query: z.strictObject({
    meter: ReferenceInput.default('requests').meta({ description: 'What a request counts on.' }),
    quantity: QuantityInput.default('1'),
    statuses: z.enum(['all', 'nginx']).default('all').meta({
      description:
        'With `nginx` every refusal but 401 is 403, which is all that its `auth_request` passes on, and `Sluice-Status` says which it was.',
    }),
  }),
  answer: z.object({
    decision: z.literal('permit'),
    call: z.string().meta({ description: 'Sluice’s own id of it, by which its receipt is found.' }),
    organization: z.string(),
    limits: z.array(Limit).meta({
      description: 'The limits that this counted against; the scarcest first.',
    }),
  }),
  refusals: [
    'invalid_credentials',
    'insufficient_funds',
    'spend_cap_exceeded',
    'organization_past_due',
    'ip_not_allowed',
    'organization_suspended',
    'user_suspended',
    'quota_required',
    'meter_unknown',
    'rule_violated',
    'quota_exceeded',
    'rate_limited',
    'concurrency_exceeded',
    'unavailable',
  ],
});

export const checkRateLimit = endpoint({
  operation: 'checkRateLimit',
  method: 'POST',
  path: '/api/v1/access/rate-limits',
  summary:
    'Counts one request of the subject against a limit of the application’s own, and answers whether it may pass; kept in memory, for shaping traffic and not for billing.',
  body: z.strictObject({
    subject: Subject,
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_.-]{0,59}$/, 'Name the limit in lower case, such as "search"'),
    limit: z.number().int().min(1).max(1_000_000),
    window_seconds: z.number().int().min(1).max(86_400),
  }),
  answer: z.object({
    allowed: z.boolean(),
    limit: z.number().int(),
    remaining: z.number().int(),
    resets_at: Instant,
    retry_after_seconds: z.number().int().meta({ description: '0 where it may pass.' }),
  }),
  refusals: ['subject_unknown'],
  example: {
    subject: { external_id: 'customer-42' },
    name: 'search',
    limit: 60,
    window_seconds: 60,
  },
});

/** The subject of a question: `subject` alone where its form says what it is, or by its kind. */
const SubjectQuery = z.strictObject({
  subject: subjectPart('subject').optional().meta({
    description:
      '`sk-…` and `key_…` are keys, `org_…` an organization, `usr_…` a person; anything else is an external id. A secret is better sent as the header `Sluice-Subject`.',
  }),
  api_key: subjectPart('key').optional(),
  organization: subjectPart('organization').optional(),
  external_id: subjectPart('external id').optional(),
  user: subjectPart('user').optional(),
});

export const getAccessFeatures = endpoint({
  operation: 'getAccessFeatures',
  method: 'GET',
  path: '/api/v1/access/features',
  summary: 'What the subject’s plan gives it: features and their values.',
  query: SubjectQuery,
  answer: z.object({
    data: z.record(z.string(), FeatureValue),
    plan: z.object({ id: z.string(), slug: z.string(), name: z.string() }).nullable(),
    organization: z.string(),
  }),
  refusals: ['subject_unknown'],
});

export const getAccessQuotas = endpoint({
  operation: 'getAccessQuotas',
  method: 'GET',
  path: '/api/v1/access/quotas',
  summary: 'The limits that count for the subject now, with what is used of each.',
  query: SubjectQuery,
  answer: z.object({ data: z.array(Limit), next_cursor: z.null(), organization: z.string() }),
  refusals: ['subject_unknown'],
});
