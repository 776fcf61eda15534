/** SQL about people. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Locale, PlatformRole, User } from '../core/people.ts';

export interface UserWithPassword extends User {
  passwordHash: string;
}

/** Of one table of people, whatever it is called. */
export const userColumns = sql`
  id, email, email_verified_at as "emailVerifiedAt", name, username, locale, platform_role as "platformRole",
  platform_role_id as "platformRoleId",
  status, created_at as "createdAt"
`;

export interface NewUser {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  name: string | null;
  username: string | null;
  locale: Locale;
  platformRole: PlatformRole;
  passwordHash: string;
  inviteCode: string | null;
  createdAt: Date;
}

/** Inserts a person; undefined where the address or the user name is taken. */
export async function insertUser(
  transaction: Transaction,
  user: NewUser,
): Promise<User | undefined> {
  const { rows } = await sql<User>`
    insert into identity_users
      (id, email, email_verified_at, name, username, locale, platform_role, status, password_hash, invite_code, created_at)
    values
      (${user.id}, ${user.email}, ${user.emailVerifiedAt}, ${user.name}, ${user.username}, ${user.locale},
       ${user.platformRole}, 'active', ${user.passwordHash}, ${user.inviteCode}, ${user.createdAt})
    on conflict do nothing
    returning ${userColumns}
  `.execute(transaction);
  return rows[0];
}

export async function findUser(executor: Executor, id: string): Promise<User | undefined> {
  const { rows } = await sql<User>`
    select ${userColumns}
    from identity_users
    where id = ${id}
  `.execute(executor);
  return rows[0];
}

export async function lockUser(
  transaction: Transaction,
  id: string,
): Promise<UserWithPassword | undefined> {
  const { rows } = await sql<UserWithPassword>`
    select ${userColumns}, password_hash as "passwordHash"
    from identity_users
    where id = ${id}
      and deleted_at is null
    for update
  `.execute(transaction);
  return rows[0];
}

export async function findUserByEmail(
  executor: Executor,
  email: string,
): Promise<User | undefined> {
  const { rows } = await sql<User>`
    select ${userColumns}
    from identity_users
    where email = ${email}
  `.execute(executor);
  return rows[0];
}

/** Which of the addresses belong to somebody. */
export async function findTakenAddresses(
  executor: Executor,
  emails: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ email: string }>`
    select email
    from identity_users
    where email = any(${[...emails]}::text[])
  `.execute(executor);
  return new Set(rows.map(({ email }) => email));
}

/** The person who signs in with this address or user name; neither can look like the other. */
export async function findUserByLogin(
  executor: Executor,
  login: string,
): Promise<UserWithPassword | undefined> {
  const { rows } = await sql<UserWithPassword>`
    select ${userColumns}, password_hash as "passwordHash"
    from identity_users
    where email = lower(${login}) or lower(username) = lower(${login})
    limit 1
  `.execute(executor);
  return rows[0];
}

export async function markEmailVerified(
  transaction: Transaction,
  id: string,
  at: Date,
): Promise<User> {
  const { rows } = await sql<User>`
    update identity_users
    set email_verified_at = coalesce(email_verified_at, ${at})
    where id = ${id}
    returning ${userColumns}
  `.execute(transaction);
  return rows[0] as User;
}

export async function updatePassword(
  transaction: Transaction,
  id: string,
  passwordHash: string,
): Promise<void> {
  await sql`
    update identity_users
    set password_hash = ${passwordHash}
    where id = ${id}
  `.execute(transaction);
}

/** Answers false, and changes nothing, where somebody else has the user name. */
export async function updateProfile(
  transaction: Transaction,
  user: Pick<User, 'id' | 'name' | 'username' | 'locale'>,
): Promise<boolean> {
  await lockUsername(transaction, user.username);
  const updated = await sql`
    update identity_users
    set name = ${user.name}, username = ${user.username}, locale = ${user.locale}
    where id = ${user.id} and not exists (
      select 1
      from identity_users
      where lower(username) = lower(${user.username}) and id <> ${user.id}
    )
  `.execute(transaction);
  return updated.numAffectedRows === 1n;
}

/** Takes over what the provider that made the account says; its address is verified there. */
export async function updateHomeProfile(
  transaction: Transaction,
  user: Pick<User, 'id' | 'name' | 'email'>,
): Promise<void> {
  await sql`
    update identity_users
    set name = ${user.name}, email = ${user.email}
    where id = ${user.id}
  `.execute(transaction);
}

/** Two people who take the same name at once do it one after the other; the unique index would only say that it failed. */
async function lockUsername(transaction: Transaction, username: string | null): Promise<void> {
  if (username === null) return;
  const name = `identity:username:${username.toLowerCase()}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(transaction);
}

export async function updatePlatformRole(
  transaction: Transaction,
  id: string,
  platformRole: PlatformRole,
): Promise<void> {
  await sql`
    update identity_users
    set platform_role = ${platformRole}, platform_role_id = null
    where id = ${id}
  `.execute(transaction);
}

/** Only one process makes the first operator; the lock ends with the transaction. */
export async function lockOperators(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('identity:operators', 0))`.execute(
    transaction,
  );
}

export async function findAnyAdmin(executor: Executor): Promise<User | undefined> {
  const { rows } = await sql<User>`
    select ${userColumns}
    from identity_users
    where platform_role = 'admin'
    order by id
    limit 1
  `.execute(executor);
  return rows[0];
}
