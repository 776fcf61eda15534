/** Money that goes back: refunds, made here or at the provider, and a payment with all that became of it. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, pageOf, TimedPageQuery } from './conventions.ts';
import { DisputeSummary } from './disputes.ts';
import { endpoint } from './endpoint.ts';
import { Reason } from './invoicing.ts';
import { OrganizationPayment } from './payments.ts';
import { UnappliedMoney } from './unapplied.ts';

export const refundStatuses = ['pending', 'unknown', 'succeeded', 'failed'] as const;

/** As the customer sees it. */
export const PaymentRefund = z
  .object({
    id: z.string(),
    payment: z.string().nullable(),
    amount: Amount,
    currency: Currency,
    charged: z
      .object({ amount: Amount, currency: Currency })
      .nullable()
      .meta({ description: 'What the provider gives back, where it counts in another currency.' }),
    to: z.enum(['provider', 'wallet']),
    status: z
      .enum(refundStatuses)
      .meta({ description: '`unknown`: the provider did not answer, and is asked again.' }),
    reason: z.string(),
    created_at: Instant,
    finished_at: Instant.nullable(),
  })
  .meta({ id: 'PaymentRefund' });

export const Refund = PaymentRefund.extend({
  organization: z.string().nullable(),
  unapplied: z.string().nullable(),
  invoice: z.string().nullable(),
  provider: z.string(),
  number: z.string().meta({ description: 'The refund’s number at the provider.' }),
  reference: z.string().nullable().meta({ description: 'What the provider calls it.' }),
  origin: z
    .enum(['operator', 'provider'])
    .meta({ description: '`provider`: it was made there, and booked here when we heard of it.' }),
  failure: z.string().nullable(),
  requested_by: z.string().nullable(),
}).meta({ id: 'Refund' });

export const refundPayment = endpoint({
  operation: 'refundPayment',
  method: 'POST',
  path: '/api/v1/admin/payments/{id}/refunds',
  summary:
    'Gives a payment back, in part or whole; an invoice’s money goes with a credit note, a top-up’s leaves the wallet.',
  params: IdParams,
  body: z.strictObject({
    amount: AmountPositive.optional().meta({
      description: 'In the payment’s currency; all that is left of it when left out.',
    }),
    reason: Reason,
    to: z.enum(['provider', 'wallet']).default('provider').meta({
      description: 'Into the wallet for what the provider cannot give back.',
    }),
    leaves_debt: z.boolean().default(false).meta({
      description: 'Whether the customer owes what was spent of a top-up.',
    }),
  }),
  answer: Refund,
  status: 201,
  idempotent: true,
  refusals: [
    'invalid_state',
    'amount_out_of_range',
    'provider_unavailable',
    'insufficient_funds',
    'currency_unsupported',
    'rule_violated',
  ],
  example: { amount: '5.00', reason: 'The second week was not used' },
});

export const searchRefunds = endpoint({
  operation: 'searchRefunds',
  method: 'GET',
  path: '/api/v1/admin/refunds',
  summary: 'Refunds of all organizations, newest first.',
  query: TimedPageQuery.extend({
    organization: z.string().max(100).optional(),
    payment: z.string().max(100).optional(),
    status: z.enum(refundStatuses).optional(),
    origin: z.enum(['operator', 'provider']).optional(),
  }),
  answer: pageOf(Refund),
});

export const inspectRefund = endpoint({
  operation: 'inspectRefund',
  method: 'GET',
  path: '/api/v1/admin/refunds/{id}',
  summary: 'One refund.',
  params: IdParams,
  answer: Refund,
});

export const inspectPayment = endpoint({
  operation: 'inspectPayment',
  method: 'GET',
  path: '/api/v1/admin/payments/{id}',
  summary: 'One payment, with its refunds, its disputes, and what of its money fitted nothing.',
  params: IdParams,
  answer: OrganizationPayment.extend({
    refundable: z
      .object({
        amount: Amount.meta({ description: 'What is left to be given back.' }),
        by_provider: z.enum(['none', 'whole', 'part']),
      })
      .nullable()
      .meta({ description: 'Null where nothing can be given back.' }),
    refunds: z.array(Refund),
    disputes: z.array(DisputeSummary),
    unapplied: z.array(UnappliedMoney),
  }).meta({ id: 'InspectedPayment' }),
});

export const listPaymentRefunds = endpoint({
  operation: 'listPaymentRefunds',
  method: 'GET',
  path: '/api/v1/billing/payments/{id}/refunds',
  summary: 'What was given back of one payment, newest first.',
  params: IdParams,
  answer: z.object({ data: z.array(PaymentRefund), next_cursor: z.null() }),
});
