/** The whole site map. Every page is its own chunk; the layouts come with the first load. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { openInvoice } from './features/invoice/open-invoice.ts';
import { requireSession } from './features/session/guard.ts';
import { AuthLayout, OpenLayout } from './layouts/OpenLayout.tsx';
import { PortalLayout } from './layouts/PortalLayout.tsx';
import { Crashed, NotFound } from './layouts/Problems.tsx';
import { paths } from './paths.ts';
import { parseSearch, searchOf, stringifySearch } from './search.ts';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({});

const open = createRoute({ getParentRoute: () => root, id: 'open', component: OpenLayout });
const auth = createRoute({ getParentRoute: () => open, id: 'auth', component: AuthLayout });
const portal = createRoute({
  getParentRoute: () => root,
  id: 'portal',
  component: PortalLayout,
  beforeLoad: requireSession,
});
const operators = createRoute({
  getParentRoute: () => root,
  id: 'console',
  component: lazyRouteComponent(() => import('./layouts/ConsoleLayout.tsx'), 'ConsoleLayout'),
  beforeLoad: requireSession,
});

const openPages = [
  createRoute({
    getParentRoute: () => open,
    path: paths.landing,
    component: lazyRouteComponent(() => import('./portal/landing/LandingPage.tsx'), 'LandingPage'),
  }),
] as const;

const authPages = [
  createRoute({
    getParentRoute: () => auth,
    path: paths.signIn,
    validateSearch: searchOf('next', 'ended'),
    component: lazyRouteComponent(() => import('./portal/auth/SignInPage.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.signUp,
    component: lazyRouteComponent(() => import('./portal/auth/SignUpPage.tsx'), 'SignUpPage'),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.verifyEmail,
    validateSearch: searchOf('token'),
    component: lazyRouteComponent(
      () => import('./portal/auth/VerifyEmailPage.tsx'),
      'VerifyEmailPage',
    ),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.forgotPassword,
    component: lazyRouteComponent(
      () => import('./portal/auth/ForgotPasswordPage.tsx'),
      'ForgotPasswordPage',
    ),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.resetPassword,
    validateSearch: searchOf('token'),
    component: lazyRouteComponent(
      () => import('./portal/auth/ResetPasswordPage.tsx'),
      'ResetPasswordPage',
    ),
  }),
] as const;

const portalPages = [
  createRoute({
    getParentRoute: () => portal,
    path: paths.dashboard,
    component: lazyRouteComponent(
      () => import('./portal/dashboard/DashboardPage.tsx'),
      'DashboardPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.packages,
    validateSearch: searchOf('buy'),
    component: lazyRouteComponent(
      () => import('./portal/packages/PackagesPage.tsx'),
      'PackagesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.checkout,
    component: lazyRouteComponent(
      () => import('./portal/checkout/CheckoutPage.tsx'),
      'CheckoutPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.keys,
    component: lazyRouteComponent(() => import('./portal/keys/KeysPage.tsx'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.calls,
    validateSearch: searchOf('model', 'key'),
    component: lazyRouteComponent(() => import('./portal/calls/CallsPage.tsx'), 'CallsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.call,
    component: lazyRouteComponent(() => import('./portal/calls/CallPage.tsx'), 'CallPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.models,
    component: lazyRouteComponent(() => import('./portal/models/ModelsPage.tsx'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.plans,
    validateSearch: searchOf('cycle', 'currency', 'subscribe'),
    component: lazyRouteComponent(() => import('./portal/plans/PlansPage.tsx'), 'PlansPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.quotas,
    component: lazyRouteComponent(() => import('./portal/quotas/QuotasPage.tsx'), 'QuotasPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.usage,
    validateSearch: searchOf('by', 'days', 'meter'),
    component: lazyRouteComponent(() => import('./portal/usage/UsagePage.tsx'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.billing,
    validateSearch: searchOf('tab', 'invoice'),
    beforeLoad: openInvoice,
    component: lazyRouteComponent(() => import('./portal/billing/BillingPage.tsx'), 'BillingPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.invoices,
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(
      () => import('./portal/invoices/InvoicesPage.tsx'),
      'InvoicesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.invoice,
    validateSearch: searchOf('pay'),
    component: lazyRouteComponent(() => import('./portal/invoices/InvoicePage.tsx'), 'InvoicePage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.billingDetails,
    component: lazyRouteComponent(
      () => import('./portal/billing-details/BillingDetailsPage.tsx'),
      'BillingDetailsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.creditNote,
    component: lazyRouteComponent(
      () => import('./portal/invoices/CreditNotePage.tsx'),
      'CreditNotePage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.account,
    component: lazyRouteComponent(() => import('./portal/account/AccountPage.tsx'), 'AccountPage'),
  }),
] as const;

const consolePages = [
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
    validateSearch: searchOf('q', 'model', 'view'),
    component: lazyRouteComponent(() => import('./console/models/ModelsPage.tsx'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleChannels,
    validateSearch: searchOf('edit'),
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
    path: paths.consoleQuotas,
    validateSearch: searchOf('organization'),
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
    path: paths.consoleSettings,
    component: lazyRouteComponent(
      () => import('./console/settings/SettingsPage.tsx'),
      'SettingsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUsers,
    validateSearch: searchOf('q'),
    component: lazyRouteComponent(() => import('./console/users/UsersPage.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleOrganizations,
    validateSearch: searchOf('q'),
    component: lazyRouteComponent(
      () => import('./console/organizations/OrganizationsPage.tsx'),
      'OrganizationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleOrganization,
    component: lazyRouteComponent(
      () => import('./console/organizations/OrganizationPage.tsx'),
      'OrganizationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePayments,
    validateSearch: searchOf('q', 'status', 'organization', 'record'),
    component: lazyRouteComponent(
      () => import('./console/payments/PaymentsPage.tsx'),
      'PaymentsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleInvoices,
    validateSearch: searchOf('q', 'status', 'kind', 'organization'),
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
    validateSearch: searchOf('organization'),
    component: lazyRouteComponent(
      () => import('./console/credit-notes/CreditNotesPage.tsx'),
      'CreditNotesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleTax,
    validateSearch: searchOf('edit'),
    component: lazyRouteComponent(() => import('./console/tax/TaxPage.tsx'), 'TaxPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUnapplied,
    component: lazyRouteComponent(
      () => import('./console/unapplied/UnappliedPage.tsx'),
      'UnappliedPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleCalls,
    validateSearch: searchOf('organization', 'model', 'key', 'from', 'to'),
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
    validateSearch: searchOf('organization', 'actor', 'action', 'resource', 'from', 'to', 'entry'),
    component: lazyRouteComponent(() => import('./console/audit/AuditPage.tsx'), 'AuditPage'),
  }),
] as const;

const routeTree = root.addChildren([
  open.addChildren([...openPages, auth.addChildren(authPages)]),
  portal.addChildren(portalPages),
  operators.addChildren(consolePages),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: Crashed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
