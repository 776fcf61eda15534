/** Quotes: a private plan that an operator offers to one organization, with a term, until a day. */
import { z } from 'zod';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { offerInputFields, PlanPrice, PlanPriceInput } from './offers.ts';
import { payWith } from './pay-with.ts';
import { InvoicePreview, SubscriptionPurchase } from './plan-subscriptions.ts';
import { PlanFields, PlanVersion } from './plans.ts';

export const quoteStatuses = [
  'draft',
  'sent',
  'accepted',
  'declined',
  'expired',
  'withdrawn',
] as const;
const QuoteStatus = z.enum(quoteStatuses);
const QuoteAction = z.enum(['edit', 'send', 'accept', 'decline', 'withdraw']);

/** What the private plan gives, and what its use costs. */
const QuotedPlan = PlanVersion.pick({
  trial_days: true,
  charges: true,
  proration: true,
  refund: true,
  overage: true,
  quotas: true,
  features: true,
  models: true,
  rate_limits: true,
  on_short_funds: true,
  on_abort: true,
});

export const Quote = z
  .object({
    id: z.string(),
    organization: z.string(),
    name: z.string().meta({ description: 'Of the private plan.' }),
    message: z.string().nullable(),
    status: QuoteStatus,
    price: PlanPrice,
    quantity: z.number().int().meta({ description: 'Seats.' }),
    plan: QuotedPlan,
    term_cycles: z.number().int().nullable().meta({
      description: 'Billing cycles before which the customer cannot end it; null: none.',
    }),
    valid_until: Instant,
    committed_until: Instant.nullable().meta({ description: 'The term’s end, once accepted.' }),
    subscription: z.string().nullable(),
    decline_reason: z.string().nullable(),
    actions: z.array(QuoteAction).meta({ description: 'What may be done now.' }),
    created_at: Instant,
    sent_at: Instant.nullable(),
    closed_at: Instant.nullable(),
  })
  .meta({ id: 'Quote' });

/** The first invoice, exactly as accepting now would issue it. */
export const QuotePreview = InvoicePreview.extend({
  replaces: z.object({ subscription: z.string(), plan: z.string() }).nullable().meta({
    description: 'The subscription that accepting ends at once; what is unused is credited.',
  }),
}).meta({ id: 'QuotePreview' });

const {
  trial_days,
  charges,
  proration,
  refund,
  overage,
  quotas,
  features,
  models,
  rate_limits,
  on_short_funds,
  on_abort,
} = { ...offerInputFields, ...PlanFields };

const terms = {
  name: nameOf('plan'),
  message: z.string().trim().max(5000).nullable().optional(),
  price: PlanPriceInput,
  quantity: z.number().int().min(1, 'Quote at least one seat.').max(1_000_000).optional(),
  ...{ trial_days, charges, proration, refund, overage },
  ...{ quotas, features, models, rate_limits, on_short_funds, on_abort },
  term_cycles: z
    .number()
    .int()
    .min(1, 'A term is at least one cycle.')
    .max(120)
    .nullable()
    .optional(),
  valid_until: InstantInput,
};

const termsRefusals = [
  'rule_violated',
  'meter_unknown',
  'amount_out_of_range',
  'currency_unsupported',
] as const;

export const listQuotes = endpoint({
  operation: 'listQuotes',
  method: 'GET',
  path: '/api/v1/billing/quotes',
  summary: 'Quotes that the organization was sent, the newest first.',
  query: PageQuery,
  answer: pageOf(Quote),
});

export const getQuote = endpoint({
  operation: 'getQuote',
  method: 'GET',
  path: '/api/v1/billing/quotes/{id}',
  summary: 'One quote that the organization was sent.',
  params: IdParams,
  answer: Quote,
});

export const previewQuote = endpoint({
  operation: 'previewQuote',
  method: 'GET',
  path: '/api/v1/billing/quotes/{id}/preview',
  summary: 'What accepting a quote would invoice now.',
  params: IdParams,
  answer: QuotePreview,
  refusals: ['invalid_state', 'already_subscribed', ...termsRefusals],
});

export const acceptQuote = endpoint({
  operation: 'acceptQuote',
  method: 'POST',
  path: '/api/v1/billing/quotes/{id}/accept',
  summary:
    'Accepts a quote: subscribes to its private plan, invoices the first period and starts its payment.',
  params: IdParams,
  body: z.strictObject(payWith),
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: [
    'invalid_state',
    'already_subscribed',
    'insufficient_funds',
    'payments_on_hold',
    'provider_unavailable',
    'organization_suspended',
    ...termsRefusals,
  ],
  example: { provider: 'wallet' },
});

export const declineQuote = endpoint({
  operation: 'declineQuote',
  method: 'POST',
  path: '/api/v1/billing/quotes/{id}/decline',
  summary: 'Declines a quote, and may say why.',
  params: IdParams,
  body: z.strictObject({ reason: z.string().trim().min(1).max(1000).optional() }),
  answer: Quote,
  refusals: ['invalid_state'],
});

export const searchQuotes = endpoint({
  operation: 'searchQuotes',
  method: 'GET',
  path: '/api/v1/admin/quotes',
  summary: 'Quotes of all organizations, the newest first.',
  query: PageQuery.extend({
    organization: z.string().max(100).optional(),
    status: QuoteStatus.optional(),
  }),
  answer: pageOf(Quote),
});

export const inspectQuote = endpoint({
  operation: 'inspectQuote',
  method: 'GET',
  path: '/api/v1/admin/quotes/{id}',
  summary: 'One quote.',
  params: IdParams,
  answer: Quote,
});

export const inspectQuotePreview = endpoint({
  operation: 'inspectQuotePreview',
  method: 'GET',
  path: '/api/v1/admin/quotes/{id}/preview',
  summary: 'What the customer’s acceptance of a quote would invoice now.',
  params: IdParams,
  answer: QuotePreview,
  refusals: ['invalid_state', 'already_subscribed', ...termsRefusals],
});

export const createQuote = endpoint({
  operation: 'createQuote',
  method: 'POST',
  path: '/api/v1/admin/quotes',
  summary: 'Writes a quote for one organization; it sees nothing of it until it is sent.',
  body: z.strictObject({ organization: z.string().min(1).max(100), ...terms }),
  answer: Quote,
  status: 201,
  idempotent: true,
  refusals: [...termsRefusals],
  example: {
    organization: 'org_01jd2m3z9k5q8w7x6v4t3r2s1p',
    name: 'Acme enterprise',
    price: { currency: 'USD', interval: 'month', amount: '2500', minimum_commitment: '4000' },
    charges: [{ meter: 'requests', model: 'per_unit', unit_amount: '0.002', free_units: '100000' }],
    term_cycles: 12,
    valid_until: '2027-01-31T00:00:00Z',
  },
});

export const updateQuote = endpoint({
  operation: 'updateQuote',
  method: 'PATCH',
  path: '/api/v1/admin/quotes/{id}',
  summary: 'Changes a draft; what was sent stays as the customer reads it.',
  params: IdParams,
  body: z.strictObject(terms).partial(),
  answer: Quote,
  refusals: ['invalid_state', ...termsRefusals],
});

export const sendQuote = endpoint({
  operation: 'sendQuote',
  method: 'POST',
  path: '/api/v1/admin/quotes/{id}/send',
  summary: 'Sends a draft: everyone who pays for the organization gets a link by mail.',
  params: IdParams,
  answer: Quote,
  refusals: ['invalid_state'],
});

export const withdrawQuote = endpoint({
  operation: 'withdrawQuote',
  method: 'POST',
  path: '/api/v1/admin/quotes/{id}/withdraw',
  summary: 'Takes a draft or sent quote back; it can no longer be accepted.',
  params: IdParams,
  answer: Quote,
  refusals: ['invalid_state'],
});
