/** All SQL of delivery. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface QueuedMessage {
  id: string;
  sealedContent: string;
  /** Tries so far, the one that is beginning included. */
  attempts: number;
}

export async function insertMessage(
  transaction: Transaction,
  message: { id: string; sealedContent: string; at: Date },
): Promise<void> {
  await sql`
    insert into delivery_messages (id, status, sealed_content, created_at, due_at)
    values (${message.id}, 'queued', ${message.sealedContent}, ${message.at}, ${message.at})
  `.execute(transaction);
}

/** Ids of messages that are due, the longest waiting first. */
export async function findDueMessages(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from delivery_messages
    where status = 'queued' and due_at <= ${now}
    order by due_at, id
    limit ${limit}
  `.execute(executor);
  return rows.map((row) => row.id);
}

/** Takes a due message for one try; nobody else takes it before `until`. */
export async function claimMessage(
  executor: Executor,
  claim: { id: string; now: Date; until: Date },
): Promise<QueuedMessage | undefined> {
  const { rows } = await sql<QueuedMessage>`
    update delivery_messages
    set attempts = attempts + 1, due_at = ${claim.until}
    where id = ${claim.id} and status = 'queued' and due_at <= ${claim.now}
    returning id, sealed_content as "sealedContent", attempts
  `.execute(executor);
  return rows[0];
}

export async function postponeMessage(
  executor: Executor,
  message: { id: string; dueAt: Date; error: string },
): Promise<void> {
  await sql`
    update delivery_messages
    set due_at = ${message.dueAt}, last_error = ${message.error}
    where id = ${message.id} and status = 'queued'
  `.execute(executor);
}

/** Ends a message, and wipes what it said. */
export async function finishMessage(
  executor: Executor,
  message: { id: string; status: 'sent' | 'failed'; at: Date; error: string | null },
): Promise<void> {
  await sql`
    update delivery_messages
    set status = ${message.status}, sealed_content = null, finished_at = ${message.at}, last_error = ${message.error}
    where id = ${message.id} and status = 'queued'
  `.execute(executor);
}

/** What has become of some messages, by id; of one that was removed nothing is known. */
export async function messageStates(
  executor: Executor,
  ids: readonly string[],
): Promise<Map<string, MessageState>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<MessageState & { id: string }>`
    select id, status, last_error as error
    from delivery_messages
    where id = any(${ids}::text[])
  `.execute(executor);
  return new Map(rows.map(({ id, ...state }) => [id, state]));
}

export interface MessageState {
  status: 'queued' | 'sent' | 'failed';
  /** Of the last try. */
  error: string | null;
}

/** Removes what has ended before the instant; answers how many. */
export async function deleteFinished(executor: Executor, before: Date): Promise<number> {
  const removed = await sql`
    delete from delivery_messages
    where status <> 'queued' and finished_at < ${before}
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}
