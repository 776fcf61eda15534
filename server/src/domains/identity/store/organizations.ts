/** SQL about organizations and their members. */
import { sql } from 'kysely';
import { gathered } from '../../../platform/database/gathered.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { MemberRole, Membership, Organization } from '../core/people.ts';
import { containing, type SearchPage } from './users.ts';

const columns = sql`
  o.id, o.name, o.personal_user_id is not null as "personal", o.status,
  o.past_due_since as "pastDueSince", o.time_zone as "timeZone",
  o.created_at as "createdAt"
`;

export interface NewOrganization {
  id: string;
  name: string;
  personalUserId: string | null;
  timeZone: string;
  createdAt: Date;
}

export async function insertOrganization(
  transaction: Transaction,
  organization: NewOrganization,
): Promise<Organization> {
  const { rows } = await sql<Organization>`
    insert into identity_organizations as o (id, name, personal_user_id, status, time_zone, created_at)
    values
      (${organization.id}, ${organization.name}, ${organization.personalUserId}, 'active', ${organization.timeZone},
       ${organization.createdAt})
    returning ${columns}
  `.execute(transaction);
  return rows[0] as Organization;
}

export async function insertMember(
  transaction: Transaction,
  member: { organizationId: string; userId: string; role: MemberRole; at: Date },
): Promise<void> {
  await sql`
    insert into identity_members (organization_id, user_id, role, created_at)
    values (${member.organizationId}, ${member.userId}, ${member.role}, ${member.at})
  `.execute(transaction);
}

/** An organization by its id. */
export const findOrganization = gathered(async (executor, ids: readonly string[]) => {
  const { rows } = await sql<Organization>`
    select ${columns}
    from identity_organizations as o
    where o.id = any(${[...ids]}::text[])
  `.execute(executor);
  const found = new Map(rows.map((organization) => [organization.id, organization]));
  return ids.map((id) => found.get(id));
});

export async function lockOrganization(
  transaction: Transaction,
  id: string,
): Promise<Organization | undefined> {
  const { rows } = await sql<Organization>`
    select ${columns}
    from identity_organizations as o
    where o.id = ${id}
    for update
  `.execute(transaction);
  return rows[0];
}

export async function updateOrganizationRow(
  transaction: Transaction,
  organization: Pick<Organization, 'id' | 'name' | 'timeZone' | 'status' | 'pastDueSince'>,
): Promise<void> {
  await sql`
    update identity_organizations
    set name = ${organization.name}, time_zone = ${organization.timeZone}, status = ${organization.status},
      past_due_since = ${organization.pastDueSince}
    where id = ${organization.id}
  `.execute(transaction);
}

export interface MembershipPage {
  userId: string;
  after?: string | undefined;
  limit: number;
}

/** Organizations of a person, the oldest first. */
export async function findMemberships(
  executor: Executor,
  page: MembershipPage,
): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select ${columns}, m.role
    from identity_members as m
    join identity_organizations as o on o.id = m.organization_id
    where m.user_id = ${page.userId} and (${page.after ?? null}::text is null or o.id > ${page.after ?? null})
    order by o.id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** Organizations of several people at once, at most `limit` of each. */
export async function findMembershipsOf(
  executor: Executor,
  userIds: readonly string[],
  limit: number,
): Promise<(Membership & { userId: string })[]> {
  const { rows } = await sql<Membership & { userId: string }>`
    select u.id as "userId", found.*
    from unnest(${userIds}::text[]) as u (id)
    cross join lateral (
      select ${columns}, m.role
      from identity_members as m
      join identity_organizations as o on o.id = m.organization_id
      where m.user_id = u.id
      order by o.id
      limit ${limit}
    ) as found
  `.execute(executor);
  return rows;
}

/** A person's place in an organization. */
export interface MemberRow {
  userId: string;
  role: MemberRole;
  name: string | null;
  email: string;
  joinedAt: Date;
}

/** People of an organization with their roles, the first to sign up first. */
export async function findMembers(
  executor: Executor,
  page: { organizationId: string; after?: string | undefined; limit: number },
): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select m.user_id as "userId", m.role, u.name, u.email, m.created_at as "joinedAt"
    from identity_members as m
    join identity_users as u on u.id = m.user_id
    where m.organization_id = ${page.organizationId}
      and u.guest_of is null
      and (${page.after ?? null}::text is null or m.user_id > ${page.after ?? null})
    order by m.user_id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** How many people and organizations there are. */
export async function countPeople(
  executor: Executor,
): Promise<{ users: bigint; organizations: bigint }> {
  const { rows } = await sql<{ users: bigint; organizations: bigint }>`
    select (select count(*) from identity_users) as users,
      (select count(*) from identity_organizations) as organizations
  `.execute(executor);
  return rows[0] ?? { users: 0n, organizations: 0n };
}

/** Organizations by part of their name or of a member's address, or by their whole id; newest first. */
export async function searchOrganizations(
  executor: Executor,
  page: SearchPage,
): Promise<Organization[]> {
  const like = page.q === undefined ? null : containing(page.q);
  const { rows } = await sql<Organization>`
    select ${columns}
    from identity_organizations as o
    where
      (${like}::text is null or o.name ilike ${like} or o.id = ${page.q ?? null} or exists (
        select 1
        from identity_members as m
        join identity_users as u on u.id = m.user_id
        where m.organization_id = o.id and u.email ilike ${like}
      ))
      and (${page.before ?? null}::text is null or o.id < ${page.before ?? null})
    order by o.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** Id of the person's own organization. */
export async function findPersonalOrganization(
  executor: Executor,
  userId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select id
    from identity_organizations
    where personal_user_id = ${userId}
  `.execute(executor);
  return rows[0]?.id;
}

export async function findMembership(
  executor: Executor,
  member: { organizationId: string; userId: string },
): Promise<Membership | undefined> {
  const { rows } = await sql<Membership>`
    select ${columns}, m.role
    from identity_members as m
    join identity_organizations as o on o.id = m.organization_id
    where m.user_id = ${member.userId} and m.organization_id = ${member.organizationId}
  `.execute(executor);
  return rows[0];
}
