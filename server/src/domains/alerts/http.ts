import * as endpoints from '@sluice/contract/alerts';
import type { Routes } from '../../platform/http/routes.ts';
import { readAlerts } from './operations/read-alerts.ts';

export function registerAlerts(routes: Routes): void {
  routes.serve(endpoints.listAlerts, ({ context, organizationId, query }) =>
    readAlerts(context, { ...query, organization: organizationId }),
  );
  routes.serve(endpoints.searchAlerts, ({ context, query }) => readAlerts(context, query));
}
