/** Read-only views over several domains: the customer's summary, the operator's overview. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { IdParams, Instant } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import { DailyUsage } from './entitlements.ts';
import { Organization, User } from './identity.ts';
import { Wallet } from './ledger.ts';
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

export const BillingSummary = z
  .object({
    organization: Organization,
    packages: z.array(OrganizationPackage),
    wallet: Wallet,
    daily_usage: z.array(DailyUsage),
    usage: UsageTotals.meta({ description: 'This calendar month, in the organization’s zone.' }),
  })
  .meta({ id: 'BillingSummary' });

export const getBillingSummary = endpoint({
  operation: 'getBillingSummary',
  method: 'GET',
  path: '/api/v1/billing/summary',
  summary: 'Packages, wallet, today’s allowances and this month’s usage in one answer.',
  answer: BillingSummary,
});

export const inspectOrganization = endpoint({
  operation: 'inspectOrganization',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}',
  summary: 'One customer: members, packages, wallet and usage.',
  params: IdParams,
  answer: BillingSummary.extend({ members: z.array(User.extend({ role: z.string() })) }),
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
