import * as endpoints from '@sluice/contract/pay-links';
import type { Routes } from '../../platform/http/routes.ts';
import { createPayLink, getLinkedPayment } from '../invoicing/index.ts';
import { getPayable, payByLink } from './operations/pay-by-link.ts';
import { createPriceLink, listPriceLinks, updatePriceLink } from './operations/price-links.ts';

/** Serves links of invoices and prices, and whoever pays by one. */
export function registerPayLinks(routes: Routes): void {
  routes.serve(endpoints.getPayable, ({ context, params }) => getPayable(context, params.link));
  routes.serve(endpoints.payByLink, ({ context, params, body }) =>
    payByLink(context, params.link, body),
  );
  routes.serve(endpoints.getLinkPayment, ({ context, params }) =>
    getLinkedPayment(context, params),
  );
  routes.serve(endpoints.createPayLink, ({ context, organizationId, params }) =>
    createPayLink(context, { organizationId, invoiceId: params.id }),
  );
  routes.serve(endpoints.createInvoicePayLink, ({ context, params }) =>
    createPayLink(context, { invoiceId: params.id }),
  );
  routes.serve(endpoints.listPriceLinks, ({ context, query }) => listPriceLinks(context, query));
  routes.serve(endpoints.createPriceLink, ({ context, body }) => createPriceLink(context, body));
  routes.serve(endpoints.updatePriceLink, ({ context, params, body }) =>
    updatePriceLink(context, params.id, body),
  );
}
