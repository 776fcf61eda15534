import * as endpoints from '@sluice/contract/auto-top-up';
import type { Routes } from '../../platform/http/routes.ts';
import { getAutoTopUp, setAutoTopUp } from './operations/auto-top-up.ts';

/** Serves wallets that refill themselves. */
export function registerAutoTopUp(routes: Routes): void {
  routes.serve(endpoints.getAutoTopUp, ({ context, organizationId }) =>
    getAutoTopUp(context, organizationId),
  );
  routes.serve(endpoints.setAutoTopUp, ({ context, organizationId, body }) =>
    setAutoTopUp(context, { ...body, organizationId }),
  );
}
