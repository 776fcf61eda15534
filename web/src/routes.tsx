/** The whole site map. Every page is its own chunk; the layouts come with the first load. */
import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { consolePages } from './console-routes.tsx';
import { openInvoice } from './features/invoice/open-invoice.ts';
import { auth, either, open, operators, portal, root } from './house-routes.tsx';
import { Crashed, NotFound } from './layouts/Problems.tsx';
import { paths } from './paths.ts';
import { paymentPages } from './payment-routes.tsx';
import { reportPages } from './report-routes.tsx';
import { parseSearch, searchOf, stringifySearch } from './search.ts';

const openPages = [
  createRoute({
    getParentRoute: () => open,
    path: paths.landing,
    component: lazyRouteComponent(() => import('./portal/landing/LandingPage.tsx'), 'LandingPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: paths.pay,
    component: lazyRouteComponent(() => import('./portal/pay/PayPage.tsx'), 'PayPage'),
  }),
  createRoute({
    getParentRoute: () => open,
    path: paths.status,
    component: lazyRouteComponent(() => import('./portal/status/StatusPage.tsx'), 'StatusPage'),
  }),
] as const;

const authPages = [
  createRoute({
    getParentRoute: () => auth,
    path: paths.signIn,
    validateSearch: searchOf('next', 'ended', 'sso', 'refused', 'request'),
    component: lazyRouteComponent(() => import('./portal/auth/SignInPage.tsx'), 'SignInPage'),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.signUp,
    validateSearch: searchOf('invite'),
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
  createRoute({
    getParentRoute: () => auth,
    path: paths.confirmEmail,
    validateSearch: searchOf('token'),
    component: lazyRouteComponent(
      () => import('./portal/auth/EmailLinkPages.tsx'),
      'ConfirmEmailPage',
    ),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.undoEmail,
    validateSearch: searchOf('token'),
    component: lazyRouteComponent(
      () => import('./portal/auth/EmailLinkPages.tsx'),
      'UndoEmailPage',
    ),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.portalSession,
    validateSearch: searchOf('token'),
    component: lazyRouteComponent(
      () => import('./portal/pay/PortalSessionPage.tsx'),
      'PortalSessionPage',
    ),
  }),
  createRoute({
    getParentRoute: () => auth,
    path: paths.invitation,
    validateSearch: searchOf('token'),
    component: lazyRouteComponent(
      () => import('./portal/invitation/InvitationPage.tsx'),
      'InvitationPage',
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
    validateSearch: searchOf(
      'model',
      'key',
      'member',
      'cost_center',
      'outcome',
      'tag',
      'amount',
      'from',
      'to',
    ),
    component: lazyRouteComponent(() => import('./portal/calls/CallsPage.tsx'), 'CallsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.call,
    component: lazyRouteComponent(() => import('./portal/calls/CallPage.tsx'), 'CallPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.playground,
    component: lazyRouteComponent(
      () => import('./portal/playground/PlaygroundPage.tsx'),
      'PlaygroundPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.plans,
    validateSearch: searchOf('cycle', 'currency'),
    component: lazyRouteComponent(() => import('./portal/plans/PlansPage.tsx'), 'PlansPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.plan,
    validateSearch: searchOf('cycle', 'currency', 'coupon', 'seats'),
    component: lazyRouteComponent(() => import('./portal/subscribe/PlanPage.tsx'), 'PlanPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.quotas,
    component: lazyRouteComponent(() => import('./portal/quotas/QuotasPage.tsx'), 'QuotasPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.costs,
    validateSearch: searchOf(
      'by',
      'days',
      'cost_center',
      'member',
      'application',
      'model',
      'api_key',
    ),
    component: lazyRouteComponent(() => import('./portal/costs/CostsPage.tsx'), 'CostsPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.costCenters,
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(
      () => import('./portal/costs/CostCentersPage.tsx'),
      'CostCentersPage',
    ),
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
    path: paths.subscription,
    component: lazyRouteComponent(
      () => import('./portal/subscription/SubscriptionPage.tsx'),
      'SubscriptionPage',
    ),
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
    path: paths.paymentMethods,
    validateSearch: searchOf('setup'),
    component: lazyRouteComponent(
      () => import('./portal/payment-methods/PaymentMethodsPage.tsx'),
      'PaymentMethodsPage',
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
    path: paths.quotes,
    component: lazyRouteComponent(() => import('./portal/quotes/QuotesPage.tsx'), 'QuotesPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.quote,
    component: lazyRouteComponent(() => import('./portal/quotes/QuotePage.tsx'), 'QuotePage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.fapiao,
    component: lazyRouteComponent(() => import('./portal/fapiao/FapiaoPage.tsx'), 'FapiaoPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.fapiaoRequest,
    validateSearch: searchOf('invoice'),
    component: lazyRouteComponent(() => import('./portal/fapiao/RequestPage.tsx'), 'RequestPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.organization,
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(
      () => import('./portal/organization/OrganizationPage.tsx'),
      'OrganizationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.audit,
    validateSearch: searchOf('actor', 'action', 'resource', 'ip', 'id', 'from', 'to', 'entry'),
    component: lazyRouteComponent(() => import('./portal/audit/AuditPage.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.webhooks,
    component: lazyRouteComponent(
      () => import('./portal/webhooks/WebhooksPage.tsx'),
      'WebhooksPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.webhook,
    validateSearch: searchOf('status', 'event', 'delivery'),
    component: lazyRouteComponent(
      () => import('./portal/webhooks/EndpointPage.tsx'),
      'EndpointPage',
    ),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.notices,
    validateSearch: searchOf('show'),
    component: lazyRouteComponent(() => import('./portal/notices/NoticesPage.tsx'), 'NoticesPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.members,
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(() => import('./portal/members/MembersPage.tsx'), 'MembersPage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.invite,
    component: lazyRouteComponent(() => import('./portal/invite/InvitePage.tsx'), 'InvitePage'),
  }),
  createRoute({
    getParentRoute: () => portal,
    path: paths.account,
    component: lazyRouteComponent(() => import('./portal/account/AccountPage.tsx'), 'AccountPage'),
  }),
] as const;

const pagesForBoth = [
  createRoute({
    getParentRoute: () => either,
    path: paths.models,
    validateSearch: searchOf('q', 'vendor'),
    component: lazyRouteComponent(() => import('./portal/models/ModelsPage.tsx'), 'ModelsPage'),
  }),
] as const;

const routeTree = root.addChildren([
  open.addChildren([...openPages, auth.addChildren(authPages)]),
  portal.addChildren(portalPages),
  either.addChildren(pagesForBoth),
  operators.addChildren([...consolePages, ...paymentPages, ...reportPages]),
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
