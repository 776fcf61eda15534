/** Subscriptions to plans: how they begin, change and end, and what each step will invoice. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { CouponCode } from './coupons.ts';
import { endpoint } from './endpoint.ts';
import { Invoice, InvoiceLine, Tax } from './invoicing.ts';
import { BillingCycle } from './offers.ts';
import { payWith } from './pay-with.ts';
import { Payment } from './payments.ts';

export const SubscriptionStatus = z.enum([
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'paused',
  'canceled',
  'expired',
]);

const Terms = z.object({
  plan: z.object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    version: z.number().int(),
  }),
  billing_cycle: BillingCycle,
  currency: Currency,
  amount: Amount.meta({ description: 'Of one seat, for one cycle.' }),
  quantity: z.number().int().meta({ description: 'Seats.' }),
});

/** `change` stands for an upgrade or a downgrade. */
const SubscriptionAction = z.enum(['change', 'cancel', 'pause', 'resume']);

/** It has the subscription’s periods: paid for the rest of the one in which it is added, renewed and ended with it. */
const AddOn = Terms.extend({
  next_quantity: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'From the next period on; 0 ends it, null: as many as now.' }),
});

export const Subscription = Terms.extend({
  id: z.string(),
  status: SubscriptionStatus,
  period: z.object({ from: Instant, to: Instant.nullable() }).meta({
    description: 'Half-open; without an end where it was paid once.',
  }),
  trial_ends_at: Instant.nullable(),
  pending: Terms.extend({ effective_at: Instant }).nullable().meta({
    description: 'What follows at the period’s end.',
  }),
  add_ons: z.array(AddOn).meta({ description: 'What is had on top of the plan.' }),
  cancel_at: Instant.nullable(),
  coupon: z
    .object({
      code: z.string(),
      invoices_left: z.number().int().nullable().meta({ description: 'Null: all.' }),
    })
    .nullable(),
  provider: z.string().nullable().meta({ description: 'What renewals are collected from.' }),
  payment_method_id: z.string().nullable().meta({
    description: 'The stored method that renewals are charged to; both null: a pay link by mail.',
  }),
  renews_at: Instant.nullable(),
  latest_invoice: z.string().nullable(),
  actions: z.array(SubscriptionAction).meta({ description: 'What may be done now.' }),
  started_at: Instant,
  ended_at: Instant.nullable(),
}).meta({ id: 'Subscription' });

/** What is done about an invoice that was not paid in time. */
const Dunning = z.object({
  overdue_since: Instant,
  suspended: z.boolean().meta({ description: 'Whether the plan was taken away.' }),
  steps: z.array(
    z.object({
      action: z.enum(['remind', 'suspend', 'cancel']),
      at: Instant,
      taken: z.boolean(),
    }),
  ),
});

export const OrganizationSubscription = Subscription.extend({
  organization: z.string(),
  dunning: Dunning.nullable().meta({ description: 'Null: nothing is overdue.' }),
}).meta({ id: 'OrganizationSubscription' });

/** An invoice before it is issued. */
export const InvoicePreview = z
  .object({
    currency: Currency,
    lines: z.array(InvoiceLine),
    subtotal: Amount,
    discount: Amount,
    taxes: z.array(Tax),
    tax: Amount,
    tax_inclusive: z.boolean(),
    total: Amount.meta({ description: 'Negative where a credit note gives it back.' }),
    credit_applied: Amount,
    due: Amount,
  })
  .meta({ id: 'InvoicePreview' });

/** What a subscription would be invoiced if its period ended now. */
export const NextInvoice = InvoicePreview.extend({
  at: Instant.meta({ description: 'When the period ends.' }),
}).meta({ id: 'NextInvoice' });

/** Exactly what a change will invoice if it is made now. */
export const ChangePreview = InvoicePreview.extend({
  effect: z.enum(['now', 'period_end']),
  effective_at: Instant,
  subscription: Terms.extend({
    status: SubscriptionStatus,
    period: z.object({ from: Instant, to: Instant.nullable() }),
  }).meta({ description: 'What it will be.' }),
}).meta({ id: 'ChangePreview' });

/** What a change answers: nothing is invoiced where it costs nothing or takes effect later. */
export const SubscriptionPurchase = z
  .object({
    subscription: Subscription,
    invoice: Invoice.nullable(),
    payment: Payment.nullable(),
  })
  .meta({ id: 'SubscriptionPurchase' });

const Quantity = z.number().int().min(1, 'Subscribe at least one seat.').max(1_000_000);
const begin = {
  plan: z.string().min(1).max(100).meta({ description: 'Id or slug.' }),
  billing_cycle: BillingCycle.optional(),
  currency: Currency.optional(),
  quantity: Quantity.optional(),
  coupon: CouponCode.optional(),
};
const When = z.enum(['now', 'period_end']);
const change = {
  plan: z.string().min(1).max(100).optional(),
  billing_cycle: BillingCycle.optional(),
  quantity: Quantity.optional(),
  when: When.optional().meta({ description: 'Left out: at the period’s end if it costs less.' }),
};
const payRefusals = [
  'payments_on_hold',
  'provider_unavailable',
  'insufficient_funds',
  'currency_unsupported',
  'organization_suspended',
] as const;

export const listSubscriptions = endpoint({
  operation: 'listSubscriptions',
  method: 'GET',
  path: '/api/v1/billing/subscriptions',
  summary: 'Subscriptions of the organization, the newest first.',
  query: PageQuery,
  answer: pageOf(Subscription),
});

export const getSubscription = endpoint({
  operation: 'getSubscription',
  method: 'GET',
  path: '/api/v1/billing/subscriptions/{id}',
  summary: 'One subscription.',
  params: IdParams,
  answer: Subscription,
});

export const previewNewSubscription = endpoint({
  operation: 'previewNewSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/preview',
  summary: 'What subscribing would invoice now.',
  body: z.strictObject(begin),
  answer: ChangePreview,
  refusals: ['plan_unavailable', 'coupon_invalid', 'currency_unsupported', 'rule_violated'],
});

export const createSubscription = endpoint({
  operation: 'createSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions',
  summary:
    'Subscribes to a plan: invoices the first period and starts its payment; `"provider": "wallet"` pays at once.',
  body: z.strictObject({ ...begin, ...payWith }),
  answer: SubscriptionPurchase,
  status: 201,
  idempotent: true,
  refusals: [
    'plan_unavailable',
    'coupon_invalid',
    'already_subscribed',
    'rule_violated',
    ...payRefusals,
  ],
  example: { plan: 'pro', billing_cycle: 'month', currency: 'USD', provider: 'wallet' },
});

export const previewSubscription = endpoint({
  operation: 'previewSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/preview',
  summary: 'Exactly what a change would invoice now.',
  params: IdParams,
  body: z.strictObject({ action: SubscriptionAction, ...change }),
  answer: ChangePreview,
  refusals: [
    'term_not_over',
    'plan_unavailable',
    'invalid_state',
    'currency_unsupported',
    'rule_violated',
  ],
  example: { action: 'change', plan: 'enterprise' },
});

const changeRefusals = [
  'term_not_over',
  'plan_unavailable',
  'invalid_state',
  'rule_violated',
  ...payRefusals,
] as const;

export const upgradeSubscription = endpoint({
  operation: 'upgradeSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/upgrade',
  summary: 'Changes to what costs as much or more: now, for the prorated difference.',
  params: IdParams,
  body: z.strictObject({ ...change, ...payWith }),
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: [...changeRefusals],
  example: { plan: 'enterprise', provider: 'wallet' },
});

export const downgradeSubscription = endpoint({
  operation: 'downgradeSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/downgrade',
  summary: 'Changes to what costs less: at the period’s end, or now for what is unused.',
  params: IdParams,
  body: z.strictObject(change),
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: ['term_not_over', 'plan_unavailable', 'invalid_state', 'rule_violated'],
  example: { plan: 'free' },
});

const cancelBody = z.strictObject({ when: When.optional() });

export const cancelSubscription = endpoint({
  operation: 'cancelSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/cancel',
  summary: 'Ends a subscription, by default at the end of what is paid.',
  params: IdParams,
  body: cancelBody,
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: ['term_not_over', 'invalid_state'],
  example: { when: 'period_end' },
});

export const pauseSubscription = endpoint({
  operation: 'pauseSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/pause',
  summary: 'Stops the plan and its renewals; what is paid is neither extended nor given back.',
  params: IdParams,
  body: z.strictObject({}),
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: ['term_not_over', 'invalid_state'],
});

export const resumeSubscription = endpoint({
  operation: 'resumeSubscription',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/resume',
  summary: 'Takes back a pause or a cancellation that has not taken effect.',
  params: IdParams,
  body: z.strictObject(payWith),
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: ['invalid_state', ...payRefusals],
});

const addOn = {
  plan: z.string().min(1).max(100).meta({ description: 'Id or slug of the add-on.' }),
  quantity: z.number().int().min(0).max(1_000_000).meta({
    description: 'In all. More are paid for now; fewer, or 0, come with the next period.',
  }),
};

export const previewAddOn = endpoint({
  operation: 'previewAddOn',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/add-ons/preview',
  summary: 'Exactly what so many of an add-on would invoice now.',
  params: IdParams,
  body: z.strictObject(addOn),
  answer: ChangePreview,
  refusals: ['plan_unavailable', 'invalid_state', 'currency_unsupported', 'rule_violated'],
  example: { plan: 'more-requests', quantity: 2 },
});

export const setAddOn = endpoint({
  operation: 'setAddOn',
  method: 'POST',
  path: '/api/v1/billing/subscriptions/{id}/add-ons',
  summary: 'Has so many of an add-on on top of the plan: more now, fewer with the next period.',
  params: IdParams,
  body: z.strictObject({ ...addOn, ...payWith }),
  answer: SubscriptionPurchase,
  idempotent: true,
  refusals: [...changeRefusals],
  example: { plan: 'more-requests', quantity: 2, provider: 'wallet' },
});

export const setSubscriptionProvider = endpoint({
  operation: 'setSubscriptionProvider',
  method: 'PATCH',
  path: '/api/v1/billing/subscriptions/{id}',
  summary:
    'Says what renewals are collected from: the wallet, a stored method, or neither for a pay link by mail.',
  params: IdParams,
  body: z.strictObject({
    provider: z.enum(['wallet']).nullable(),
    payment_method_id: z.string().min(1).max(100).optional(),
  }),
  answer: Subscription,
  refusals: ['rule_violated'],
});

export const searchSubscriptions = endpoint({
  operation: 'searchSubscriptions',
  method: 'GET',
  path: '/api/v1/admin/subscriptions',
  summary: 'Subscriptions of all organizations, the newest first.',
  query: PageQuery.extend({
    organization: z.string().max(100).optional(),
    plan: z.string().max(100).optional(),
    status: SubscriptionStatus.optional(),
  }),
  answer: pageOf(OrganizationSubscription),
});

export const inspectSubscription = endpoint({
  operation: 'inspectSubscription',
  method: 'GET',
  path: '/api/v1/admin/subscriptions/{id}',
  summary: 'One subscription of any organization.',
  params: IdParams,
  answer: OrganizationSubscription,
});

export const subscribeOrganization = endpoint({
  operation: 'subscribeOrganization',
  method: 'POST',
  path: '/api/v1/admin/subscriptions',
  summary:
    'Subscribes an organization; it is asked for the money by mail, or pays from its wallet.',
  body: z.strictObject({
    organization: z.string().min(1).max(100),
    ...begin,
    provider: z.enum(['wallet']).nullable().optional(),
  }),
  answer: OrganizationSubscription,
  status: 201,
  idempotent: true,
  refusals: [
    'plan_unavailable',
    'coupon_invalid',
    'already_subscribed',
    'currency_unsupported',
    'rule_violated',
  ],
  example: { organization: 'org_…', plan: 'pro', billing_cycle: 'month' },
});

export const endSubscription = endpoint({
  operation: 'endSubscription',
  method: 'POST',
  path: '/api/v1/admin/subscriptions/{id}/cancel',
  summary: 'Ends an organization’s subscription now or at the end of what is paid.',
  params: IdParams,
  body: cancelBody,
  answer: OrganizationSubscription,
  idempotent: true,
  refusals: ['invalid_state'],
});
