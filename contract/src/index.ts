/** Every endpoint of the API, by operation. */
import * as access from './access.ts';
import * as accounts from './accounts.ts';
import * as alertRules from './alert-rules.ts';
import * as alerts from './alerts.ts';
import * as apiKeys from './api-keys.ts';
import * as applicationTemplates from './application-templates.ts';
import * as applications from './applications.ts';
import * as audit from './audit.ts';
import * as autoTopUp from './auto-top-up.ts';
import * as billingRuns from './billing-runs.ts';
import * as callExports from './call-exports.ts';
import * as catalog from './catalog.ts';
import * as commissions from './commissions.ts';
import * as costCenters from './cost-centers.ts';
import * as coupons from './coupons.ts';
import * as creditNotes from './credit-notes.ts';
import * as customers from './customers.ts';
import * as disputes from './disputes.ts';
import type { Endpoint } from './endpoint.ts';
import * as entitlements from './entitlements.ts';
import * as fapiao from './fapiao.ts';
import * as gateway from './gateway.ts';
import * as growth from './growth.ts';
import * as identity from './identity.ts';
import * as invoiceSplits from './invoice-splits.ts';
import * as invoicing from './invoicing.ts';
import * as jobs from './jobs.ts';
import * as ledger from './ledger.ts';
import * as manualInvoices from './manual-invoices.ts';
import * as members from './members.ts';
import * as metering from './metering.ts';
import * as meters from './meters.ts';
import * as modelGroups from './model-groups.ts';
import * as notices from './notices.ts';
import * as operatingUsers from './operating-users.ts';
import * as organizationSettings from './organization-settings.ts';
import * as passkeys from './passkeys.ts';
import * as payLinks from './pay-links.ts';
import * as paymentInbox from './payment-inbox.ts';
import * as paymentMethods from './payment-methods.ts';
import * as payments from './payments.ts';
import * as planSubscriptions from './plan-subscriptions.ts';
import * as plans from './plans.ts';
import * as portalSessions from './portal-sessions.ts';
import * as priceUpdates from './price-updates.ts';
import * as quotas from './quotas.ts';
import * as quotes from './quotes.ts';
import * as receipts from './receipts.ts';
import * as reconciliations from './reconciliations.ts';
import * as redemptions from './redemptions.ts';
import * as refunds from './refunds.ts';
import * as reports from './reports.ts';
import * as reportsRecurring from './reports-recurring.ts';
import * as reportsRevenue from './reports-revenue.ts';
import * as reportsUsage from './reports-usage.ts';
import * as reratings from './reratings.ts';
import * as risk from './risk.ts';
import * as roles from './roles.ts';
import * as settings from './settings.ts';
import * as signInProviders from './sign-in-providers.ts';
import * as singleSignOn from './single-sign-on.ts';
import * as spendCaps from './spend-caps.ts';
import * as status from './status.ts';
import * as subscriptions from './subscriptions.ts';
import * as supportAccess from './support-access.ts';
import * as tax from './tax.ts';
import * as unapplied from './unapplied.ts';
import * as webhooks from './webhooks.ts';

const modules = {
  ...identity,
  ...members,
  ...roles,
  ...organizationSettings,
  ...accounts,
  ...singleSignOn,
  ...signInProviders,
  ...passkeys,
  ...operatingUsers,
  ...supportAccess,
  ...apiKeys,
  ...costCenters,
  ...spendCaps,
  ...applications,
  ...audit,
  ...callExports,
  ...catalog,
  ...meters,
  ...modelGroups,
  ...priceUpdates,
  ...reratings,
  ...plans,
  ...coupons,
  ...applicationTemplates,
  ...ledger,
  ...entitlements,
  ...access,
  ...receipts,
  ...metering,
  ...quotas,
  ...payments,
  ...redemptions,
  ...refunds,
  ...disputes,
  ...unapplied,
  ...paymentMethods,
  ...paymentInbox,
  ...reconciliations,
  ...payLinks,
  ...portalSessions,
  ...invoicing,
  ...invoiceSplits,
  ...autoTopUp,
  ...manualInvoices,
  ...creditNotes,
  ...tax,
  ...fapiao,
  ...subscriptions,
  ...billingRuns,
  ...planSubscriptions,
  ...quotes,
  ...gateway,
  ...status,
  ...jobs,
  ...reports,
  ...reportsRecurring,
  ...reportsRevenue,
  ...reportsUsage,
  ...risk,
  ...alertRules,
  ...alerts,
  ...notices,
  ...webhooks,
  ...growth,
  ...commissions,
  ...settings,
  ...customers,
};

type Modules = typeof modules;

/** Name of an operation, such as `purchasePackage`. */
export type Operation = {
  [K in keyof Modules]: Modules[K] extends Endpoint ? K : never;
}[keyof Modules];

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'operation' in value && 'path' in value;
}

/** All endpoints, in the order of their domains. */
export const endpoints: readonly Endpoint[] = Object.values<unknown>(modules).filter(isEndpoint);
