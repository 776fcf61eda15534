/**
 * Webhooks: what happens to an organization, posted to addresses of its own and signed as Standard Webhooks
 * (https://www.standardwebhooks.com). The events are the happenings; what each carries is said there.
 */
import { z } from 'zod';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { type HappeningName, happenings, organizationHappenings } from './happenings.ts';
import type { Permission } from './permissions.ts';

/**
 * Which version of their data events are sent in. Fields may be added to a version; whatever else changes gets another
 * one, and the event that has it says so in its body.
 */
export const webhookVersion = 1;

/** What somebody who tries an endpoint is sent; nothing has happened. */
export const webhookTest = 'webhook.test';

/** What a role must hold to be told of events, by what they are about: as reading the same through the API. */
const permissionsByCategory = {
  payments: 'billing.read',
  invoices: 'billing.read',
  subscriptions: 'billing.read',
  packages: 'billing.read',
  funds: 'billing.read',
  usage: 'usage.read_members',
  access: 'members.read',
} as const satisfies Record<(typeof happenings)[HappeningName]['category'], Permission>;

/** The permission without which nobody reads what an event carries, or has it sent somewhere. */
export function permissionForEvent(event: string): Permission {
  if (!isWebhookEvent(event)) return 'organization.read';
  return permissionsByCategory[happenings[event].category];
}

export function isWebhookEvent(event: string): event is HappeningName {
  return (organizationHappenings as string[]).includes(event);
}

const EventName = z
  .enum(organizationHappenings as [HappeningName, ...HappeningName[]], {
    error: 'Name an event of the list that GET /api/v1/webhook-events answers.',
  })
  .meta({ id: 'WebhookEventName' });

const WebhookEvent = z
  .object({
    event: EventName,
    category: z
      .enum(Object.keys(permissionsByCategory) as (keyof typeof permissionsByCategory)[])
      .meta({ description: 'What it is about.' }),
    version: z.number().int().meta({ description: 'Of what it carries.' }),
    allowed: z.boolean().meta({ description: 'Whether the caller’s role may have it sent.' }),
  })
  .meta({ id: 'WebhookEvent' });

export const WebhookEndpoint = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    events: z
      .array(EventName)
      .nullable()
      .meta({ description: 'What is sent there; null: every event, those to come too.' }),
    status: z.enum(['enabled', 'disabled']),
    disabled_reason: z
      .enum(['by_member', 'failing', 'gone'])
      .nullable()
      .meta({ description: '`failing`: nothing arrived for five days. `gone`: it answered 410.' }),
    failing_since: Instant.nullable().meta({
      description: 'Since when nothing was taken there; null while it takes what it is sent.',
    }),
    previous_secret_expires_at: Instant.nullable().meta({
      description: 'Until then the secret from before the last rotation signs as well.',
    }),
    created_at: Instant,
  })
  .meta({ id: 'WebhookEndpoint' });

const Secret = z.string().meta({
  description: 'What signatures are made with, `whsec_…`: shown once.',
});

const Outcome = z.enum([
  'delivered',
  'refused',
  'redirected',
  'timed_out',
  'unreachable',
  'not_allowed',
  'interrupted',
]);

const deliveryFields = {
  id: z.string(),
  webhook_endpoint: z.string(),
  message: z.string().meta({
    description: 'The header `webhook-id`, the same on every try: what came twice is known by it.',
  }),
  event: z.string(),
  test: z.boolean(),
  status: z.enum(['pending', 'delivered', 'failed']),
  tries: z.number().int().meta({ description: 'How often it was sent so far.' }),
  response_status: z.number().int().nullable().meta({ description: 'Of the last answer.' }),
  next_try_at: Instant.nullable().meta({ description: 'Null where nothing is tried any more.' }),
  created_at: Instant,
};

export const WebhookDelivery = z.object(deliveryFields).meta({ id: 'WebhookDelivery' });

const WebhookTry = z
  .object({
    number: z.number().int(),
    outcome: Outcome.nullable().meta({ description: 'Null while it is under way.' }),
    response_status: z.number().int().nullable(),
    response_excerpt: z.string().nullable().meta({ description: 'How the answer began.' }),
    error: z.string().nullable().meta({ description: 'What went wrong, where nothing answered.' }),
    duration_ms: z.number().int().nullable(),
    started_at: Instant,
  })
  .meta({ id: 'WebhookTry' });

export const WebhookDeliveryDetails = z
  .object({
    ...deliveryFields,
    body: z.string().meta({ description: 'What is sent, byte for byte: signatures are over it.' }),
    attempts: z.array(WebhookTry).meta({ description: 'Every try, the latest first.' }),
  })
  .meta({ id: 'WebhookDeliveryDetails' });

const urlCharsMax = 2000;
const Url = z
  .url({
    protocol: /^https?$/,
    error: 'Write the address as https://example.com/webhooks.',
  })
  .max(urlCharsMax, `Keep the address within ${urlCharsMax} characters.`);
const Description = z.string().trim().max(200, 'Keep the description within 200 characters.');
const Events = z
  .array(EventName)
  .min(1, 'Choose at least one event, or null for all of them.')
  .max(200)
  .nullable();

export const listWebhookEvents = endpoint({
  operation: 'listWebhookEvents',
  method: 'GET',
  path: '/api/v1/webhook-events',
  summary: 'Every event that webhooks tell, with the version of what it carries.',
  answer: z.object({ data: z.array(WebhookEvent), next_cursor: z.null() }),
});

export const listWebhookEndpoints = endpoint({
  operation: 'listWebhookEndpoints',
  method: 'GET',
  path: '/api/v1/webhook-endpoints',
  summary: 'The organization’s webhook endpoints, newest first.',
  query: PageQuery,
  answer: pageOf(WebhookEndpoint),
});

export const createWebhookEndpoint = endpoint({
  operation: 'createWebhookEndpoint',
  method: 'POST',
  path: '/api/v1/webhook-endpoints',
  summary:
    'Has events sent to an address from now on; the secret of its signatures is in this answer only.',
  body: z.strictObject({ url: Url, description: Description.optional(), events: Events }),
  answer: WebhookEndpoint.extend({ secret: Secret }),
  status: 201,
  idempotent: true,
  refusals: ['rule_violated', 'permission_not_held'],
  example: { url: 'https://example.com/webhooks', events: ['invoice.paid', 'payment.failed'] },
});

export const getWebhookEndpoint = endpoint({
  operation: 'getWebhookEndpoint',
  method: 'GET',
  path: '/api/v1/webhook-endpoints/{id}',
  summary: 'One webhook endpoint.',
  params: IdParams,
  answer: WebhookEndpoint,
});

export const updateWebhookEndpoint = endpoint({
  operation: 'updateWebhookEndpoint',
  method: 'PATCH',
  path: '/api/v1/webhook-endpoints/{id}',
  summary:
    'Changes an endpoint’s address, events or description, or switches it on or off; what waits is sent once it is on.',
  params: IdParams,
  body: z.strictObject({
    url: Url.optional(),
    description: Description.optional(),
    events: Events.optional(),
    enabled: z.boolean().optional(),
  }),
  answer: WebhookEndpoint,
  refusals: ['rule_violated', 'permission_not_held'],
  example: { enabled: true },
});

export const deleteWebhookEndpoint = endpoint({
  operation: 'deleteWebhookEndpoint',
  method: 'DELETE',
  path: '/api/v1/webhook-endpoints/{id}',
  summary: 'Removes an endpoint with its deliveries; nothing is sent there any more.',
  params: IdParams,
  status: 204,
});

export const rotateWebhookSecret = endpoint({
  operation: 'rotateWebhookSecret',
  method: 'POST',
  path: '/api/v1/webhook-endpoints/{id}/rotate-secret',
  summary:
    'Gives an endpoint a new secret, in this answer only. For 24 hours everything is signed with the old one as well.',
  params: IdParams,
  answer: WebhookEndpoint.extend({ secret: Secret }),
  idempotent: true,
});

export const testWebhookEndpoint = endpoint({
  operation: 'testWebhookEndpoint',
  method: 'POST',
  path: '/api/v1/webhook-endpoints/{id}/test',
  summary: `Sends \`${webhookTest}\` to an endpoint, once, even while it is off; the delivery says what came of it.`,
  params: IdParams,
  answer: WebhookDelivery,
  status: 201,
  idempotent: true,
  refusals: ['rule_violated'],
});

export const listWebhookDeliveries = endpoint({
  operation: 'listWebhookDeliveries',
  method: 'GET',
  path: '/api/v1/webhook-endpoints/{id}/deliveries',
  summary: 'What was sent to an endpoint within the last 30 days, newest first.',
  params: IdParams,
  query: PageQuery.extend({
    status: WebhookDelivery.shape.status.optional(),
    event: z.string().max(100).optional(),
  }),
  answer: pageOf(WebhookDelivery),
});

export const getWebhookDelivery = endpoint({
  operation: 'getWebhookDelivery',
  method: 'GET',
  path: '/api/v1/webhook-endpoints/deliveries/{id}',
  summary: 'One delivery: what was sent, and what every try was answered.',
  params: IdParams,
  answer: WebhookDeliveryDetails,
});

export const retryWebhookDelivery = endpoint({
  operation: 'retryWebhookDelivery',
  method: 'POST',
  path: '/api/v1/webhook-endpoints/deliveries/{id}/retry',
  summary: 'Sends a delivery again at once, whatever became of it, under the same `webhook-id`.',
  params: IdParams,
  answer: WebhookDelivery,
  idempotent: true,
  refusals: ['invalid_state'],
});

/** The body of every webhook. */
export const WebhookMessage = z
  .object({
    id: z.string().meta({ description: 'As the header `webhook-id` says.' }),
    type: z.string().meta({ description: 'The event.' }),
    version: z.number().int(),
    timestamp: Instant.meta({ description: 'When it happened.' }),
    organization: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'WebhookMessage' });

/** By event: the body that is sent for it. */
export const webhookMessages: ReadonlyMap<string, z.ZodType> = new Map(
  organizationHappenings.map((event) => [
    event,
    WebhookMessage.extend({
      type: z.literal(event),
      version: z.literal(webhookVersion),
      data: happenings[event].data,
    }),
  ]),
);
