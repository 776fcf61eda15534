/** Invoices: every purchase is one. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { Payment } from './payments.ts';

export const Invoice = z
  .object({
    id: z.string(),
    number: z.string(),
    kind: z.enum(['top_up', 'package', 'subscription', 'manual']),
    status: z.enum(['open', 'paid', 'void']),
    currency: Currency,
    total: Amount,
    lines: z.array(
      z.object({
        description: z.string(),
        quantity: z.number().int(),
        unit_amount: Amount,
        amount: Amount,
      }),
    ),
    exchange: z.object({ currency: Currency, rate: Amount, amount: Amount }).nullable().meta({
      description: 'What a top-up brings to the wallet, where it is sold in another currency.',
    }),
    issued_at: Instant,
    due_at: Instant,
    paid_at: Instant.nullable(),
  })
  .meta({ id: 'Invoice' });

/** Where the provider sends the payer back to: an address of this deployment's own web app. */
export const ReturnUrl = z.string().max(500).optional();

/** What a purchase answers: the invoice, and the payment that may pay it. */
export const Purchase = z.object({ invoice: Invoice, payment: Payment }).meta({ id: 'Purchase' });

export const topUpWallet = endpoint({
  operation: 'topUpWallet',
  method: 'POST',
  path: '/api/v1/billing/wallet/top-ups',
  summary: 'Invoices a top-up of the wallet and starts its payment.',
  body: z.strictObject({
    amount: AmountPositive,
    currency: Currency,
    provider: z.string().min(1).max(40),
    return_url: ReturnUrl,
  }),
  answer: Purchase,
  status: 201,
  idempotent: true,
  refusals: [
    'currency_unsupported',
    'amount_out_of_range',
    'provider_unavailable',
    'rule_violated',
    'organization_suspended',
  ],
  example: { amount: '20.00', currency: 'USD', provider: 'credit' },
});

export const listInvoices = endpoint({
  operation: 'listInvoices',
  method: 'GET',
  path: '/api/v1/billing/invoices',
  summary: 'Invoices of the organization, newest first.',
  query: PageQuery,
  answer: pageOf(Invoice),
});

export const getInvoice = endpoint({
  operation: 'getInvoice',
  method: 'GET',
  path: '/api/v1/billing/invoices/{id}',
  summary: 'One invoice.',
  params: IdParams,
  answer: Invoice,
});

export const payInvoice = endpoint({
  operation: 'payInvoice',
  method: 'POST',
  path: '/api/v1/billing/invoices/{id}/pay',
  summary:
    'Starts another payment of an open invoice: after one that was left, declined or at another provider.',
  params: IdParams,
  body: z.strictObject({ provider: z.string().min(1).max(40), return_url: ReturnUrl }),
  answer: Purchase,
  status: 201,
  idempotent: true,
  refusals: [
    'invalid_state',
    'provider_unavailable',
    'currency_unsupported',
    'rule_violated',
    'organization_suspended',
  ],
  example: { provider: 'credit' },
});
