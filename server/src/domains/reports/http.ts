import * as updates from '@sluice/contract/price-updates';
import * as endpoints from '@sluice/contract/reports';
import type { Routes } from '../../platform/http/routes.ts';
import type { PriceBook } from '../catalog/index.ts';
import { serveReports } from './http-reports.ts';
import { listPriceUpdates } from './operations/list-price-updates.ts';
import { inspectOrganization, readBillingSummary } from './operations/read-billing-summary.ts';
import { readOverview } from './operations/read-overview.ts';
import { simulateModelPrice } from './operations/simulate-model-price.ts';

export function registerReports(routes: Routes, { prices }: { prices: PriceBook }): void {
  routes.serve(endpoints.getBillingSummary, ({ context, organizationId }) =>
    readBillingSummary(context, organizationId),
  );
  routes.serve(endpoints.inspectOrganization, ({ context, params }) =>
    inspectOrganization(context, params.id),
  );
  routes.serve(endpoints.getOverview, ({ context }) => readOverview(context));
  routes.serve(updates.listPriceUpdates, ({ context, query }) => listPriceUpdates(context, query));
  routes.serve(updates.simulateModelPrice, ({ context, body }) =>
    simulateModelPrice(context, prices, body),
  );
  serveReports(routes);
}
