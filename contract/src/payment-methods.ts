/** Payment methods that providers keep for an organization: charged without the payer, or chosen at checkout. */
import { z } from 'zod';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { ReturnUrl } from './pay-with.ts';
import { DeclineCode, NextStep } from './payments.ts';

export const PaymentMethod = z
  .object({
    id: z.string(),
    provider: z.string(),
    kind: z.enum(['card', 'bank_account', 'account', 'agreement']),
    label: z.string().meta({ description: 'What the payer knows it by; never a whole number.' }),
    expires: z
      .string()
      .nullable()
      .meta({ description: 'The month up to which it is good.', example: '2028-04' }),
    expired: z.boolean(),
    default: z.boolean(),
    created_at: Instant,
    confirmed_at: Instant.nullable().meta({
      description: 'When its provider last said that it is there; asked about once a day.',
    }),
  })
  .meta({ id: 'PaymentMethod' });

export const MethodSetup = z
  .object({
    id: z.string(),
    provider: z.string(),
    status: z.enum(['pending', 'stored', 'failed', 'canceled']),
    next: NextStep,
    decline_code: DeclineCode.nullable(),
    payment_method: PaymentMethod.nullable().meta({ description: 'What was stored.' }),
    created_at: Instant,
    expires_at: Instant,
  })
  .meta({ id: 'PaymentMethodSetup' });

export const listPaymentMethods = endpoint({
  operation: 'listPaymentMethods',
  method: 'GET',
  path: '/api/v1/billing/payment-methods',
  summary: 'Payment methods of the organization, the default first.',
  answer: z.object({ data: z.array(PaymentMethod), next_cursor: z.null() }),
});

export const setUpPaymentMethod = endpoint({
  operation: 'setUpPaymentMethod',
  method: 'POST',
  path: '/api/v1/billing/payment-methods',
  summary: 'Starts storing a payment method at a provider, without paying.',
  body: z.strictObject({
    provider: z.string().min(1).max(40),
    means: z.string().min(1).max(40).optional(),
    return_url: ReturnUrl,
  }),
  answer: z.object({ setup: MethodSetup }),
  status: 201,
  idempotent: true,
  refusals: ['payments_on_hold', 'provider_unavailable', 'rule_violated'],
  example: { provider: 'stripe' },
});

export const getPaymentMethodSetup = endpoint({
  operation: 'getPaymentMethodSetup',
  method: 'GET',
  path: '/api/v1/billing/payment-methods/setups/{id}',
  summary: 'How storing a payment method stands; asked at the provider while it is open.',
  params: IdParams,
  answer: z.object({ setup: MethodSetup }),
});

export const updatePaymentMethod = endpoint({
  operation: 'updatePaymentMethod',
  method: 'PATCH',
  path: '/api/v1/billing/payment-methods/{id}',
  summary: 'Makes a payment method the default.',
  params: IdParams,
  body: z.strictObject({ default: z.literal(true) }),
  answer: PaymentMethod,
  example: { default: true },
});

export const removePaymentMethod = endpoint({
  operation: 'removePaymentMethod',
  method: 'DELETE',
  path: '/api/v1/billing/payment-methods/{id}',
  summary: 'Removes a payment method, here and at its provider.',
  params: IdParams,
  status: 204,
});
