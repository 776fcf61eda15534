/** SQL about who belongs to which organization, and with what role. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Locale, MemberRole, Membership } from '../core/people.ts';
import type { GivenRole, HeldRole } from '../core/roles.ts';
import { organizationColumns } from './organizations.ts';

/** Of `identity_members as m` with `memberRoles`. */
const roleColumns = sql`
  m.role, m.role_id as "roleId", r.name as "roleName", r.permissions as "rolePermissions"
`;
const memberRoles = sql`
  left join identity_roles as r on r.organization_id = m.organization_id and r.id = m.role_id
`;

export async function insertMember(
  transaction: Transaction,
  member: {
    organizationId: string;
    userId: string;
    role: MemberRole;
    /** Of a custom role. */
    roleId?: string | null;
    at: Date;
  },
): Promise<void> {
  await sql`
    insert into identity_members (organization_id, user_id, role, role_id, created_at)
    values (${member.organizationId}, ${member.userId}, ${member.role}, ${member.roleId ?? null}, ${member.at})
  `.execute(transaction);
}

export async function updateMemberRole(
  transaction: Transaction,
  member: { organizationId: string; userId: string } & GivenRole,
): Promise<void> {
  await sql`
    update identity_members
    set role = ${member.role}, role_id = ${member.roleId}
    where organization_id = ${member.organizationId} and user_id = ${member.userId}
  `.execute(transaction);
}

export async function deleteMember(
  transaction: Transaction,
  member: { organizationId: string; userId: string },
): Promise<void> {
  await sql`
    delete from identity_members
    where organization_id = ${member.organizationId} and user_id = ${member.userId}
  `.execute(transaction);
}

export async function deleteMembers(
  transaction: Transaction,
  organizationId: string,
): Promise<number> {
  const removed = await sql`
    delete from identity_members
    where organization_id = ${organizationId}
  `.execute(transaction);
  return Number(removed.numAffectedRows ?? 0n);
}

/** The caller holds the organization's row, which everyone takes who makes or unmakes an owner. */
export async function countOwners(executor: Executor, organizationId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from identity_members
    where organization_id = ${organizationId} and role = 'owner'
  `.execute(executor);
  return rows[0]?.count ?? 0;
}

/**
 * How many organizations a person owns beside the one that came with the account.
 * @scope person: the organizations that somebody owns.
 */
export async function countOwned(executor: Executor, userId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from identity_members as m
    join identity_organizations as o on o.id = m.organization_id
    where m.user_id = ${userId} and m.role = 'owner' and o.personal_user_id is distinct from ${userId}
  `.execute(executor);
  return rows[0]?.count ?? 0;
}

export interface MembershipPage {
  userId: string;
  after?: string | undefined;
  limit: number;
}

/**
 * Organizations of a person, the oldest first.
 * @scope person: the organizations that somebody is in.
 */
export async function findMemberships(
  executor: Executor,
  page: MembershipPage,
): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select ${organizationColumns}, ${roleColumns}
    from identity_members as m
    join identity_organizations as o on o.id = m.organization_id
    ${memberRoles}
    where m.user_id = ${page.userId} and (${page.after ?? null}::text is null or o.id > ${page.after ?? null})
    order by o.id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/**
 * Organizations of several people at once, at most `limit` of each.
 * @scope person: the organizations that some people are in; operators ask.
 */
export async function findMembershipsOf(
  executor: Executor,
  userIds: readonly string[],
  limit: number,
): Promise<(Membership & { userId: string })[]> {
  const { rows } = await sql<Membership & { userId: string }>`
    select u.id as "userId", found.*
    from unnest(${userIds}::text[]) as u (id)
    cross join lateral (
      select ${organizationColumns}, ${roleColumns}
      from identity_members as m
      join identity_organizations as o on o.id = m.organization_id
      ${memberRoles}
      where m.user_id = u.id
      order by o.id
      limit ${limit}
    ) as found
  `.execute(executor);
  return rows;
}

export async function findMembership(
  executor: Executor,
  member: { organizationId: string; userId: string },
): Promise<Membership | undefined> {
  const { rows } = await sql<Membership>`
    select ${organizationColumns}, ${roleColumns}
    from identity_members as m
    join identity_organizations as o on o.id = m.organization_id
    ${memberRoles}
    where m.user_id = ${member.userId} and m.organization_id = ${member.organizationId}
  `.execute(executor);
  return rows[0];
}

/** A person's place in an organization. */
export interface MemberRow extends HeldRole {
  userId: string;
  name: string | null;
  email: string;
  locale: Locale;
  status: 'active' | 'suspended';
  /** Whether signing in takes a code beside the password. */
  hasSecondFactor: boolean;
  joinedAt: Date;
}

const memberColumns = sql`
  m.user_id as "userId", ${roleColumns}, u.name, u.email, u.locale, u.status, m.created_at as "joinedAt",
  exists (
    select 1 from identity_totp as t where t.user_id = u.id and t.enabled_at is not null
  ) as "hasSecondFactor"
`;

/** People of an organization with their roles, the first to sign up first; guests are not among them. */
export async function findMembers(
  executor: Executor,
  page: { organizationId: string; after?: string | undefined; limit: number },
): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select ${memberColumns}
    from identity_members as m
    join identity_users as u on u.id = m.user_id
    ${memberRoles}
    where m.organization_id = ${page.organizationId}
      and u.guest_of is null
      and (${page.after ?? null}::text is null or m.user_id > ${page.after ?? null})
    order by m.user_id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function findMember(
  executor: Executor,
  member: { organizationId: string; userId: string },
): Promise<MemberRow | undefined> {
  const { rows } = await sql<MemberRow>`
    select ${memberColumns}
    from identity_members as m
    join identity_users as u on u.id = m.user_id
    ${memberRoles}
    where m.organization_id = ${member.organizationId} and m.user_id = ${member.userId} and u.guest_of is null
  `.execute(executor);
  return rows[0];
}
