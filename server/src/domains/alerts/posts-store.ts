/** SQL of messages on their way to operators' webhooks. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

export interface QueuedPost {
  id: string;
  sealedMessage: string;
  /** Tries so far, the one that is beginning included. */
  attempts: number;
}

export async function insertPost(
  transaction: Transaction,
  post: { id: string; ruleId: string; sealedMessage: string; at: Date },
): Promise<void> {
  await sql`
    insert into alerts_posts (id, rule_id, sealed_message, status, created_at, due_at)
    values (${post.id}, ${post.ruleId}, ${post.sealedMessage}, 'queued', ${post.at}, ${post.at})
  `.execute(transaction);
}

export async function findDuePosts(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id
    from alerts_posts
    where status = 'queued' and due_at <= ${now}
    order by due_at, id
    limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}

/** Takes a due message for one try; nobody else takes it before `until`. */
export async function claimPost(
  executor: Executor,
  { id, now, until }: { id: string; now: Date; until: Date },
): Promise<QueuedPost | undefined> {
  const { rows } = await sql<QueuedPost>`
    update alerts_posts
    set attempts = attempts + 1, due_at = ${until}
    where id = ${id} and status = 'queued' and due_at <= ${now}
    returning id, sealed_message as "sealedMessage", attempts
  `.execute(executor);
  return rows[0];
}

export async function postponePost(
  executor: Executor,
  { id, dueAt, error }: { id: string; dueAt: Date; error: string },
): Promise<void> {
  await sql`
    update alerts_posts
    set due_at = ${dueAt}, last_error = ${error}
    where id = ${id} and status = 'queued'
  `.execute(executor);
}

/** Ends a message, and wipes what it said. */
export async function finishPost(
  executor: Executor,
  post: { id: string; status: 'sent' | 'failed'; at: Date; error: string | null },
): Promise<void> {
  await sql`
    update alerts_posts
    set status = ${post.status}, sealed_message = null, finished_at = ${post.at}, last_error = ${post.error}
    where id = ${post.id} and status = 'queued'
  `.execute(executor);
}

export async function deleteFinishedPosts(executor: Executor, before: Date): Promise<void> {
  await sql`
    delete from alerts_posts where status <> 'queued' and finished_at < ${before}
  `.execute(executor);
}
