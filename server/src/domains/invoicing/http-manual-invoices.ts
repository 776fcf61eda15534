import * as endpoints from '@sluice/contract/manual-invoices';
import type { Routes } from '../../platform/http/routes.ts';
import {
  createManualInvoice,
  discardManualInvoice,
  finalizeManualInvoice,
  updateManualInvoice,
} from './operations/manual-invoices.ts';
import { inspectInvoice } from './operations/read-invoices.ts';
import { markInvoicePaid } from './operations/record-manual-payment.ts';

/** Serves invoices that operators write. */
export function registerManualInvoices(routes: Routes): void {
  routes.serve(endpoints.createInvoice, async ({ context, body }) =>
    inspectInvoice(context, await createManualInvoice(context, body)),
  );
  routes.serve(endpoints.updateInvoice, async ({ context, params, body }) => {
    await updateManualInvoice(context, params.id, body);
    return inspectInvoice(context, params.id);
  });
  routes.serve(endpoints.finalizeInvoice, async ({ context, params }) => {
    await finalizeManualInvoice(context, params.id);
    return inspectInvoice(context, params.id);
  });
  routes.serve(endpoints.discardInvoice, ({ context, params }) =>
    discardManualInvoice(context, params.id),
  );
  routes.serve(endpoints.markInvoicePaid, async ({ context, params, body }) => {
    await markInvoicePaid(context, { id: params.id, note: body.note });
    return inspectInvoice(context, params.id);
  });
}
