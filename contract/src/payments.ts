/** Money coming in: payments, the providers that collect it, and money that fits no invoice. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';

/** What the payer does next. */
export const NextStep = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('redirect'), url: z.string() }),
    z.object({ type: z.literal('qr'), content: z.string(), url: z.string().nullable() }),
    z.object({
      type: z.literal('form'),
      action: z.string(),
      fields: z.record(z.string(), z.string()),
    }),
    z.object({ type: z.literal('none') }),
  ])
  .meta({ id: 'NextStep' });

/** Why a payment was declined, the same for all providers. */
export const DeclineCode = z
  .enum([
    'insufficient_funds',
    'card_declined',
    'expired_method',
    'action_required',
    'method_unusable',
    'limit_exceeded',
    'suspected_fraud',
    'currency_unsupported',
    'canceled_by_payer',
    'returned',
    'provider_error',
  ])
  .meta({ id: 'DeclineCode' });

export const Payment = z
  .object({
    id: z.string(),
    status: z.enum(['pending', 'succeeded', 'failed', 'canceled', 'unknown']),
    amount: Amount,
    currency: Currency,
    provider: z.string(),
    charged: z
      .object({ amount: Amount, currency: Currency, rate: Amount })
      .nullable()
      .meta({ description: 'What the provider collects, where it counts in another currency.' }),
    refunded: Amount.meta({ description: 'What was given back of it, or is about to be.' }),
    invoice: z.string().nullable(),
    next: NextStep,
    means: z.string().nullable().meta({ description: 'By which of the provider’s means.' }),
    payment_method: z
      .string()
      .nullable()
      .meta({ description: 'The stored method that is charged without the payer.' }),
    processing: z.boolean().meta({
      description: 'Whether the payer has done their part and the money is under way.',
    }),
    decline_code: DeclineCode.nullable().meta({
      description:
        'Why it, or the last try of a pending one, was declined; null where nobody says.',
    }),
    expires_at: Instant.nullable().meta({ description: 'Until when it can be paid.' }),
    created_at: Instant,
    settled_at: Instant.nullable(),
  })
  .meta({ id: 'Payment' });

export const listPayments = endpoint({
  operation: 'listPayments',
  method: 'GET',
  path: '/api/v1/billing/payments',
  summary: 'Payments of the organization, newest first.',
  query: PageQuery,
  answer: pageOf(Payment),
});

export const getPayment = endpoint({
  operation: 'getPayment',
  method: 'GET',
  path: '/api/v1/billing/payments/{id}',
  summary: 'One payment.',
  params: IdParams,
  answer: Payment,
});

/** A provider that can be paid with now. */
export const OfferedProvider = z
  .object({
    provider: z.string(),
    name: z.string(),
    currencies: z.array(Currency).nullable(),
    means: z
      .array(z.object({ id: z.string(), label: z.object({ en: z.string(), 'zh-CN': z.string() }) }))
      .meta({ description: 'Ways to pay there, the usual one first; none where there is one.' }),
    stores_methods: z
      .boolean()
      .meta({ description: 'Whether a method can be kept there and charged later.' }),
  })
  .meta({ id: 'OfferedProvider' });

export const listPaymentProviders = endpoint({
  operation: 'listPaymentProviders',
  method: 'GET',
  path: '/api/v1/payment-providers',
  summary: 'Providers that can be paid with now: the currencies and means of each.',
  answer: z.object({ data: z.array(OfferedProvider), next_cursor: z.null() }),
});

const NotificationParams = z.strictObject({ provider: z.string().min(1).max(40) });

export const receivePaymentNotification = endpoint({
  operation: 'receivePaymentNotification',
  method: 'GET',
  path: '/api/v1/webhooks/{provider}',
  summary: 'A payment provider tells us what happened; answered in the provider’s own words.',
  params: NotificationParams,
  refusals: ['provider_not_configured'],
});

export const receivePaymentNotificationPost = endpoint({
  operation: 'receivePaymentNotificationPost',
  method: 'POST',
  path: '/api/v1/webhooks/{provider}',
  summary: 'A payment provider tells us what happened; answered in the provider’s own words.',
  params: NotificationParams,
  refusals: ['provider_not_configured'],
});

/** One setting that a provider declares; the console draws its form from these. */
export const SettingField = z
  .object({
    key: z.string(),
    kind: z.enum(['text', 'secret', 'url', 'boolean', 'select', 'rates']),
    label: z.object({ en: z.string(), 'zh-CN': z.string() }),
    help: z.object({ en: z.string(), 'zh-CN': z.string() }).nullable(),
    required: z.boolean(),
    options: z.array(z.string()).nullable(),
    value: z
      .union([z.string(), z.boolean(), z.record(z.string(), z.string())])
      .nullable()
      .meta({ description: 'Null for a secret, whether or not it is set.' }),
    is_set: z.boolean(),
  })
  .meta({ id: 'SettingField' });

const ProviderCapabilities = z.object({
  notifies: z.boolean(),
  finds: z.boolean(),
  closes: z.boolean(),
  refunds: z.enum(['none', 'whole', 'part']),
  stores: z.boolean(),
  disputes: z.boolean(),
  statements: z.boolean(),
});

const ProviderHealth = z
  .object({
    calls: z.object({
      succeeded_at: Instant.nullable(),
      failed_at: Instant.nullable(),
      failed_call: z.string().nullable(),
    }),
    notifications: z.object({
      succeeded_at: Instant.nullable(),
      failed_at: Instant.nullable(),
      dead: z.number().int().meta({ description: 'Given up: they wait for a person.' }),
    }),
    payments: z
      .object({
        succeeded: z.number().int(),
        failed: z.number().int(),
        open: z.number().int(),
        success_rate: z.number().min(0).max(1).nullable(),
        overdue: z.number().int().meta({ description: 'Open longer than they should be.' }),
      })
      .meta({ description: 'Begun within the last 24 hours; `overdue` whenever they were begun.' }),
  })
  .meta({ id: 'ProviderHealth' });

export const Provider = z
  .object({
    provider: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    ready: z
      .boolean()
      .meta({ description: 'Whether all required settings are there, so that it can be enabled.' }),
    notify_url: z.string(),
    return_url: z.string(),
    fields: z.array(SettingField),
    capabilities: ProviderCapabilities,
    means: z.array(
      z.object({ id: z.string(), label: z.object({ en: z.string(), 'zh-CN': z.string() }) }),
    ),
    health: ProviderHealth,
  })
  .meta({ id: 'Provider' });

const ProviderParams = z.strictObject({ provider: z.string().min(1).max(40) });

export const listProviders = endpoint({
  operation: 'listProviders',
  method: 'GET',
  path: '/api/v1/admin/providers',
  summary: 'Payment providers with the settings each declares; secrets are never answered.',
  answer: z.object({ data: z.array(Provider), next_cursor: z.null() }),
});

export const getProvider = endpoint({
  operation: 'getProvider',
  method: 'GET',
  path: '/api/v1/admin/providers/{provider}',
  summary: 'One payment provider.',
  params: ProviderParams,
  answer: Provider,
});

export const updateProvider = endpoint({
  operation: 'updateProvider',
  method: 'PATCH',
  path: '/api/v1/admin/providers/{provider}',
  summary:
    'Changes a provider’s settings, or switches it on or off; a secret left out stays as it is.',
  params: ProviderParams,
  body: z.strictObject({
    enabled: z.boolean().optional(),
    settings: z
      .record(
        z.string().max(60),
        z.union([
          z.string().max(4000),
          z.boolean(),
          z.record(z.string().max(10), z.string().max(40)),
          z.null(),
        ]),
      )
      .optional(),
  }),
  answer: Provider,
  refusals: ['provider_not_configured', 'callback_not_public', 'rule_violated'],
  example: {
    enabled: true,
    settings: { pid: '10510', key: 'the-secret', gateway_url: 'https://credit.linux.do/epay' },
  },
});

export const OrganizationPayment = Payment.extend({
  organization: z.string().nullable(),
  number: z.string().meta({ description: 'The order number at the provider.' }),
  provider_transaction: z.string().nullable(),
});

export const searchPayments = endpoint({
  operation: 'searchPayments',
  method: 'GET',
  path: '/api/v1/admin/payments',
  summary: 'Payments of all organizations, newest first.',
  query: TimedPageQuery.extend({
    organization: z.string().max(100).optional(),
    provider: z.string().max(40).optional(),
    collected: z.literal('true').optional().meta({
      description:
        'Only what a provider collects, or an operator recorded: not what was paid from the wallet.',
    }),
    status: z.enum(['pending', 'succeeded', 'failed', 'canceled', 'unknown']).optional(),
    q: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'Payment id, order number or provider transaction.' }),
  }),
  answer: pageOf(OrganizationPayment),
});

export const recordManualPayment = endpoint({
  operation: 'recordManualPayment',
  method: 'POST',
  path: '/api/v1/admin/payments/manual',
  summary: 'Records money that came another way; it pays the named invoice, or tops up the wallet.',
  body: z.strictObject({
    organization: z.string().min(1).max(100),
    amount: AmountPositive,
    currency: Currency,
    invoice: z.string().max(100).optional(),
    note: z.string().trim().min(1, 'Say where the money came from.').max(500),
  }),
  answer: OrganizationPayment,
  status: 201,
  idempotent: true,
  refusals: ['currency_unsupported', 'amount_out_of_range', 'invalid_state'],
  example: {
    organization: 'org_01',
    amount: '100.00',
    currency: 'USD',
    note: 'Bank transfer of 3 March',
  },
});
