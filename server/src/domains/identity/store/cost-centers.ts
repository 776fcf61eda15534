/** SQL about cost centers. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { CostCenter, CountedCostCenter } from '../core/cost-center.ts';

const columns = sql`
  c.id, c.organization_id as "organizationId", c.code, c.name, c.created_at as "createdAt",
  c.archived_at as "archivedAt"
`;

const counts = sql`
  (
    select count(*)
    from identity_members as m
    where m.organization_id = c.organization_id
      and m.cost_center_id = c.id
  )::integer as members,
  (
    select count(*)
    from identity_api_keys as k
    where k.organization_id = c.organization_id
      and k.cost_center_id = c.id
      and k.revoked_at is null
  )::integer as keys
`;

/** Adds a cost center; false where its code is taken. */
export async function insertCostCenter(
  transaction: Transaction,
  center: Omit<CostCenter, 'archivedAt'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into identity_cost_centers (id, organization_id, code, name, created_at)
    values (${center.id}, ${center.organizationId}, ${center.code}, ${center.name}, ${center.createdAt})
    on conflict do nothing
  `.execute(transaction);
  return numAffectedRows === 1n;
}

export async function countLiveCostCenters(
  executor: Executor,
  organizationId: string,
): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from identity_cost_centers
    where organization_id = ${organizationId}
      and archived_at is null
  `.execute(executor);
  return Number(rows[0]?.count ?? 0n);
}

/** Whether another cost center of the organization has this code. */
export async function isCodeTaken(
  executor: Executor,
  center: { id: string; organizationId: string; code: string },
): Promise<boolean> {
  const { rows } = await sql`
    select
    from identity_cost_centers
    where organization_id = ${center.organizationId}
      and lower(code) = lower(${center.code})
      and id <> ${center.id}
  `.execute(executor);
  return rows.length > 0;
}

/** Cost centers of an organization, the first that was made first. */
export async function findCostCenters(
  executor: Executor,
  page: { organizationId: string; withArchived: boolean; after: string | undefined; limit: number },
): Promise<CountedCostCenter[]> {
  const { rows } = await sql<CountedCostCenter>`
    select ${columns}, ${counts}
    from identity_cost_centers as c
    where c.organization_id = ${page.organizationId}
      and (${page.withArchived} or c.archived_at is null)
      and c.id > ${page.after ?? ''}
    order by c.id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function findCostCenter(
  executor: Executor,
  center: { id: string; organizationId: string },
): Promise<CountedCostCenter | undefined> {
  const { rows } = await sql<CountedCostCenter>`
    select ${columns}, ${counts}
    from identity_cost_centers as c
    where c.id = ${center.id}
      and c.organization_id = ${center.organizationId}
  `.execute(executor);
  return rows[0];
}

/** Locks it against being archived, or, to be changed, against being assigned as well. */
export async function lockCostCenter(
  transaction: Transaction,
  center: { id: string; organizationId: string },
  purpose: 'assign' | 'change',
): Promise<CostCenter | undefined> {
  const { rows } = await sql<CostCenter>`
    select ${columns}
    from identity_cost_centers as c
    where c.id = ${center.id}
      and c.organization_id = ${center.organizationId}
    ${purpose === 'change' ? sql`for update` : sql`for share`}
  `.execute(transaction);
  return rows[0];
}

export async function updateCostCenterRow(
  transaction: Transaction,
  center: Pick<CostCenter, 'id' | 'organizationId' | 'code' | 'name' | 'archivedAt'>,
): Promise<void> {
  await sql`
    update identity_cost_centers
    set code = ${center.code}, name = ${center.name}, archived_at = ${center.archivedAt}
    where id = ${center.id}
      and organization_id = ${center.organizationId}
  `.execute(transaction);
}

/** Books a member's calls under a cost center; answers what it was before, undefined where there is no such member. */
export async function assignMemberRow(
  transaction: Transaction,
  member: { organizationId: string; userId: string; costCenterId: string | null },
): Promise<{ before: string | null } | undefined> {
  const { rows } = await sql<{ before: string | null }>`
    update identity_members as m
    set cost_center_id = ${member.costCenterId}
    from (
      select user_id, organization_id, cost_center_id
      from identity_members
      where user_id = ${member.userId}
        and organization_id = ${member.organizationId}
      for update
    ) as old
    where m.user_id = old.user_id
      and m.organization_id = old.organization_id
    returning old.cost_center_id as before
  `.execute(transaction);
  return rows[0];
}

/** The cost center that a member's calls are booked under; null: none. */
export async function findCostCenterOf(
  executor: Executor,
  member: { organizationId: string; userId: string },
): Promise<string | null> {
  const { rows } = await sql<{ cost_center_id: string | null }>`
    select cost_center_id
    from identity_members
    where user_id = ${member.userId}
      and organization_id = ${member.organizationId}
  `.execute(executor);
  return rows[0]?.cost_center_id ?? null;
}

/** A member, and the cost center that their calls are booked under. */
export interface AssignedMember {
  userId: string;
  name: string | null;
  email: string;
  costCenterId: string | null;
}

/** Members of an organization with what they are assigned to, in the order of their ids. */
export async function findAssignedMembers(
  executor: Executor,
  page: { organizationId: string; after: string | undefined; limit: number },
): Promise<AssignedMember[]> {
  const { rows } = await sql<AssignedMember>`
    select m.user_id as "userId", u.name, u.email, m.cost_center_id as "costCenterId"
    from identity_members as m
    join identity_users as u on u.id = m.user_id
    where m.organization_id = ${page.organizationId}
      and u.guest_of is null
      and m.user_id > ${page.after ?? ''}
    order by m.user_id
    limit ${page.limit}
  `.execute(executor);
  return rows;
}
