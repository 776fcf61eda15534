import * as endpoints from '@sluice/contract/subscriptions';
import type { Routes } from '../../platform/http/routes.ts';
import { readPayWith } from '../payments/index.ts';
import { registerPayLinks } from './http-pay-links.ts';
import { registerQuotes } from './http-quotes.ts';
import { registerPlanSubscriptions } from './http-subscriptions.ts';
import { purchasePackage } from './operations/purchase-package.ts';

/** Serves what is bought for a time. */
export function registerSubscriptions(routes: Routes): void {
  routes.serve(endpoints.purchasePackage, ({ context, organizationId, params, body }) =>
    purchasePackage(context, {
      organizationId,
      packageId: params.id,
      ...readPayWith(body),
    }),
  );
  registerPlanSubscriptions(routes);
  registerQuotes(routes);
  registerPayLinks(routes);
}
