/** SQL about what people change in their own account. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';

/** The hash of a person's password; empty where they have none. */
export async function findPasswordHash(
  executor: Executor,
  userId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ passwordHash: string }>`
    select password_hash as "passwordHash"
    from identity_users
    where id = ${userId}
  `.execute(executor);
  return rows[0]?.passwordHash;
}

/** Gives the person the address, as one that is theirs; answers false where somebody else has it. */
export async function updateEmail(
  transaction: Transaction,
  change: { userId: string; email: string; at: Date },
): Promise<boolean> {
  // Two people who take one address at once do it one after the other; the unique index would only say that it failed.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`identity:email:${change.email}`}, 0))`.execute(
    transaction,
  );
  const updated = await sql`
    update identity_users
    set email = ${change.email}, email_verified_at = ${change.at}
    where id = ${change.userId} and not exists (
      select 1
      from identity_users
      where email = ${change.email} and id <> ${change.userId}
    )
  `.execute(transaction);
  return updated.numAffectedRows === 1n;
}

export interface EmailLink {
  hash: string;
  userId: string;
  purpose: 'change_email' | 'undo_email';
  /** The address that the account gets. */
  email: string;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertEmailLink(transaction: Transaction, link: EmailLink): Promise<void> {
  await sql`
    insert into identity_links (hash, user_id, purpose, email, created_at, expires_at)
    values (${link.hash}, ${link.userId}, ${link.purpose}, ${link.email}, ${link.createdAt}, ${link.expiresAt})
  `.execute(transaction);
}

/** Uses a link up and answers what it does; undefined where it is worth nothing. */
export async function consumeEmailLink(
  transaction: Transaction,
  link: { hash: string; purpose: EmailLink['purpose']; now: Date },
): Promise<Pick<EmailLink, 'userId' | 'email' | 'createdAt'> | undefined> {
  const { rows } = await sql<Pick<EmailLink, 'userId' | 'email' | 'createdAt'>>`
    update identity_links
    set used_at = ${link.now}
    where hash = ${link.hash} and purpose = ${link.purpose} and used_at is null and expires_at > ${link.now}
    returning user_id as "userId", email, created_at as "createdAt"
  `.execute(transaction);
  return rows[0];
}

/** Makes every open link of a person worth nothing, or those of some purposes. */
export async function spendLinks(
  transaction: Transaction,
  links: { userId: string; purposes: readonly string[]; now: Date },
): Promise<void> {
  await sql`
    update identity_links
    set used_at = ${links.now}
    where user_id = ${links.userId} and used_at is null and purpose = any(${[...links.purposes]}::text[])
  `.execute(transaction);
}

/** The address that waits for its link to be opened. */
export async function findWaitingEmail(
  executor: Executor,
  { userId, now }: { userId: string; now: Date },
): Promise<string | undefined> {
  const { rows } = await sql<{ email: string }>`
    select email
    from identity_links
    where user_id = ${userId} and purpose = 'change_email' and used_at is null and expires_at > ${now}
    order by created_at desc
    limit 1
  `.execute(executor);
  return rows[0]?.email;
}

/** Who had the address lately and can still take it back: until then it is nobody else's. */
export async function findEmailHolder(
  executor: Executor,
  { email, now }: { email: string; now: Date },
): Promise<string | undefined> {
  const { rows } = await sql<{ userId: string }>`
    select user_id as "userId"
    from identity_links
    where purpose = 'undo_email' and email = ${email} and used_at is null and expires_at > ${now}
    order by created_at desc
    limit 1
  `.execute(executor);
  return rows[0]?.userId;
}
