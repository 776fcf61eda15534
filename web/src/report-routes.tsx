/** The reports' part of the site map. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { operators } from './house-routes.tsx';
import { paths } from './paths.ts';
import { searchOf } from './search.ts';

export const reportPages = [
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleReports,
    beforeLoad: () => {
      throw redirect({ to: paths.consoleRevenue, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleRevenue,
    validateSearch: searchOf('from', 'to', 'interval', 'convert'),
    component: lazyRouteComponent(() => import('./console/reports/RevenuePage.tsx'), 'RevenuePage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleMrr,
    validateSearch: searchOf('from', 'to', 'kind'),
    component: lazyRouteComponent(() => import('./console/reports/MrrPage.tsx'), 'MrrPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleChurn,
    validateSearch: searchOf('from', 'to'),
    component: lazyRouteComponent(() => import('./console/reports/ChurnPage.tsx'), 'ChurnPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleUsageReport,
    validateSearch: searchOf('from', 'to', 'interval'),
    component: lazyRouteComponent(() => import('./console/reports/UsagePage.tsx'), 'UsagePage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleMargin,
    validateSearch: searchOf('from', 'to', 'by', 'order'),
    component: lazyRouteComponent(() => import('./console/reports/MarginPage.tsx'), 'MarginPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consoleBadDebt,
    validateSearch: searchOf('from', 'to'),
    component: lazyRouteComponent(() => import('./console/reports/BadDebtPage.tsx'), 'BadDebtPage'),
  }),
  createRoute({
    getParentRoute: () => operators,
    path: paths.consolePaymentsReport,
    validateSearch: searchOf('from', 'to', 'interval'),
    component: lazyRouteComponent(
      () => import('./console/reports/PaymentsPage.tsx'),
      'PaymentsPage',
    ),
  }),
];
