/** The contract's endpoints by operation, as types only: no schema reaches the browser. */
import type { Operation } from '@sluice/contract';
import type * as access from '@sluice/contract/access';
import type * as accounts from '@sluice/contract/accounts';
import type * as alertRules from '@sluice/contract/alert-rules';
import type * as alerts from '@sluice/contract/alerts';
import type * as apiKeys from '@sluice/contract/api-keys';
import type * as applicationTemplates from '@sluice/contract/application-templates';
import type * as applications from '@sluice/contract/applications';
import type * as audit from '@sluice/contract/audit';
import type * as autoTopUp from '@sluice/contract/auto-top-up';
import type * as billingRuns from '@sluice/contract/billing-runs';
import type * as callExports from '@sluice/contract/call-exports';
import type * as catalog from '@sluice/contract/catalog';
import type * as commissions from '@sluice/contract/commissions';
import type * as costCenters from '@sluice/contract/cost-centers';
import type * as coupons from '@sluice/contract/coupons';
import type * as creditNotes from '@sluice/contract/credit-notes';
import type * as customers from '@sluice/contract/customers';
import type * as disputes from '@sluice/contract/disputes';
import type { Endpoint } from '@sluice/contract/endpoint';
import type * as entitlements from '@sluice/contract/entitlements';
import type * as fapiao from '@sluice/contract/fapiao';
import type * as gateway from '@sluice/contract/gateway';
import type * as growth from '@sluice/contract/growth';
import type * as identity from '@sluice/contract/identity';
import type * as invoiceSplits from '@sluice/contract/invoice-splits';
import type * as invoicing from '@sluice/contract/invoicing';
import type * as jobs from '@sluice/contract/jobs';
import type * as ledger from '@sluice/contract/ledger';
import type * as manualInvoices from '@sluice/contract/manual-invoices';
import type * as members from '@sluice/contract/members';
import type * as metering from '@sluice/contract/metering';
import type * as meters from '@sluice/contract/meters';
import type * as modelGroups from '@sluice/contract/model-groups';
import type * as notices from '@sluice/contract/notices';
import type * as operatingUsers from '@sluice/contract/operating-users';
import type * as organizationSettings from '@sluice/contract/organization-settings';
import type * as passkeys from '@sluice/contract/passkeys';
import type * as payLinks from '@sluice/contract/pay-links';
import type * as paymentInbox from '@sluice/contract/payment-inbox';
import type * as paymentMethods from '@sluice/contract/payment-methods';
import type * as payments from '@sluice/contract/payments';
import type * as planSubscriptions from '@sluice/contract/plan-subscriptions';
import type * as plans from '@sluice/contract/plans';
import type * as portalSessions from '@sluice/contract/portal-sessions';
import type * as priceUpdates from '@sluice/contract/price-updates';
import type * as quotas from '@sluice/contract/quotas';
import type * as quotes from '@sluice/contract/quotes';
import type * as receipts from '@sluice/contract/receipts';
import type * as reconciliations from '@sluice/contract/reconciliations';
import type * as redemptions from '@sluice/contract/redemptions';
import type * as refunds from '@sluice/contract/refunds';
import type * as reports from '@sluice/contract/reports';
import type * as reportsRecurring from '@sluice/contract/reports-recurring';
import type * as reportsRevenue from '@sluice/contract/reports-revenue';
import type * as reportsUsage from '@sluice/contract/reports-usage';
import type * as reratings from '@sluice/contract/reratings';
import type * as risk from '@sluice/contract/risk';
import type * as roles from '@sluice/contract/roles';
import type * as settings from '@sluice/contract/settings';
import type * as signInProviders from '@sluice/contract/sign-in-providers';
import type * as singleSignOn from '@sluice/contract/single-sign-on';
import type * as spendCaps from '@sluice/contract/spend-caps';
import type * as status from '@sluice/contract/status';
import type * as subscriptions from '@sluice/contract/subscriptions';
import type * as supportAccess from '@sluice/contract/support-access';
import type * as tax from '@sluice/contract/tax';
import type * as unapplied from '@sluice/contract/unapplied';
import type * as webhooks from '@sluice/contract/webhooks';

type Domains = typeof access &
  typeof accounts &
  typeof passkeys &
  typeof apiKeys &
  typeof applicationTemplates &
  typeof applications &
  typeof audit &
  typeof autoTopUp &
  typeof callExports &
  typeof catalog &
  typeof costCenters &
  typeof coupons &
  typeof creditNotes &
  typeof customers &
  typeof disputes &
  typeof entitlements &
  typeof fapiao &
  typeof gateway &
  typeof identity &
  typeof invoicing &
  typeof invoiceSplits &
  typeof ledger &
  typeof manualInvoices &
  typeof members &
  typeof metering &
  typeof meters &
  typeof modelGroups &
  typeof operatingUsers &
  typeof organizationSettings &
  typeof payLinks &
  typeof paymentInbox &
  typeof portalSessions &
  typeof payments &
  typeof paymentMethods &
  typeof billingRuns &
  typeof planSubscriptions &
  typeof plans &
  typeof priceUpdates &
  typeof quotas &
  typeof quotes &
  typeof receipts &
  typeof reconciliations &
  typeof redemptions &
  typeof refunds &
  typeof reports &
  typeof reportsRecurring &
  typeof reportsRevenue &
  typeof reportsUsage &
  typeof reratings &
  typeof risk &
  typeof alertRules &
  typeof alerts &
  typeof notices &
  typeof growth &
  typeof commissions &
  typeof roles &
  typeof settings &
  typeof signInProviders &
  typeof singleSignOn &
  typeof spendCaps &
  typeof status &
  typeof jobs &
  typeof subscriptions &
  typeof supportAccess &
  typeof tax &
  typeof unapplied &
  typeof webhooks;

export type Contract<O extends Operation> = Domains[O] extends infer E extends Endpoint ? E : never;
