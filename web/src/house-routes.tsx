/** The houses of the site map: each page belongs to one, which draws its frame and asks who comes in. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { knowSession, requireSession } from './features/session/guard.ts';
import { EitherLayout } from './layouts/EitherLayout.tsx';
import { AuthLayout, OpenLayout } from './layouts/OpenLayout.tsx';
import { PortalLayout } from './layouts/PortalLayout.tsx';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({});

export const open = createRoute({ getParentRoute: () => root, id: 'open', component: OpenLayout });
export const auth = createRoute({ getParentRoute: () => open, id: 'auth', component: AuthLayout });
export const portal = createRoute({
  getParentRoute: () => root,
  id: 'portal',
  component: PortalLayout,
  beforeLoad: requireSession,
});
/** Pages for both: within the portal for who is signed in, and as an open page for who is not. */
export const either = createRoute({
  getParentRoute: () => root,
  id: 'either',
  component: EitherLayout,
  beforeLoad: knowSession,
});
export const operators = createRoute({
  getParentRoute: () => root,
  id: 'console',
  component: lazyRouteComponent(() => import('./layouts/ConsoleLayout.tsx'), 'ConsoleLayout'),
  beforeLoad: requireSession,
});
