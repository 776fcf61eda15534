/** Invoices: every purchase is one. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf, TimedPageQuery } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { payWith } from './pay-with.ts';
import { Payment } from './payments.ts';

/** What a line is for: a code with its parameters, so that it can be said in any language. */
export const LineText = z
  .object({ code: z.string(), params: z.record(z.string(), z.string()) })
  .meta({ id: 'LineText' });

export const Tax = z
  .object({
    name: z.string(),
    rate: z.string().meta({ description: 'Percent.', example: '19' }),
    taxable: Amount,
    amount: Amount,
  })
  .meta({ id: 'Tax' });

const Period = z
  .object({ from: Instant, to: Instant })
  .nullable()
  .meta({ description: 'Half-open.' });

export const InvoiceLine = z
  .object({
    position: z.number().int(),
    kind: z.enum([
      'top_up',
      'package',
      'subscription',
      'setup_fee',
      'usage',
      'minimum_spend',
      'proration',
      'manual',
      'credit',
    ]),
    description: z.string().meta({ description: 'The text, in the customer’s language.' }),
    text: LineText,
    details: z.array(z.string()).meta({ description: 'How the amount came about.' }),
    quantity: z.string().meta({ description: 'Decimal.' }),
    unit_amount: Amount,
    amount: Amount.meta({ description: 'As shown: all lines add up to the subtotal.' }),
    net_amount: Amount.meta({ description: 'Less its part of the discounts.' }),
    tax_rate: z.string().nullable().meta({ description: 'Percent; null where no tax applies.' }),
    period: Period,
  })
  .meta({ id: 'InvoiceLine' });

export const Party = z
  .object({
    name: z.string(),
    tax_id: z.string().nullable(),
    address: z.array(z.string()),
    country: z.string().nullable(),
  })
  .meta({ id: 'Party' });

export const InvoiceKind = z.enum(['top_up', 'package', 'subscription', 'manual']);
export const InvoiceStatus = z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']);

export const Invoice = z
  .object({
    id: z.string(),
    number: z.string().nullable(),
    kind: InvoiceKind,
    reference: z.string().meta({ description: 'What it is for.' }),
    status: InvoiceStatus,
    overdue: z.boolean().meta({ description: 'Whether it is open past its term.' }),
    currency: Currency,
    subtotal: Amount,
    discount: Amount,
    taxes: z.array(Tax),
    tax: Amount,
    tax_inclusive: z.boolean().meta({ description: 'Whether amounts have the tax in them.' }),
    tax_treatment: z.enum(['taxed', 'untaxed', 'reverse_charge', 'exempt']),
    total: Amount,
    credit_applied: Amount.meta({ description: 'Credit of earlier credit notes that it used.' }),
    credited: Amount.meta({ description: 'What its own credit notes took back.' }),
    due: Amount,
    lines: z.array(InvoiceLine),
    period: Period,
    seller: Party,
    customer: Party,
    exchange: z.object({ currency: Currency, rate: Amount, amount: Amount }).nullable().meta({
      description: 'What a top-up brings to the wallet, where it is sold in another currency.',
    }),
    issued_at: Instant,
    due_at: Instant,
    paid_at: Instant.nullable(),
    voided_at: Instant.nullable(),
    written_off_at: Instant.nullable(),
  })
  .meta({ id: 'Invoice' });

export const OrganizationInvoice = Invoice.extend({
  organization: z.string(),
  draft: z
    .object({
      due_in_days: z
        .number()
        .int()
        .nullable()
        .meta({ description: 'Null: by the customer’s terms.' }),
      taxed: z.array(z.boolean()).meta({ description: 'Line by line.' }),
      with_next_invoice: z
        .boolean()
        .meta({ description: 'Whether the subscription’s next invoice takes its lines.' }),
    })
    .nullable()
    .meta({ description: 'How a draft was written; null for what was issued.' }),
}).meta({ id: 'OrganizationInvoice' });

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
    ...payWith,
  }),
  answer: Purchase,
  status: 201,
  idempotent: true,
  refusals: [
    'currency_unsupported',
    'amount_out_of_range',
    'payments_on_hold',
    'provider_unavailable',
    'invalid_state',
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
    'Starts another payment of an open invoice; `"provider": "wallet"` pays what is not a top-up at once.',
  params: IdParams,
  body: z.strictObject(payWith),
  answer: Purchase,
  status: 201,
  idempotent: true,
  refusals: [
    'invalid_state',
    'insufficient_funds',
    'payments_on_hold',
    'provider_unavailable',
    'currency_unsupported',
    'rule_violated',
    'organization_suspended',
  ],
  example: { provider: 'credit' },
});

/** A document's language; by default the customer's. */
export const DocumentQuery = z.strictObject({ locale: z.enum(['en', 'zh-CN']).optional() });

export const printInvoice = endpoint({
  operation: 'printInvoice',
  method: 'GET',
  path: '/api/v1/billing/invoices/{id}/pdf',
  summary: 'One invoice as a PDF file.',
  params: IdParams,
  query: DocumentQuery,
});

export const searchInvoices = endpoint({
  operation: 'searchInvoices',
  method: 'GET',
  path: '/api/v1/admin/invoices',
  summary: 'Invoices of all organizations, newest first; of a time by when they were issued.',
  query: TimedPageQuery.extend({
    organization: z.string().max(100).optional(),
    status: InvoiceStatus.optional(),
    kind: InvoiceKind.optional(),
    reference: z.string().max(100).optional().meta({
      description: 'What it is for, such as the id of a subscription.',
    }),
    overdue: z.literal('true').optional(),
    q: z.string().max(100).optional().meta({ description: 'The number or the id, whole.' }),
  }),
  answer: pageOf(OrganizationInvoice),
});

export const inspectInvoice = endpoint({
  operation: 'inspectInvoice',
  method: 'GET',
  path: '/api/v1/admin/invoices/{id}',
  summary: 'One invoice of any organization.',
  params: IdParams,
  answer: OrganizationInvoice,
});

export const inspectInvoicePdf = endpoint({
  operation: 'inspectInvoicePdf',
  method: 'GET',
  path: '/api/v1/admin/invoices/{id}/pdf',
  summary: 'One invoice of any organization as a PDF file.',
  params: IdParams,
  query: DocumentQuery,
});

export const Reason = z.string().trim().min(1, 'Say why.').max(500);
const reasonBody = z.strictObject({ reason: Reason });

export const voidInvoice = endpoint({
  operation: 'voidInvoice',
  method: 'POST',
  path: '/api/v1/admin/invoices/{id}/void',
  summary: 'Calls an open invoice off; the credit it used is the customer’s again.',
  params: IdParams,
  body: reasonBody,
  answer: OrganizationInvoice,
  idempotent: true,
  refusals: ['invalid_state'],
  example: { reason: 'Ordered twice' },
});

export const writeOffInvoice = endpoint({
  operation: 'writeOffInvoice',
  method: 'POST',
  path: '/api/v1/admin/invoices/{id}/write-off',
  summary: 'Gives up on what is owed; money that comes for it later is taken all the same.',
  params: IdParams,
  body: reasonBody,
  answer: OrganizationInvoice,
  idempotent: true,
  refusals: ['invalid_state'],
  example: { reason: 'The customer is insolvent' },
});
