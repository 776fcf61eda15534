/** What payment providers told us, as it came, what became of it, and whether a provider answers. */
import { z } from 'zod';
import { IdParams, Instant, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const NotificationOutcome = z
  .enum([
    'received',
    'settled',
    'repeated',
    'parked',
    'handled',
    'ignored',
    'unconfirmed',
    'failed',
    'dead',
    'refused',
  ])
  .meta({
    id: 'NotificationOutcome',
    description:
      '`received`: being looked at. `unconfirmed`, `failed`: tried again. `dead`: given up, waits for a person. `refused`: nobody can tell that it is the provider’s.',
  });

export const PaymentNotification = z
  .object({
    id: z.string(),
    provider: z.string(),
    outcome: NotificationOutcome,
    reason: z.string().nullable(),
    is_verified: z.boolean(),
    method: z.string(),
    address: z
      .string()
      .nullable()
      .meta({ description: 'Where it came from; an IPv6 network counts as one.' }),
    deliveries: z.number().int().meta({ description: 'How often the same bytes came.' }),
    tries: z.number().int().meta({ description: 'How often it was tried again here.' }),
    received_at: Instant,
    last_received_at: Instant,
    handled_at: Instant.nullable(),
    next_try_at: Instant.nullable(),
  })
  .meta({ id: 'PaymentNotification' });

export const PaymentNotificationDetail = PaymentNotification.extend({
  query: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().meta({ description: 'As text; secrets are masked, and a long one is cut.' }),
  body_bytes: z.number().int(),
  is_cut: z.boolean(),
}).meta({ id: 'PaymentNotificationDetail' });

export const listPaymentNotifications = endpoint({
  operation: 'listPaymentNotifications',
  method: 'GET',
  path: '/api/v1/admin/payment-notifications',
  summary:
    'What payment providers told us, newest first. Those that nobody can prove are listed only by `outcome=refused`.',
  query: TimedPageQuery.extend({
    provider: z.string().max(40).optional(),
    outcome: NotificationOutcome.optional(),
  }),
  answer: pageOf(PaymentNotification),
});

export const getPaymentNotification = endpoint({
  operation: 'getPaymentNotification',
  method: 'GET',
  path: '/api/v1/admin/payment-notifications/{id}',
  summary: 'One notification with its headers and body, secrets masked.',
  params: IdParams,
  answer: PaymentNotificationDetail,
});

export const replayPaymentNotification = endpoint({
  operation: 'replayPaymentNotification',
  method: 'POST',
  path: '/api/v1/admin/payment-notifications/{id}/replay',
  summary: 'Handles a notification again now; what is done already stays as it is.',
  params: IdParams,
  answer: PaymentNotificationDetail,
  refusals: ['provider_not_configured', 'invalid_state'],
});

export const testProvider = endpoint({
  operation: 'testProvider',
  method: 'POST',
  path: '/api/v1/admin/providers/{provider}/test',
  summary: 'Asks a payment provider whether it accepts our settings; moves nothing.',
  params: z.strictObject({ provider: z.string().min(1).max(40) }),
  answer: z.object({
    answers: z.boolean(),
    reason: z.string().nullable(),
    took_ms: z.number().int(),
  }),
  refusals: ['provider_not_configured'],
});
