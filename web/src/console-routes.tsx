/** The console's part of the site map. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operators } from './house-routes.tsx';
import { paths } from './paths.ts';
import { searchOf } from './search.ts';

export const consolePages = [
  createRoute({
    getParentRoute: () => operators,
    path: paths.console,
    component: lazyRouteComponent(
      () => import('./console/overview/OverviewPage.tsx'),
      'OverviewPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleSignIn,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(() => import('./console/sign-in/SignInPage.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePackages,
    validateSearch: searchOf('status', 'edit'),
    component: lazyRouteComponent(
      () => import('./console/packages/PackagesPage.tsx'),
      'PackagesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleModels,
    validateSearch: searchOf('tab', 'q', 'model', 'view'),
    component: lazyRouteComponent(() => import('./console/models/ModelsPage.tsx'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleChannels,
    validateSearch: searchOf('edit', 'view'),
    component: lazyRouteComponent(
      () => import('./console/channels/ChannelsPage.tsx'),
      'ChannelsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleApplications,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(
      () => import('./console/applications/ApplicationsPage.tsx'),
      'ApplicationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleRegister,
    validateSearch: searchOf('template'),
    component: lazyRouteComponent(
      () => import('./console/applications/RegisterPage.tsx'),
      'RegisterPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleApplication,
    validateSearch: searchOf('tab', 'edit'),
    component: lazyRouteComponent(
      () => import('./console/applications/ApplicationPage.tsx'),
      'ApplicationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleMeters,
    validateSearch: searchOf('tab', 'application', 'status', 'edit'),
    component: lazyRouteComponent(() => import('./console/meters/MetersPage.tsx'), 'MetersPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePlans,
    validateSearch: searchOf('application', 'status', 'edit'),
    component: lazyRouteComponent(() => import('./console/plans/PlansPage.tsx'), 'PlansPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePlan,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(() => import('./console/plans/PlanPage.tsx'), 'PlanPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCoupons,
    validateSearch: searchOf('status', 'edit'),
    component: lazyRouteComponent(() => import('./console/coupons/CouponsPage.tsx'), 'CouponsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCodes,
    validateSearch: searchOf('batch'),
    component: lazyRouteComponent(() => import('./console/codes/CodesPage.tsx'), 'CodesPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePriceLinks,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(
      () => import('./console/price-links/PriceLinksPage.tsx'),
      'PriceLinksPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCoupon,
    component: lazyRouteComponent(() => import('./console/coupons/CouponPage.tsx'), 'CouponPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleQuotas,
    validateSearch: searchOf('organization', 'from', 'to'),
    component: lazyRouteComponent(() => import('./console/quotas/QuotasPage.tsx'), 'QuotasPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUsage,
    validateSearch: searchOf('period', 'organization', 'application', 'by', 'meter'),
    component: lazyRouteComponent(() => import('./console/usage/UsagePage.tsx'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleRoles,
    component: lazyRouteComponent(() => import('./console/roles/RolesPage.tsx'), 'RolesPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleSettings,
    component: lazyRouteComponent(
      () => import('./console/settings/SettingsPage.tsx'),
      'SettingsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleJobs,
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(() => import('./console/jobs/JobsPage.tsx'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleIncidents,
    component: lazyRouteComponent(
      () => import('./console/status/IncidentsPage.tsx'),
      'IncidentsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleFind,
    validateSearch: searchOf('q'),
    component: lazyRouteComponent(() => import('./console/find/FindPage.tsx'), 'FindPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUser,
    component: lazyRouteComponent(() => import('./console/users/UserPage.tsx'), 'UserPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUsers,
    validateSearch: searchOf('q', 'status', 'role', 'from', 'to'),
    component: lazyRouteComponent(() => import('./console/users/UsersPage.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleRisk,
    validateSearch: searchOf('tab', 'state', 'rule', 'held'),
    component: lazyRouteComponent(() => import('./console/risk/RiskPage.tsx'), 'RiskPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleNotifications,
    validateSearch: searchOf('organization', 'status'),
    component: lazyRouteComponent(
      () => import('./console/notifications/NotificationsPage.tsx'),
      'NotificationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleAlerts,
    validateSearch: searchOf('tab', 'edit', 'rule'),
    component: lazyRouteComponent(() => import('./console/alerts/AlertsPage.tsx'), 'AlertsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleReferrals,
    validateSearch: searchOf('tab', 'state', 'organization'),
    component: lazyRouteComponent(
      () => import('./console/referrals/ReferralsPage.tsx'),
      'ReferralsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleOrganizations,
    validateSearch: searchOf('q', 'status', 'plan', 'flag', 'from', 'to'),
    component: lazyRouteComponent(
      () => import('./console/organizations/OrganizationsPage.tsx'),
      'OrganizationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleOrganization,
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(
      () => import('./console/organizations/OrganizationPage.tsx'),
      'OrganizationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleSubscriptions,
    validateSearch: searchOf('status', 'plan', 'organization', 'subscribe'),
    component: lazyRouteComponent(
      () => import('./console/subscriptions/SubscriptionsPage.tsx'),
      'SubscriptionsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleSubscription,
    component: lazyRouteComponent(
      () => import('./console/subscriptions/SubscriptionPage.tsx'),
      'SubscriptionPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleQuotes,
    validateSearch: searchOf('status', 'organization', 'write'),
    component: lazyRouteComponent(() => import('./console/quotes/QuotesPage.tsx'), 'QuotesPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleQuote,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(() => import('./console/quotes/QuotePage.tsx'), 'QuotePage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleBillingRuns,
    component: lazyRouteComponent(
      () => import('./console/billing-runs/BillingRunsPage.tsx'),
      'BillingRunsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleInvoices,
    validateSearch: searchOf('q', 'status', 'kind', 'organization', 'from', 'to', 'write'),
    component: lazyRouteComponent(
      () => import('./console/invoices/InvoicesPage.tsx'),
      'InvoicesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleInvoice,
    component: lazyRouteComponent(
      () => import('./console/invoices/InvoicePage.tsx'),
      'InvoicePage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCreditNotes,
    validateSearch: searchOf('organization', 'from', 'to'),
    component: lazyRouteComponent(
      () => import('./console/credit-notes/CreditNotesPage.tsx'),
      'CreditNotesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleFapiao,
    validateSearch: searchOf('tab', 'q', 'status', 'organization'),
    component: lazyRouteComponent(
      () => import('./console/fapiao/FapiaoQueuePage.tsx'),
      'FapiaoQueuePage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleFapiaoOne,
    component: lazyRouteComponent(() => import('./console/fapiao/FapiaoPage.tsx'), 'FapiaoPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleTax,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(() => import('./console/tax/TaxPage.tsx'), 'TaxPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCalls,
    validateSearch: searchOf(
      'organization',
      'model',
      'key',
      'outcome',
      'tag',
      'amount',
      'from',
      'to',
    ),
    component: lazyRouteComponent(() => import('./console/calls/CallsPage.tsx'), 'CallsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCall,
    component: lazyRouteComponent(() => import('./console/calls/CallPage.tsx'), 'CallPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleAudit,
    validateSearch: searchOf(
      'organization',
      'actor',
      'action',
      'resource',
      'ip',
      'id',
      'from',
      'to',
      'entry',
    ),
    component: lazyRouteComponent(() => import('./console/audit/AuditPage.tsx'), 'AuditPage'),
  }),
] as const;
