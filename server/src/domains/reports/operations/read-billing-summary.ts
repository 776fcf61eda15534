import type { AnswerOf } from '@sluice/contract/endpoint';
import type {
  getBillingSummary,
  inspectOrganization as inspectEndpoint,
} from '@sluice/contract/reports';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { dayOf, startOfMonth } from '../../../platform/time.ts';
import { listDailyUsage, presentDailyUsage } from '../../entitlements/index.ts';
import {
  findApiKeys,
  findOrganization,
  findOrganizationSuspension,
  listMembers,
  presentApiKey,
  presentOrganization,
  presentUser,
} from '../../identity/index.ts';
import { presentWallet, readWallet } from '../../ledger/index.ts';
import { sumUsage } from '../../metering/index.ts';
import { listMethods, presentMethod } from '../../payments/index.ts';
import {
  findLiveSubscription,
  listOrganizationPackages,
  presentOrganizationPackage,
  presentSubscription,
  previewNextInvoice,
} from '../../subscriptions/index.ts';
import { presentUsage } from '../core/present.ts';
import { forecastUsage } from './forecast-usage.ts';
import { readLastDays, readOwed } from './read-customer.ts';

const keysShownMax = 20;

type Summary = AnswerOf<typeof getBillingSummary>;

/**
 * What a customer has, has used, and has left.
 * @throws Refusal `not_found`.
 */
export async function readBillingSummary(
  context: Context,
  organizationId: string,
): Promise<Summary> {
  const { database, config } = context;
  const organization = await findOrganization(database, organizationId);
  if (!organization) throw notFound('organization');
  const { timeZone } = organization;
  const now = context.clocks.business();
  const month = { from: startOfMonth(now, timeZone), to: startOfMonth(now, timeZone, 1) };
  const subscription = await findLiveSubscription(database, organizationId);
  const [nextInvoice, packages, wallet, allowances, usage, forecast] = await Promise.all([
    subscription && previewNextInvoice(context, subscription),
    listOrganizationPackages(database, organizationId),
    readWallet(database, organizationId),
    listDailyUsage(database, organizationId, now),
    sumUsage(database, {
      organizationId,
      ...month,
      interval: 'month',
      timeZone,
      groups: [],
    }),
    forecastUsage(context, { organizationId, timeZone }),
  ]);
  const today = dayOf(now, timeZone);
  return {
    organization: presentOrganization(organization),
    subscription: subscription ? presentSubscription(subscription) : null,
    next_invoice: nextInvoice ?? null,
    packages: packages.map(presentOrganizationPackage),
    wallet: presentWallet(wallet, now),
    daily_usage: allowances.map((allowance) => presentDailyUsage(allowance, today)),
    usage: presentUsage(usage, month, config.usageCurrency),
    forecast,
  };
}

/**
 * The same for an operator, with the people of the organization.
 * @throws Refusal `not_found`.
 */
export async function inspectOrganization(
  context: Context,
  organizationId: string,
): Promise<AnswerOf<typeof inspectEndpoint>> {
  const { database, config } = context;
  const summary = await readBillingSummary(context, organizationId);
  const now = context.clocks.business();
  const [members, suspension, owed, last30Days, keys, methods] = await Promise.all([
    listMembers(database, organizationId),
    findOrganizationSuspension(database, organizationId),
    readOwed(context, organizationId),
    readLastDays(context, { organizationId, timeZone: summary.organization.time_zone, now }),
    findApiKeys(database, { organizationId, before: undefined, limit: keysShownMax }),
    listMethods(context, organizationId),
  ]);
  const { status, past_due_since, created_at } = summary.organization;
  return {
    ...summary,
    standing: {
      status,
      since: suspension?.since.toISOString() ?? past_due_since ?? created_at,
      reason: suspension?.reason ?? null,
    },
    owed,
    last_30_days: last30Days,
    api_keys: keys.map((key) => presentApiKey(key, now)),
    payment_methods: methods.map((method) => presentMethod(method, dayOf(now, config.timeZone))),
    members: members.map((member) => ({ ...presentUser(member), role: member.role })),
  };
}
