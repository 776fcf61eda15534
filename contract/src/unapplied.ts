/** Money that was received and fits no open invoice, and what an operator does with it. */
import { z } from 'zod';
import { Amount, Currency, decimalInput } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Reason } from './invoicing.ts';

export const unappliedStates = ['open', 'applied', 'returned'] as const;

export const UnappliedMoney = z
  .object({
    id: z.string(),
    organization: z.string().nullable(),
    payment: z.string().nullable(),
    provider: z.string(),
    provider_transaction: z.string(),
    amount: Amount,
    currency: Currency,
    reason: z.enum(['late', 'duplicate', 'amount_mismatch', 'unknown_order', 'invoice_closed']),
    received_at: Instant,
    state: z.enum(unappliedStates),
    applied: z
      .object({
        invoice: z.string().nullable().meta({ description: 'Null where the wallet took it.' }),
        amount: Amount,
        currency: Currency,
      })
      .nullable(),
    resolved_at: Instant.nullable(),
    resolved_by: z.string().nullable(),
  })
  .meta({ id: 'UnappliedMoney' });

export const listUnapplied = endpoint({
  operation: 'listUnapplied',
  method: 'GET',
  path: '/api/v1/admin/unapplied',
  summary: 'Money that was received and fitted no open invoice, newest first.',
  query: PageQuery.extend({
    organization: z.string().max(100).optional(),
    state: z.enum(unappliedStates).optional(),
    provider: z.string().max(40).optional(),
  }),
  answer: pageOf(UnappliedMoney),
});

export const applyUnapplied = endpoint({
  operation: 'applyUnapplied',
  method: 'POST',
  path: '/api/v1/admin/unapplied/{id}/apply',
  summary: 'Pays an invoice with money that fitted nothing, or puts it into the wallet.',
  params: IdParams,
  body: z
    .strictObject({
      invoice: z.string().min(1).max(100).optional().meta({
        description: 'Of which exactly this much is due; several currencies meet at the rate.',
      }),
      wallet: z.literal(true).optional(),
      organization: z.string().min(1).max(100).optional().meta({
        description: 'Whose money it is, where that is not known.',
      }),
      rate: decimalInput('rate').optional().meta({
        description:
          'Units of the invoice’s or wallet’s currency per unit of the money; by default the payment’s own rate, or the operator’s.',
      }),
    })
    .refine(({ invoice, wallet }) => (invoice === undefined) !== (wallet === undefined), {
      message: 'Name an invoice, or say "wallet": true.',
    }),
  answer: UnappliedMoney,
  idempotent: true,
  refusals: ['invalid_state', 'amount_out_of_range', 'currency_unsupported', 'rule_violated'],
  example: { wallet: true },
});

export const returnUnapplied = endpoint({
  operation: 'returnUnapplied',
  method: 'POST',
  path: '/api/v1/admin/unapplied/{id}/return',
  summary: 'Gives money that fitted nothing back at its provider.',
  params: IdParams,
  body: z.strictObject({ reason: Reason }),
  answer: UnappliedMoney,
  idempotent: true,
  refusals: ['invalid_state', 'provider_unavailable', 'rule_violated'],
  example: { reason: 'Paid twice' },
});
