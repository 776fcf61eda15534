import * as endpoints from '@sluice/contract/reports';
import type { Routes } from '../../platform/http/routes.ts';
import { inspectOrganization, readBillingSummary } from './operations/read-billing-summary.ts';
import { readOverview } from './operations/read-overview.ts';

export function registerReports(routes: Routes): void {
  routes.serve(endpoints.getBillingSummary, ({ context, organizationId }) =>
    readBillingSummary(context, organizationId),
  );
  routes.serve(endpoints.inspectOrganization, ({ context, params }) =>
    inspectOrganization(context, params.id),
  );
  routes.serve(endpoints.getOverview, ({ context }) => readOverview(context));
}
