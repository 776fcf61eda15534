/** The console's pages about payments, in the site map. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { operators } from './house-routes.tsx';
import { paths } from './paths.ts';
import { searchOf } from './search.ts';

export const paymentPages = [
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePayments,
    validateSearch: searchOf('q', 'status', 'organization', 'provider', 'from', 'to', 'record'),
    component: lazyRouteComponent(
      () => import('./console/payments/PaymentsPage.tsx'),
      'PaymentsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePayment,
    component: lazyRouteComponent(
      () => import('./console/payments/PaymentPage.tsx'),
      'PaymentPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleRefunds,
    validateSearch: searchOf('status', 'origin', 'organization', 'from', 'to'),
    component: lazyRouteComponent(() => import('./console/refunds/RefundsPage.tsx'), 'RefundsPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleDisputes,
    validateSearch: searchOf('status', 'organization'),
    component: lazyRouteComponent(
      () => import('./console/disputes/DisputesPage.tsx'),
      'DisputesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUnapplied,
    validateSearch: searchOf('state', 'organization'),
    component: lazyRouteComponent(
      () => import('./console/unapplied/UnappliedPage.tsx'),
      'UnappliedPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleReconciliations,
    validateSearch: searchOf('provider', 'status', 'run'),
    component: lazyRouteComponent(
      () => import('./console/reconciliations/ReconciliationsPage.tsx'),
      'ReconciliationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleReconciliation,
    validateSearch: searchOf('result', 'q', 'show'),
    component: lazyRouteComponent(
      () => import('./console/reconciliations/ReconciliationPage.tsx'),
      'ReconciliationPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleProviders,
    validateSearch: searchOf('provider'),
    component: lazyRouteComponent(
      () => import('./console/providers/ProvidersPage.tsx'),
      'ProvidersPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleInbox,
    validateSearch: searchOf('provider', 'outcome', 'from', 'to'),
    component: lazyRouteComponent(
      () => import('./console/webhook-inbox/InboxPage.tsx'),
      'InboxPage',
    ),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleNotification,
    component: lazyRouteComponent(
      () => import('./console/webhook-inbox/NotificationPage.tsx'),
      'NotificationPage',
    ),
  }),
] as const;
