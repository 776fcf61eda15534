import * as endpoints from '@sluice/contract/payments';
import type { Routes } from '../../platform/http/routes.ts';
import { serveInbox } from './http-inbox.ts';
import { serveMethods } from './http-methods.ts';
import { serveReconciliations } from './http-reconciliations.ts';
import { serveRefunds } from './http-refunds.ts';
import { getPayment, listPayments, searchPayments } from './operations/read-payments.ts';
import { getProvider, listPaymentProviders, listProviders } from './operations/read-providers.ts';
import { updateProvider } from './operations/update-provider.ts';

/** Serves payments, their providers and what these tell us; a manual payment is an invoice's and served there. */
export function registerPayments(routes: Routes): void {
  routes.serve(endpoints.listPayments, ({ context, organizationId, query }) =>
    listPayments(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getPayment, ({ context, organizationId, params }) =>
    getPayment(context, { organizationId, id: params.id }),
  );
  routes.serve(endpoints.listPaymentProviders, ({ context }) => listPaymentProviders(context));
  routes.serve(endpoints.searchPayments, ({ context, query }) => searchPayments(context, query));
  serveRefunds(routes);
  serveProviders(routes);
  serveMethods(routes);
  serveInbox(routes);
  serveReconciliations(routes);
}

function serveProviders(routes: Routes): void {
  routes.serve(endpoints.listProviders, async ({ context }) => ({
    data: await listProviders(context),
    next_cursor: null,
  }));
  routes.serve(endpoints.getProvider, ({ context, params }) =>
    getProvider(context, params.provider),
  );
  routes.serve(endpoints.updateProvider, async ({ context, params, body }) => {
    await updateProvider(context, { ...body, provider: params.provider });
    return getProvider(context, params.provider);
  });
}
