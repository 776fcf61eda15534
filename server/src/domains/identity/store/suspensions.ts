/** SQL about the status of people, and what an operator sees of them. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { SignInMethod, User } from '../core/people.ts';

export interface Suspension {
  since: Date;
  reason: string | null;
}

export async function updateUserStatus(
  transaction: Transaction,
  { id, suspension }: { id: string; suspension: Suspension | null },
): Promise<void> {
  await sql`
    update identity_users
    set status = ${suspension === null ? 'active' : 'suspended'}, suspended_at = ${suspension?.since ?? null},
      suspended_reason = ${suspension?.reason ?? null}
    where id = ${id}
  `.execute(transaction);
}

export async function findUserSuspension(
  executor: Executor,
  id: string,
): Promise<Suspension | undefined> {
  const { rows } = await sql<Suspension>`
    select coalesce(suspended_at, created_at) as since, suspended_reason as reason
    from identity_users
    where id = ${id} and status = 'suspended'
  `.execute(executor);
  return rows[0];
}

export async function updateOrganizationSuspension(
  transaction: Transaction,
  { id, suspension }: { id: string; suspension: Suspension | null },
): Promise<void> {
  await sql`
    update identity_organizations
    set suspended_at = ${suspension?.since ?? null}, suspended_reason = ${suspension?.reason ?? null}
    where id = ${id}
  `.execute(transaction);
}

export async function findOrganizationSuspension(
  executor: Executor,
  id: string,
): Promise<Suspension | undefined> {
  const { rows } = await sql<Suspension>`
    select coalesce(suspended_at, created_at) as since, suspended_reason as reason
    from identity_organizations
    where id = ${id} and status = 'suspended'
  `.execute(executor);
  return rows[0];
}

/** How many may still do everything on the deployment. */
export async function countActiveAdmins(transaction: Transaction): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from identity_users
    where platform_role = 'admin' and status = 'active'
  `.execute(transaction);
  return Number(rows[0]?.count ?? 0n);
}

/** People by their ids, whoever is there. */
export async function findPeople(executor: Executor, ids: readonly string[]): Promise<Person[]> {
  const { rows } = await sql<Person>`
    select id, name, email, status
    from identity_users
    where id = any(${[...ids]}::text[])
  `.execute(executor);
  return rows;
}

export type Person = Pick<User, 'id' | 'name' | 'email' | 'status'>;

export interface OpenSession {
  id: string;
  method: SignInMethod;
  ip: string | null;
  userAgent: string | null;
  startedAt: Date;
  expiresAt: Date;
}

const sessionsShownMax = 50;

/** What a person is signed in with, the newest first. */
export async function findOpenSessions(
  executor: Executor,
  { userId, now }: { userId: string; now: Date },
): Promise<OpenSession[]> {
  const { rows } = await sql<OpenSession>`
    select id, method, ip, user_agent as "userAgent", created_at as "startedAt", expires_at as "expiresAt"
    from identity_sessions
    where user_id = ${userId} and ended_at is null and expires_at > ${now}
    order by created_at desc, id
    limit ${sessionsShownMax}
  `.execute(executor);
  return rows;
}
