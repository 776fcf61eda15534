/** SQL of what people, keys, cost centers and applications are called, many at once. */
import { sql } from 'kysely';
import type { Executor } from '../../../platform/database/pool.ts';

/**
 * What an organization reads in place of ids of its own, by id. People who left keep their name there; an id of another
 * organization has none.
 */
export async function findNames(
  executor: Executor,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    with asked as (
      select distinct a.id
      from unnest(${[...ids]}::text[]) as a (id)
    )
    select u.id, coalesce(u.name, u.email) as name
    from asked a
    join identity_users u on u.id = a.id
    where exists (
        select
        from identity_members m
        where m.user_id = u.id
          and m.organization_id = ${organizationId}
      )
      or exists (
        select
        from identity_api_keys k
        where k.organization_id = ${organizationId}
          and u.id in (k.created_by, k.holder_id)
      )
    union all
    select c.id, c.code || ' ' || c.name
    from asked a
    join identity_cost_centers c on c.id = a.id and c.organization_id = ${organizationId}
    union all
    select k.id, k.name
    from asked a
    join identity_api_keys k on k.id = a.id and k.organization_id = ${organizationId}
    union all
    select p.id, p.name
    from asked a
    join identity_applications p on p.id = a.id
  `.execute(executor);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
