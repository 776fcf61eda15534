import type { QueryOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/invoicing';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import {
  type Page,
  type PageRequest,
  pageOf,
  readCursor,
  readTimes,
} from '../../../platform/http/pages.ts';
import type { Invoice } from '../core/invoice.ts';
import {
  type InvoiceView,
  type OrganizationInvoiceView,
  presentInvoice,
  presentOrganizationInvoice,
} from '../core/present.ts';
import { findInvoice, listInvoiceRows } from '../store.ts';

/** Invoices of one organization, newest first. */
export async function listInvoices(
  context: Context,
  request: PageRequest & { organizationId: string },
): Promise<Page<InvoiceView>> {
  const rows = await listInvoiceRows(context.database, {
    organizationId: request.organizationId,
    isIssued: true,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  const now = context.clocks.business();
  return pageOf(
    rows,
    request,
    ({ id }) => id,
    (invoice) => presentInvoice(invoice, now),
  );
}

/** Invoices of every organization, newest first. */
export async function searchInvoices(
  context: Context,
  query: QueryOf<typeof endpoints.searchInvoices>,
): Promise<Page<OrganizationInvoiceView>> {
  const now = context.clocks.business();
  const issued = readTimes(query);
  const rows = await listInvoiceRows(context.database, {
    organizationId: query.organization,
    status: query.status,
    kind: query.kind,
    reference: query.reference,
    overdueAt: query.overdue === undefined ? undefined : now,
    q: query.q,
    issuedFrom: issued.from,
    issuedTo: issued.to,
    before: readCursor(query),
    limit: query.limit + 1,
  });
  return pageOf(
    rows,
    query,
    ({ id }) => id,
    (invoice) => presentOrganizationInvoice(invoice, now),
  );
}

/** @throws Refusal `not_found`, also for another organization's. */
export async function getInvoice(
  context: Context,
  named: { organizationId: string; id: string },
): Promise<InvoiceView> {
  return presentInvoice(await requireInvoice(context, named), context.clocks.business());
}

/** @throws Refusal `not_found`. */
export async function inspectInvoice(
  context: Context,
  id: string,
): Promise<OrganizationInvoiceView> {
  const invoice = await requireInvoice(context, { id });
  return presentOrganizationInvoice(invoice, context.clocks.business());
}

/**
 * An invoice that one organization was issued; any invoice, where none is named.
 * @throws Refusal `not_found`, also for another organization's and for a draft of its own.
 */
export async function requireInvoice(
  context: Context,
  { organizationId, id }: { organizationId?: string; id: string },
): Promise<Invoice> {
  const invoice = await findInvoice(context.database, id);
  const isSeen =
    organizationId === undefined ||
    (invoice?.organizationId === organizationId && invoice.status !== 'draft');
  if (!invoice || !isSeen) throw notFound('invoice');
  return invoice;
}
