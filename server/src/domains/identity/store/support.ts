/** SQL about support that customers let in. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Organization } from '../core/people.ts';
import type { SupportAccess, SupportScope, SupportSession } from '../core/support.ts';
import { organizationColumns } from './organizations.ts';

const accessColumns = sql`
  a.id, a.organization_id as "organizationId", a.scope, a.note, a.created_at as "createdAt",
  a.expires_at as "expiresAt", a.revoked_at as "revokedAt",
  jsonb_build_object('id', u.id, 'name', coalesce(u.name, u.email)) as "grantedBy"
`;

const sessionColumns = sql`
  s.id, s.access_id as "accessId", s.organization_id as "organizationId", s.session_id as "sessionId", a.scope,
  s.reason, s.created_at as "createdAt", s.expires_at as "expiresAt", s.ended_at as "endedAt",
  jsonb_build_object('id', u.id, 'name', coalesce(u.name, u.email)) as operator
`;

export interface NewSupportAccess {
  id: string;
  organizationId: string;
  scope: SupportScope;
  grantedBy: string;
  note: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertSupportAccess(
  transaction: Transaction,
  access: NewSupportAccess,
): Promise<void> {
  await sql`
    insert into identity_support_accesses (id, organization_id, scope, granted_by, note, created_at, expires_at)
    values (${access.id}, ${access.organizationId}, ${access.scope}, ${access.grantedBy}, ${access.note},
      ${access.createdAt}, ${access.expiresAt})
  `.execute(transaction);
}

/** Takes back what an organization allowed, and ends what goes on under it; answers how many consents that were. */
export async function revokeSupportAccesses(
  transaction: Transaction,
  revoked: { organizationId: string; by: string; at: Date },
): Promise<number> {
  const accesses = await sql`
    update identity_support_accesses
    set revoked_at = ${revoked.at}, revoked_by = ${revoked.by}
    where organization_id = ${revoked.organizationId} and revoked_at is null and expires_at > ${revoked.at}
  `.execute(transaction);
  await sql`
    update identity_support_sessions
    set ended_at = ${revoked.at}
    where organization_id = ${revoked.organizationId} and ended_at is null and expires_at > ${revoked.at}
  `.execute(transaction);
  return Number(accesses.numAffectedRows ?? 0n);
}

export async function findLiveSupportAccess(
  executor: Executor,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<SupportAccess | undefined> {
  const { rows } = await sql<SupportAccess>`
    select ${accessColumns}
    from identity_support_accesses as a
    join identity_users as u on u.id = a.granted_by
    where a.organization_id = ${organizationId} and a.revoked_at is null and a.expires_at > ${now}
    order by a.id desc
    limit 1
  `.execute(executor);
  return rows[0];
}

/** Consents of an organization, newest first. */
export async function findSupportAccesses(
  executor: Executor,
  page: { organizationId: string; before: string | undefined; limit: number },
): Promise<SupportAccess[]> {
  const { rows } = await sql<SupportAccess>`
    select ${accessColumns}
    from identity_support_accesses as a
    join identity_users as u on u.id = a.granted_by
    where a.organization_id = ${page.organizationId}
      and (${page.before ?? null}::text is null or a.id < ${page.before ?? null})
    order by a.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function insertSupportSession(
  transaction: Transaction,
  session: Omit<SupportSession, 'scope' | 'operator' | 'endedAt'> & { userId: string },
): Promise<void> {
  await sql`
    insert into identity_support_sessions
      (id, access_id, organization_id, session_id, user_id, reason, created_at, expires_at)
    values (${session.id}, ${session.accessId}, ${session.organizationId}, ${session.sessionId}, ${session.userId},
      ${session.reason}, ${session.createdAt}, ${session.expiresAt})
  `.execute(transaction);
}

/** Ends the support session that goes with a sign-in; answers the ids of what ended. */
export async function endSupportSessionRow(
  transaction: Transaction,
  session: { organizationId: string; sessionId: string; at: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update identity_support_sessions
    set ended_at = least(${session.at}, expires_at)
    where organization_id = ${session.organizationId} and session_id = ${session.sessionId} and ended_at is null
    returning id
  `.execute(transaction);
  return rows.map(({ id }) => id);
}

const sessionsShownMax = 200;

/** Sessions under some consents of an organization, newest first. */
export async function findSupportSessions(
  executor: Executor,
  { organizationId, accessIds }: { organizationId: string; accessIds: readonly string[] },
): Promise<SupportSession[]> {
  const { rows } = await sql<SupportSession>`
    select ${sessionColumns}
    from identity_support_sessions as s
    join identity_support_accesses as a on a.id = s.access_id
    join identity_users as u on u.id = s.user_id
    where s.organization_id = ${organizationId} and s.access_id = any(${[...accessIds]}::text[])
    order by s.id desc
    limit ${sessionsShownMax}
  `.execute(executor);
  return rows;
}

/** Who acts in an organization now. */
export async function findLiveSupportSessions(
  executor: Executor,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<SupportSession[]> {
  const { rows } = await sql<SupportSession>`
    select ${sessionColumns}
    from identity_support_sessions as s
    join identity_support_accesses as a on a.id = s.access_id
    join identity_users as u on u.id = s.user_id
    join identity_sessions as i on i.id = s.session_id
    where s.organization_id = ${organizationId} and s.ended_at is null and s.expires_at > ${now}
      and a.revoked_at is null and i.ended_at is null and i.expires_at > ${now}
    order by s.id
    limit ${sessionsShownMax}
  `.execute(executor);
  return rows;
}

/** What a sign-in may do in an organization for support, now; undefined where it may not. */
export async function findSupportOf(
  executor: Executor,
  asked: { sessionId: string; organizationId: string; now: Date },
): Promise<{ id: string; scope: SupportScope } | undefined> {
  const { rows } = await sql<{ id: string; scope: SupportScope }>`
    select s.id, a.scope
    from identity_support_sessions as s
    join identity_support_accesses as a on a.id = s.access_id and a.organization_id = s.organization_id
    where s.session_id = ${asked.sessionId} and s.organization_id = ${asked.organizationId}
      and s.ended_at is null and s.expires_at > ${asked.now}
      and a.revoked_at is null and a.expires_at > ${asked.now}
  `.execute(executor);
  return rows[0];
}

/**
 * The organizations in which a sign-in acts for support now.
 * @scope person: an operator's own sign-in; each customer has let it in.
 */
export async function findSupported(
  executor: Executor,
  { sessionId, now }: { sessionId: string; now: Date },
): Promise<(Organization & { scope: SupportScope })[]> {
  const { rows } = await sql<Organization & { scope: SupportScope }>`
    select ${organizationColumns}, a.scope
    from identity_support_sessions as s
    join identity_support_accesses as a on a.id = s.access_id and a.organization_id = s.organization_id
    join identity_organizations as o on o.id = s.organization_id
    where s.session_id = ${sessionId} and s.ended_at is null and s.expires_at > ${now}
      and a.revoked_at is null and a.expires_at > ${now}
    order by s.id
    limit ${sessionsShownMax}
  `.execute(executor);
  return rows;
}
