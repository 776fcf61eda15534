import type { OperatorNote } from '@sluice/contract/customers';
import type { z } from 'zod';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type Page, type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization, findPeople } from '../../identity/index.ts';
import { findNotes, insertNote, type Note } from '../store.ts';

type NoteView = z.output<typeof OperatorNote>;

/**
 * Notes something for other operators. The customer's own audit log says nothing of it: the note is not theirs to read.
 * @throws Refusal `not_found`.
 */
export async function writeOperatorNote(
  context: Context,
  { organizationId, text }: { organizationId: string; text: string },
): Promise<NoteView> {
  if (!(await findOrganization(context.database, organizationId))) throw notFound('organization');
  const at = context.clocks.business();
  const authorId = context.actor.kind === 'user' ? context.actor.id : null;
  const note: Note = { id: newId('note', at), organizationId, text, authorId, createdAt: at };
  await inTransaction(context, async (transaction) => {
    await insertNote(transaction, note);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'operator_note.write',
      resource: { kind: 'operator_note', id: note.id },
      newValues: { organization: organizationId },
    });
  });
  const [view] = await present(context, [note]);
  return view as NoteView;
}

/**
 * Notes about a customer, newest first.
 * @throws Refusal `not_found`.
 */
export async function listOperatorNotes(
  context: Context,
  request: PageRequest & { organizationId: string },
): Promise<Page<NoteView>> {
  const { organizationId } = request;
  if (!(await findOrganization(context.database, organizationId))) throw notFound('organization');
  const notes = await findNotes(context.database, {
    organizationId,
    before: readCursor(request),
    limit: request.limit + 1,
  });
  const views = await present(context, notes);
  return pageOf(
    views,
    request,
    ({ id }) => id,
    (view) => view,
  );
}

async function present({ database }: Context, notes: readonly Note[]): Promise<NoteView[]> {
  const authors = notes.flatMap(({ authorId }) => authorId ?? []);
  const people = await findPeople(database, [...new Set(authors)]);
  const names = new Map(people.map(({ id, name, email }) => [id, name ?? email]));
  return notes.map(({ id, organizationId, text, authorId, createdAt }) => ({
    id,
    organization: organizationId,
    text,
    author: { id: authorId, name: (authorId && names.get(authorId)) || null },
    created_at: createdAt.toISOString(),
  }));
}
