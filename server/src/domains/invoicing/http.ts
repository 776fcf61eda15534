import * as endpoints from '@sluice/contract/invoicing';
import { recordManualPayment as recordManualPaymentEndpoint } from '@sluice/contract/payments';
import type { Routes } from '../../platform/http/routes.ts';
import { presentOrganizationPayment } from '../payments/index.ts';
import { payInvoice } from './operations/pay-invoice.ts';
import { getInvoice, listInvoices } from './operations/read-invoices.ts';
import { recordManualPayment } from './operations/record-manual-payment.ts';
import { topUpWallet } from './operations/top-up-wallet.ts';

/** Serves invoices, top-ups, and the manual payments that pay the ones or become the others. */
export function registerInvoicing(routes: Routes): void {
  routes.serve(endpoints.topUpWallet, ({ context, organizationId, body }) => {
    const { return_url: returnUrl, ...order } = body;
    return topUpWallet(context, { ...order, organizationId, returnUrl });
  });
  routes.serve(endpoints.listInvoices, ({ context, organizationId, query }) =>
    listInvoices(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getInvoice, ({ context, organizationId, params }) =>
    getInvoice(context, { organizationId, id: params.id }),
  );
  routes.serve(endpoints.payInvoice, ({ context, organizationId, params, body }) =>
    payInvoice(context, {
      organizationId,
      invoiceId: params.id,
      provider: body.provider,
      returnUrl: body.return_url,
    }),
  );
  routes.serve(recordManualPaymentEndpoint, async ({ context, body }) => {
    const { organization: organizationId, invoice: invoiceId, ...money } = body;
    const payment = await recordManualPayment(context, { ...money, organizationId, invoiceId });
    return presentOrganizationPayment(payment);
  });
}
