/** SQL about organizations and their members. */
import { sql } from 'kysely';
import { gathered } from '../../../platform/database/gathered.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { Organization } from '../core/people.ts';

/** Of `identity_organizations as o`. */
export const organizationColumns = sql`
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
    returning ${organizationColumns}
  `.execute(transaction);
  return rows[0] as Organization;
}

/** An organization by its id. */
export const findOrganization = gathered(async (executor, ids: readonly string[]) => {
  const { rows } = await sql<Organization>`
    select ${organizationColumns}
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
    select ${organizationColumns}
    from identity_organizations as o
    where o.id = ${id}
    for update
  `.execute(transaction);
  return rows[0];
}

/** Its name stays for the books. */
export async function markClosed(
  transaction: Transaction,
  { id, at }: { id: string; at: Date },
): Promise<void> {
  await sql`
    update identity_organizations
    set closed_at = ${at}, status = 'suspended', past_due_since = null
    where id = ${id}
  `.execute(transaction);
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
