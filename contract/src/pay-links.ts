/** Pay links: whoever holds one may pay an invoice, or buy at a published price, without an account. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { InvoiceLine } from './invoicing.ts';
import { BillingCycle } from './offers.ts';
import { OfferedProvider, Payment } from './payments.ts';

const LinkParams = z.strictObject({ link: z.string().min(1).max(60) });

const payable = {
  link: z.string(),
  seller: z.string().meta({ description: 'Who is paid.' }),
  currency: Currency,
  providers: z.array(OfferedProvider).meta({ description: 'Those that take this currency.' }),
};

const PayableInvoice = z.object({
  kind: z.literal('invoice'),
  ...payable,
  status: z.enum(['open', 'paid', 'closed']),
  number: z.string().nullable(),
  lines: z.array(InvoiceLine.pick({ description: true, text: true, amount: true })),
  subtotal: Amount,
  tax: Amount,
  total: Amount,
  due: Amount,
  issued_at: Instant,
  due_at: Instant,
});

const PayablePrice = z.object({
  kind: z.literal('price'),
  ...payable,
  status: z.enum(['open', 'closed']),
  title: z.string(),
  description: z.string().nullable(),
  amount: Amount.meta({ description: 'Without tax where that comes on top.' }),
  billing_cycle: BillingCycle.nullable().meta({ description: 'Null: it is paid once.' }),
});

/** What can be paid with a link. */
export const Payable = z
  .discriminatedUnion('kind', [PayableInvoice, PayablePrice])
  .meta({ id: 'Payable' });

/** A payment as somebody without an account may see it. */
const LinkPayment = Payment.pick({
  id: true,
  status: true,
  processing: true,
  decline_code: true,
  expires_at: true,
  amount: true,
  currency: true,
  provider: true,
  next: true,
})
  .extend({
    link: z
      .string()
      .meta({ description: 'Of the invoice: the page where the payer comes back to.' }),
  })
  .meta({ id: 'LinkPayment' });

const payRefusals = [
  'invalid_state',
  'payments_on_hold',
  'provider_unavailable',
  'currency_unsupported',
  'rule_violated',
  'organization_suspended',
  'package_unavailable',
  'plan_unavailable',
  'already_subscribed',
] as const;

export const getPayable = endpoint({
  operation: 'getPayable',
  method: 'GET',
  path: '/api/v1/pay/{link}',
  summary: 'What a pay link is for, and by whom it can be collected.',
  params: LinkParams,
  answer: Payable,
});

export const payByLink = endpoint({
  operation: 'payByLink',
  method: 'POST',
  path: '/api/v1/pay/{link}',
  summary: 'Pays an open invoice or a published price without an account.',
  params: LinkParams,
  body: z.strictObject({
    provider: z.string().min(1).max(40),
    means: z.string().min(1).max(40).optional(),
    email: z.email('Write a mail address.').max(254).optional().meta({
      description: 'Who buys at a published price; an account is opened where there is none.',
    }),
    name: z.string().trim().max(100).optional(),
    locale: z.enum(['en', 'zh-CN']).optional(),
  }),
  answer: LinkPayment,
  status: 201,
  idempotent: true,
  refusals: [...payRefusals],
  example: { provider: 'stripe' },
});

export const getLinkPayment = endpoint({
  operation: 'getLinkPayment',
  method: 'GET',
  path: '/api/v1/pay/{link}/payments/{id}',
  summary: 'A payment that was started with the link of its invoice.',
  params: z.strictObject({ link: z.string().min(1).max(60), id: z.string().min(1).max(100) }),
  answer: LinkPayment,
});

const PayUrl = z.object({ link: z.string(), url: z.string() }).meta({ id: 'PayUrl' });

export const createPayLink = endpoint({
  operation: 'createPayLink',
  method: 'POST',
  path: '/api/v1/billing/invoices/{id}/pay-link',
  summary: 'The link by which anybody can pay the invoice; always the same one.',
  params: IdParams,
  answer: PayUrl,
});

export const createInvoicePayLink = endpoint({
  operation: 'createInvoicePayLink',
  method: 'POST',
  path: '/api/v1/admin/invoices/{id}/pay-link',
  summary: 'The link by which anybody can pay the invoice; always the same one.',
  params: IdParams,
  answer: PayUrl,
});

export const PriceLink = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    status: z.enum(['active', 'archived']),
    package: z.string().nullable(),
    plan: z.string().nullable(),
    billing_cycle: BillingCycle.nullable(),
    currency: Currency.nullable().meta({ description: 'Of a plan that is sold in several.' }),
    sold: z.number().int().meta({ description: 'Payments that were started with it.' }),
    created_at: Instant,
  })
  .meta({ id: 'PriceLink' });

export const listPriceLinks = endpoint({
  operation: 'listPriceLinks',
  method: 'GET',
  path: '/api/v1/admin/price-links',
  summary: 'Links that sell a package or plan without an account, newest first.',
  query: PageQuery,
  answer: pageOf(PriceLink),
});

export const createPriceLink = endpoint({
  operation: 'createPriceLink',
  method: 'POST',
  path: '/api/v1/admin/price-links',
  summary: 'Publishes the price of a package or plan as a link.',
  body: z.strictObject({
    name: nameOf('link'),
    package: z.string().min(1).max(100).optional(),
    plan: z.string().min(1).max(100).optional().meta({ description: 'Id or slug.' }),
    billing_cycle: BillingCycle.optional(),
    currency: Currency.optional(),
  }),
  answer: PriceLink,
  status: 201,
  idempotent: true,
  refusals: ['rule_violated', 'package_unavailable', 'plan_unavailable', 'currency_unsupported'],
  example: { name: 'Launch offer', plan: 'pro', billing_cycle: 'month' },
});

export const updatePriceLink = endpoint({
  operation: 'updatePriceLink',
  method: 'PATCH',
  path: '/api/v1/admin/price-links/{id}',
  summary: 'Renames a price link, or takes it off sale.',
  params: IdParams,
  body: z.strictObject({
    name: nameOf('link').optional(),
    status: z.enum(['active', 'archived']).optional(),
  }),
  answer: PriceLink,
});
