import * as endpoints from '@sluice/contract/credit-notes';
import type { BodyOf } from '@sluice/contract/endpoint';
import { inTransaction } from '../../platform/context.ts';
import { invariant } from '../../platform/errors.ts';
import { sendPdf } from '../../platform/http/files.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { parseMinor } from '../../platform/money.ts';
import type { CreateCreditNoteCommand } from './core/doors.ts';
import { presentCreditNote, presentOrganizationCreditNote } from './core/present.ts';
import { findCreditNote } from './credit-notes-store.ts';
import { createCreditNote } from './operations/create-credit-note.ts';
import { printCreditNote } from './operations/print-documents.ts';
import { listCreditNotes, requireCreditNote } from './operations/read-credit-notes.ts';
import { requireInvoice } from './operations/read-invoices.ts';

/** Serves credit notes. */
export function registerCreditNotes(routes: Routes): void {
  routes.serve(endpoints.listCreditNotes, ({ context, organizationId, query }) =>
    listCreditNotes(context, { ...query, organizationId }, presentCreditNote),
  );
  routes.serve(endpoints.getCreditNote, async ({ context, organizationId, params }) =>
    presentCreditNote(await requireCreditNote(context, { organizationId, id: params.id })),
  );
  routes.serve(
    endpoints.printCreditNote,
    async ({ context, organizationId, params, query, reply }) => {
      const note = await requireCreditNote(context, { organizationId, id: params.id });
      await sendPdf(reply, await printCreditNote(context, { note, locale: query.locale }));
    },
  );
  routes.serve(endpoints.searchCreditNotes, ({ context, query }) => {
    const { organization: organizationId, invoice: invoiceId, ...page } = query;
    return listCreditNotes(
      context,
      { ...page, organizationId, invoiceId },
      presentOrganizationCreditNote,
    );
  });
  routes.serve(endpoints.createCreditNote, async ({ context, params, body }) => {
    const { total } = await requireInvoice(context, { id: params.id });
    const command: CreateCreditNoteCommand = {
      invoiceId: params.id,
      credit: creditOf(body, total.currency),
      reason: body.reason,
    };
    const { id } = await inTransaction(context, (transaction) =>
      createCreditNote(context, transaction, command),
    );
    const note = await findCreditNote(context.database, id);
    invariant(note, `credit note ${id} is there`);
    return presentOrganizationCreditNote(note);
  });
}

function creditOf(
  { lines, amount }: BodyOf<typeof endpoints.createCreditNote>,
  currency: string,
): CreateCreditNoteCommand['credit'] {
  if (amount !== undefined) return { kind: 'amount', amount: parseMinor(amount, currency) };
  if (lines === undefined) return { kind: 'whole' };
  return {
    kind: 'lines',
    lines: lines.map((line) => ({
      position: line.position,
      amount: line.amount === undefined ? undefined : parseMinor(line.amount, currency, 'lines'),
    })),
  };
}
