/**
 * What happens to a customer and is worth telling: the one list of names that notices, their settings and webhooks share.
 * Each has what it carries, beside its id, its organization and when it happened.
 */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Instant } from './instants.ts';

const Money = { amount: Amount, currency: Currency };

const Payment = z.object({
  payment: z.string(),
  invoice: z.string().nullable(),
  ...Money,
  provider: z.string(),
});

const Invoice = z.object({
  invoice: z.string(),
  kind: z.enum(['top_up', 'package', 'subscription', 'manual']),
  ...Money,
  due_at: Instant.nullable(),
});

const Subscription = z.object({
  subscription: z.string(),
  plan: z.string(),
  status: z.string(),
  current_period_end: Instant,
  ...Money,
});

const Package = z.object({ package: z.string(), name: z.string(), ends_at: Instant });

const Allowance = z.object({
  package: z.string(),
  name: z.string(),
  allowance: Amount,
  remaining: Amount,
  currency: Currency,
  resets_at: Instant,
});

/**
 * By name: what it is about, whose it is (`organization`, or a `person` alone, which no webhook tells), and what it
 * carries. A name is a past fact.
 */
export const happenings = {
  'payment.succeeded': { category: 'payments', audience: 'organization', data: Payment },
  'payment.failed': {
    category: 'payments',
    audience: 'organization',
    data: Payment.extend({ code: z.string(), automatic: z.boolean() }),
  },
  'refund.succeeded': {
    category: 'payments',
    audience: 'organization',
    data: z.object({
      refund: z.string(),
      payment: z.string(),
      invoice: z.string().nullable(),
      ...Money,
    }),
  },
  'invoice.issued': { category: 'invoices', audience: 'organization', data: Invoice },
  'invoice.payment_requested': {
    category: 'invoices',
    audience: 'organization',
    data: Invoice,
  },
  'invoice.paid': { category: 'invoices', audience: 'organization', data: Invoice },
  'invoice.overdue': { category: 'invoices', audience: 'organization', data: Invoice },
  'invoice.voided': { category: 'invoices', audience: 'organization', data: Invoice },
  'credit_note.issued': {
    category: 'invoices',
    audience: 'organization',
    data: z.object({ credit_note: z.string(), invoice: z.string(), ...Money }),
  },
  'subscription.created': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.trial_ending': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.renewing': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.renewed': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.changed': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.ending': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.canceled': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.ended': { category: 'subscriptions', audience: 'organization', data: Subscription },
  'subscription.paused': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.overdue': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.suspended': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'subscription.restored': {
    category: 'subscriptions',
    audience: 'organization',
    data: Subscription,
  },
  'package.activated': { category: 'packages', audience: 'organization', data: Package },
  'package.ending': { category: 'packages', audience: 'organization', data: Package },
  'wallet.low': {
    category: 'funds',
    audience: 'organization',
    data: z.object({ balance: Amount, threshold: Amount, currency: Currency }),
  },
  'wallet.auto_top_up_off': {
    category: 'funds',
    audience: 'organization',
    data: z.object({ ...Money, code: z.string() }),
  },
  'allowance.nearly_used': { category: 'funds', audience: 'organization', data: Allowance },
  'allowance.used_up': { category: 'funds', audience: 'organization', data: Allowance },
  'quota.exceeded': {
    category: 'usage',
    audience: 'organization',
    data: z.object({
      quota: z.string(),
      meter: z.string(),
      subject: z.object({ kind: z.enum(['organization', 'member', 'api_key']), id: z.string() }),
      window: z.enum(['minute', 'hour', 'day', 'month', 'year', 'lifetime']),
      limit: z.string(),
      used: z.string(),
      hard: z.boolean(),
      resets_at: Instant.nullable(),
    }),
  },
  'usage.anomaly_found': {
    category: 'usage',
    audience: 'organization',
    data: z.object({
      measure: z.enum(['cost', 'calls']),
      starts_at: Instant,
      ends_at: Instant,
      value: z.string(),
      expected: z.string(),
      currency: Currency.nullable(),
    }),
  },
  'quote.sent': {
    category: 'subscriptions',
    audience: 'organization',
    data: z.object({ quote: z.string(), plan: z.string() }),
  },
  'api_key.expiring': {
    category: 'access',
    audience: 'organization',
    data: z.object({ api_key: z.string(), name: z.string(), expires_at: Instant }),
  },
  'members.changed': {
    category: 'access',
    audience: 'organization',
    data: z.object({ change: z.enum(['joined', 'left', 'handed_over']) }),
  },
  'security.changed': {
    category: 'access',
    audience: 'organization',
    data: z.object({ change: z.enum(['changed', 'lifted', 'support_began']) }),
  },
  'device.new': {
    category: 'access',
    audience: 'person',
    data: z.object({ device: z.string().nullable(), ip: z.string().nullable() }),
  },
} as const satisfies Record<string, HappeningKind>;

interface HappeningKind {
  category: 'payments' | 'invoices' | 'subscriptions' | 'packages' | 'funds' | 'usage' | 'access';
  audience: 'organization' | 'person';
  data: z.ZodObject;
}

export type HappeningName = keyof typeof happenings;

export type HappeningData<N extends HappeningName> = z.infer<(typeof happenings)[N]['data']>;

export const happeningNames = Object.keys(happenings) as HappeningName[];

/** Those that an organization's webhooks may tell. */
export const organizationHappenings = happeningNames.filter(
  (name) => happenings[name].audience === 'organization',
);
