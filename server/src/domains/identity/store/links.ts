/** SQL about mailed links and failed sign-ins. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Attempts } from '../core/login-throttle.ts';
import type { MailKind } from '../core/mails.ts';

export async function insertLink(
  transaction: Transaction,
  link: { hash: string; userId: string; purpose: MailKind; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into identity_links (hash, user_id, purpose, created_at, expires_at)
    values (${link.hash}, ${link.userId}, ${link.purpose}, ${link.createdAt}, ${link.expiresAt})
  `.execute(transaction);
}

/** How many such links the person was mailed since an instant, and when the last. */
export async function findLastLink(
  executor: Executor,
  link: { userId: string; purpose: MailKind; since: Date },
): Promise<{ links: number; lastAt: Date | null }> {
  const { rows } = await sql<{ links: number; lastAt: Date | null }>`
    select count(*)::integer as links, max(created_at) as "lastAt"
    from identity_links
    where user_id = ${link.userId} and purpose = ${link.purpose} and created_at > ${link.since}
  `.execute(executor);
  return rows[0] ?? { links: 0, lastAt: null };
}

/** Uses a link up, and with it all others of its purpose; answers whose it was, or undefined where it is worth nothing. */
export async function consumeLink(
  transaction: Transaction,
  link: { hash: string; purpose: MailKind; now: Date },
): Promise<string | undefined> {
  const { rows } = await sql<{ userId: string }>`
    update identity_links
    set used_at = ${link.now}
    where hash = ${link.hash} and purpose = ${link.purpose} and used_at is null and expires_at > ${link.now}
    returning user_id as "userId"
  `.execute(transaction);
  const userId = rows[0]?.userId;
  if (userId === undefined) return undefined;
  await sql`
    update identity_links
    set used_at = ${link.now}
    where user_id = ${userId} and purpose = ${link.purpose} and used_at is null
  `.execute(transaction);
  return userId;
}

export async function findOpenLink(
  executor: Executor,
  link: { hash: string; purpose: MailKind; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ open: boolean }>`
    select exists (
      select 1
      from identity_links
      where hash = ${link.hash} and purpose = ${link.purpose} and used_at is null and expires_at > ${link.now}
    ) as open
  `.execute(executor);
  return rows[0]?.open ?? false;
}

/** Removes links that ran out before the instant; answers how many. */
export async function deleteExpiredLinks(executor: Executor, before: Date): Promise<number> {
  const removed = await sql`
    delete from identity_links
    where expires_at < ${before}
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}

/** Locks what is known of a subject's failed sign-ins. */
export async function lockAttempts(
  transaction: Transaction,
  subject: string,
  now: Date,
): Promise<Attempts> {
  // One statement: between two, a right attempt beside it could forget the subject, and leave no row to lock.
  const { rows } = await sql<Attempts>`
    insert into identity_login_attempts (subject, failures, last_failed_at)
    values (${subject}, 0, ${now})
    on conflict (subject) do update set subject = excluded.subject
    returning failures, last_failed_at as "lastFailedAt"
  `.execute(transaction);
  return rows[0] as Attempts;
}

export async function saveAttempts(
  executor: Executor,
  attempts: Attempts & { subject: string },
): Promise<void> {
  await sql`
    update identity_login_attempts
    set failures = ${attempts.failures}, last_failed_at = ${attempts.lastFailedAt}
    where subject = ${attempts.subject}
  `.execute(executor);
}

/** Takes one failure back: the attempt turned out right. */
export async function forgiveAttempt(executor: Executor, subject: string): Promise<void> {
  await sql`
    update identity_login_attempts
    set failures = greatest(failures - 1, 0)
    where subject = ${subject}
  `.execute(executor);
}

export async function deleteAttempts(executor: Executor, subject: string): Promise<void> {
  await sql`
    delete from identity_login_attempts
    where subject = ${subject}
  `.execute(executor);
}

/** Removes what is forgotten anyway; answers how many. */
export async function deleteOldAttempts(executor: Executor, before: Date): Promise<number> {
  const removed = await sql`
    delete from identity_login_attempts
    where last_failed_at < ${before}
  `.execute(executor);
  return Number(removed.numAffectedRows ?? 0n);
}
