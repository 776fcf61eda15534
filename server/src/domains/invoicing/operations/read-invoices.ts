import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type Page, type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { type InvoiceView, presentInvoice } from '../core/present.ts';
import { findInvoice, listInvoiceRows } from '../store.ts';

/** Invoices of one organization, newest first. */
export async function listInvoices(
  context: Context,
  request: PageRequest & { organizationId: string },
): Promise<Page<InvoiceView>> {
  const rows = await listInvoiceRows(context.database, {
    organizationId: request.organizationId,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, presentInvoice);
}

/** @throws Refusal `not_found`, also for another organization's. */
export async function getInvoice(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<InvoiceView> {
  const invoice = await findInvoice(context.database, id);
  if (invoice?.organizationId !== organizationId) throw notFound('invoice');
  return presentInvoice(invoice);
}
