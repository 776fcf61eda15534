/** SQL about operators' notes. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface Note {
  id: string;
  organizationId: string;
  text: string;
  authorId: string | null;
  createdAt: Date;
}

export async function insertNote(transaction: Transaction, note: Note): Promise<void> {
  await sql`
    insert into customers_notes (id, organization_id, text, author_id, created_at)
    values (${note.id}, ${note.organizationId}, ${note.text}, ${note.authorId}, ${note.createdAt})
  `.execute(transaction);
}

/** Notes about an organization, newest first. */
export async function findNotes(
  executor: Executor,
  page: { organizationId: string; before: string | undefined; limit: number },
): Promise<Note[]> {
  const { rows } = await sql<Note>`
    select id, organization_id as "organizationId", text, author_id as "authorId", created_at as "createdAt"
    from customers_notes
    where organization_id = ${page.organizationId}
      and (${page.before ?? null}::text is null or id < ${page.before ?? null})
    order by id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}
