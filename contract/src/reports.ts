/** Read-only views over several domains: the customer's summary, the operator's overview. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { ApiKey } from './api-keys.ts';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { DailyUsage } from './entitlements.ts';
import { Organization, User } from './identity.ts';
import { Wallet } from './ledger.ts';
import { PaymentMethod } from './payment-methods.ts';
import { NextInvoice, Subscription } from './plan-subscriptions.ts';
import { OrganizationPackage } from './subscriptions.ts';

const UsageTotals = z.object({
  from: Instant,
  to: Instant,
  calls: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  amount: Amount,
  currency: Currency,
});

const Forecast = z
  .object({
    currency: Currency,
    expected: Amount,
    low: Amount.meta({ description: 'One month in ten is expected to end below.' }),
    high: Amount.meta({ description: 'One month in ten is expected to end above.' }),
    last_period: z
      .object({
        expected: Amount.meta({
          description: 'As of as many days of last month as are over of this one.',
        }),
        actual: Amount,
      })
      .nullable()
      .meta({ description: 'Null where too little was known then.' }),
  })
  .meta({ id: 'Forecast' });

export const BillingSummary = z
  .object({
    organization: Organization,
    subscription: Subscription.nullable().meta({ description: 'The one that is not over.' }),
    next_invoice: NextInvoice.nullable().meta({
      description: 'What the subscription’s period has come to by now; null where none follows.',
    }),
    packages: z.array(OrganizationPackage),
    wallet: Wallet,
    daily_usage: z.array(DailyUsage),
    usage: UsageTotals.meta({ description: 'This calendar month, in the organization’s zone.' }),
    forecast: Forecast.meta({
      description:
        'What this month’s usage will come to, from each weekday of the last eight weeks.',
    }),
  })
  .meta({ id: 'BillingSummary' });

export const getBillingSummary = endpoint({
  operation: 'getBillingSummary',
  method: 'GET',
  path: '/api/v1/billing/summary',
  summary:
    'Subscription, packages, wallet, allowances, this month’s usage and its forecast in one answer.',
  answer: BillingSummary,
});

export const inspectOrganization = endpoint({
  operation: 'inspectOrganization',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}',
  summary: 'One customer: standing, what is owed, members, packages, wallet and usage.',
  params: IdParams,
  answer: BillingSummary.extend({
    standing: z.object({
      status: Organization.shape.status,
      since: Instant.meta({
        description: 'Active since it was made, unless something else is known.',
      }),
      reason: z.string().nullable().meta({ description: 'Why an operator suspended it.' }),
    }),
    owed: z
      .array(
        z.object({
          currency: Currency,
          amount: Amount,
          invoices: z.number().int(),
          overdue: z.number().int().meta({ description: 'Invoices past their day.' }),
        }),
      )
      .meta({ description: 'Of the open invoices, the newest 200, by currency.' }),
    last_30_days: UsageTotals,
    api_keys: z.array(ApiKey).meta({ description: 'The newest 20.' }),
    payment_methods: z.array(PaymentMethod),
    members: z.array(User.extend({ role: z.string() })),
  }),
});

export const getOverview = endpoint({
  operation: 'getOverview',
  method: 'GET',
  path: '/api/v1/admin/overview',
  summary:
    'How the business does: money received, calls, spend and customers over the last 14 days.',
  answer: z.object({
    usage: UsageTotals,
    received: z.array(z.object({ currency: Currency, amount: Amount, payments: z.number().int() })),
    organizations: z.number().int(),
    users: z.number().int(),
    active_packages: z.number().int(),
    unapplied: z.number().int(),
    days: z.array(z.object({ from: Instant, calls: z.number().int(), amount: Amount })),
  }),
});
