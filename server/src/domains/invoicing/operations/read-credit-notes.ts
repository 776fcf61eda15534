import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import {
  type Page,
  pageOf,
  readCursor,
  readTimes,
  type TimedPageRequest,
} from '../../../platform/http/pages.ts';
import type { CreditNote } from '../core/credit-note.ts';
import { findCreditNote, listCreditNoteRows } from '../credit-notes-store.ts';

/** Credit notes, newest first. */
export async function listCreditNotes<View>(
  context: Context,
  request: TimedPageRequest & {
    organizationId?: string | undefined;
    invoiceId?: string | undefined;
  },
  present: (note: CreditNote) => View,
): Promise<Page<View>> {
  const rows = await listCreditNoteRows(context.database, {
    organizationId: request.organizationId,
    invoiceId: request.invoiceId,
    ...readTimes(request),
    before: readCursor(request),
    limit: request.limit + 1,
  });
  return pageOf(rows, request, ({ id }) => id, present);
}

/** @throws Refusal `not_found`, also for another organization's. */
export async function requireCreditNote(
  context: Context,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<CreditNote> {
  const note = await findCreditNote(context.database, id);
  if (note?.organizationId !== organizationId) throw notFound('credit note');
  return note;
}
