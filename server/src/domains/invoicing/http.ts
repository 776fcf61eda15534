import { splitInvoice as splitInvoiceEndpoint } from '@sluice/contract/invoice-splits';
import * as endpoints from '@sluice/contract/invoicing';
import { recordManualPayment as recordManualPaymentEndpoint } from '@sluice/contract/payments';
import { sendFile, sendPdf } from '../../platform/http/files.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { presentOrganizationPayment, readPayWith } from '../payments/index.ts';
import { registerAutoTopUp } from './http-auto-top-up.ts';
import { registerBilling } from './http-billing.ts';
import { registerCreditNotes } from './http-credit-notes.ts';
import { registerFapiao } from './http-fapiao.ts';
import { registerManualInvoices } from './http-manual-invoices.ts';
import { registerUnapplied } from './http-unapplied.ts';
import { payInvoice } from './operations/pay-invoice.ts';
import { printInvoice } from './operations/print-documents.ts';
import {
  getInvoice,
  inspectInvoice,
  listInvoices,
  requireInvoice,
  searchInvoices,
} from './operations/read-invoices.ts';
import { recordManualPayment } from './operations/record-manual-payment.ts';
import { splitFile, splitInvoice } from './operations/split-invoice.ts';
import { topUpWallet } from './operations/top-up-wallet.ts';
import { voidInvoice } from './operations/void-invoice.ts';
import { writeOffInvoice } from './operations/write-off-invoice.ts';

/** Serves invoices and what corrects them, top-ups, and manual payments that pay the ones or become the others. */
export function registerInvoicing(routes: Routes): void {
  registerOwnInvoices(routes);
  registerAllInvoices(routes);
  registerManualInvoices(routes);
  registerCreditNotes(routes);
  registerFapiao(routes);
  registerBilling(routes);
  registerAutoTopUp(routes);
  registerUnapplied(routes);
}

function registerOwnInvoices(routes: Routes): void {
  routes.serve(endpoints.topUpWallet, ({ context, organizationId, body }) => {
    const { amount, currency } = body;
    return topUpWallet(context, { amount, currency, organizationId, ...readPayWith(body) });
  });
  routes.serve(endpoints.listInvoices, ({ context, organizationId, query }) =>
    listInvoices(context, { ...query, organizationId }),
  );
  routes.serve(endpoints.getInvoice, ({ context, organizationId, params }) =>
    getInvoice(context, { organizationId, id: params.id }),
  );
  routes.serve(
    endpoints.printInvoice,
    async ({ context, organizationId, params, query, reply }) => {
      const invoice = await requireInvoice(context, { organizationId, id: params.id });
      await sendPdf(reply, await printInvoice(context, { invoice, locale: query.locale }));
    },
  );
  routes.serve(splitInvoiceEndpoint, async ({ context, organizationId, params, query, reply }) => {
    const split = await splitInvoice(context, { organizationId, id: params.id, by: query.by });
    if (query.format === 'csv') await sendFile(reply, splitFile(split));
    return split;
  });
  routes.serve(endpoints.payInvoice, ({ context, organizationId, params, body }) =>
    payInvoice(context, {
      organizationId,
      invoiceId: params.id,
      ...readPayWith(body),
    }),
  );
}

function registerAllInvoices(routes: Routes): void {
  routes.serve(recordManualPaymentEndpoint, async ({ context, body }) => {
    const { organization: organizationId, invoice: invoiceId, ...money } = body;
    const payment = await recordManualPayment(context, { ...money, organizationId, invoiceId });
    return presentOrganizationPayment(payment);
  });
  routes.serve(endpoints.searchInvoices, ({ context, query }) => searchInvoices(context, query));
  routes.serve(endpoints.inspectInvoice, ({ context, params }) =>
    inspectInvoice(context, params.id),
  );
  routes.serve(endpoints.inspectInvoicePdf, async ({ context, params, query, reply }) => {
    const invoice = await requireInvoice(context, { id: params.id });
    await sendPdf(reply, await printInvoice(context, { invoice, locale: query.locale }));
  });
  routes.serve(endpoints.voidInvoice, async ({ context, params, body }) => {
    await voidInvoice(context, { id: params.id, reason: body.reason });
    return inspectInvoice(context, params.id);
  });
  routes.serve(endpoints.writeOffInvoice, async ({ context, params, body }) => {
    await writeOffInvoice(context, { id: params.id, reason: body.reason });
    return inspectInvoice(context, params.id);
  });
}
