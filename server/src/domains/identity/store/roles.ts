/** SQL about custom roles, of organizations and of the deployment. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Locale, PlatformRole } from '../core/people.ts';
import type { CustomRole } from '../core/roles.ts';

const columns = sql`id, name, permissions, created_at as "createdAt"`;

/** An organization's own roles, the oldest first. */
export async function findRoles(executor: Executor, organizationId: string): Promise<CustomRole[]> {
  const { rows } = await sql<CustomRole>`
    select ${columns}
    from identity_roles
    where organization_id = ${organizationId}
    order by id
  `.execute(executor);
  return rows;
}

/** Answers false, and inserts nothing, where the organization has a role of this name. */
export async function insertRole(
  transaction: Transaction,
  role: CustomRole & { organizationId: string },
): Promise<boolean> {
  const inserted = await sql`
    insert into identity_roles (id, organization_id, name, permissions, created_at)
    values (${role.id}, ${role.organizationId}, ${role.name}, ${[...role.permissions]}, ${role.createdAt})
    on conflict do nothing
  `.execute(transaction);
  return inserted.numAffectedRows === 1n;
}

export async function updateRoleRow(
  transaction: Transaction,
  role: Omit<CustomRole, 'createdAt'> & { organizationId: string },
): Promise<void> {
  await sql`
    update identity_roles
    set name = ${role.name}, permissions = ${[...role.permissions]}
    where organization_id = ${role.organizationId} and id = ${role.id}
  `.execute(transaction);
}

export async function deleteRoleRow(
  transaction: Transaction,
  role: { organizationId: string; id: string },
): Promise<void> {
  await sql`
    delete from identity_roles
    where organization_id = ${role.organizationId} and id = ${role.id}
  `.execute(transaction);
}

/** How many people have each role of an organization, by what names the role: a built-in name or an id. */
export async function countPeopleByRole(
  executor: Executor,
  organizationId: string,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ reference: string; people: number }>`
    select coalesce(m.role_id, m.role) as reference, count(*)::integer as people
    from identity_members as m
    join identity_users as u on u.id = m.user_id and u.guest_of is null
    where m.organization_id = ${organizationId}
    group by 1
  `.execute(executor);
  return new Map(rows.map(({ reference, people }) => [reference, people]));
}

/** Roles of the deployment's own, the oldest first. */
export async function findPlatformRoles(executor: Executor): Promise<CustomRole[]> {
  const { rows } = await sql<CustomRole>`
    select ${columns}
    from identity_platform_roles
    order by id
  `.execute(executor);
  return rows;
}

/** Answers false, and inserts nothing, where there is a role of this name. */
export async function insertPlatformRole(
  transaction: Transaction,
  role: CustomRole,
): Promise<boolean> {
  const inserted = await sql`
    insert into identity_platform_roles (id, name, permissions, created_at)
    values (${role.id}, ${role.name}, ${[...role.permissions]}, ${role.createdAt})
    on conflict do nothing
  `.execute(transaction);
  return inserted.numAffectedRows === 1n;
}

export async function updatePlatformRoleRow(
  transaction: Transaction,
  role: Omit<CustomRole, 'createdAt'>,
): Promise<void> {
  await sql`
    update identity_platform_roles
    set name = ${role.name}, permissions = ${[...role.permissions]}
    where id = ${role.id}
  `.execute(transaction);
}

export async function deletePlatformRoleRow(transaction: Transaction, id: string): Promise<void> {
  await sql`
    delete from identity_platform_roles
    where id = ${id}
  `.execute(transaction);
}

/** How many people operate the deployment, by what names their role. */
export async function countOperatorsByRole(executor: Executor): Promise<Map<string, number>> {
  const { rows } = await sql<{ reference: string; people: number }>`
    select coalesce(platform_role_id, platform_role) as reference, count(*)::integer as people
    from identity_users
    where platform_role <> 'user'
    group by 1
  `.execute(executor);
  return new Map(rows.map(({ reference, people }) => [reference, people]));
}

/** Admins who can sign in: the last of them stays one. */
export async function countActiveAdmins(executor: Executor): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count
    from identity_users
    where platform_role = 'admin' and status = 'active'
  `.execute(executor);
  return rows[0]?.count ?? 0;
}

export async function updatePlatformRoleOf(
  transaction: Transaction,
  user: { id: string; role: PlatformRole; roleId: string | null },
): Promise<void> {
  await sql`
    update identity_users
    set platform_role = ${user.role}, platform_role_id = ${user.roleId}
    where id = ${user.id}
  `.execute(transaction);
}

/** What somebody's role on the deployment holds now. */
export async function findPlatformRoleOf(
  executor: Executor,
  userId: string,
): Promise<{ role: PlatformRole; permissions: string[] | null } | undefined> {
  const { rows } = await sql<{ role: PlatformRole; permissions: string[] | null }>`
    select u.platform_role as role, r.permissions
    from identity_users as u
    left join identity_platform_roles as r on r.id = u.platform_role_id
    where u.id = ${userId}
  `.execute(executor);
  return rows[0];
}

/** Who operates the deployment and may sign in, the first of them first. */
export async function listOperators(
  executor: Executor,
  limit: number,
): Promise<{ email: string; locale: Locale; role: PlatformRole; permissions: string[] | null }[]> {
  const { rows } = await sql<{
    email: string;
    locale: Locale;
    role: PlatformRole;
    permissions: string[] | null;
  }>`
    select u.email, u.locale, u.platform_role as role, r.permissions
    from identity_users as u
    left join identity_platform_roles as r on r.id = u.platform_role_id
    where u.platform_role <> 'user' and u.status = 'active'
    order by u.id
    limit ${limit}
  `.execute(executor);
  return rows;
}
