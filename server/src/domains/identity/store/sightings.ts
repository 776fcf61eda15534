/** SQL about where people were seen, and who else was seen there. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { SightingKind } from '../core/sighting.ts';

export interface Sighting {
  userId: string;
  kind: SightingKind;
  mark: string;
  at: Date;
}

/** A sighting that was noted within the day is not written again. */
export async function saveSighting(
  transaction: Transaction,
  { userId, kind, mark, at }: Sighting,
): Promise<{ isNew: boolean }> {
  const { rows } = await sql<{ isNew: boolean }>`
    insert into identity_sightings as s (user_id, kind, mark, first_seen_at, last_seen_at)
    values (${userId}, ${kind}, ${mark}, ${at}, ${at})
    on conflict (user_id, kind, mark) do update
    set last_seen_at = excluded.last_seen_at
    where s.last_seen_at < excluded.last_seen_at - interval '1 day'
    returning s.first_seen_at = s.last_seen_at as "isNew"
  `.execute(transaction);
  return { isNew: rows[0]?.isNew ?? false };
}

export interface Neighbor {
  kind: SightingKind;
  mark: string;
  /** Of the other person; their own. */
  organizationId: string;
  seenAt: Date;
}

/**
 * Whose owners were seen where the organization's owners were, since an instant, the latest first. People of one
 * organization share its office's address, so among those an address says nothing.
 */
export async function findNeighbors(
  executor: Executor,
  { organizationId, since, limit }: { organizationId: string; since: Date; limit: number },
): Promise<Neighbor[]> {
  const { rows } = await sql<Neighbor>`
    with owners as (
      select user_id
      from identity_members
      where organization_id = ${organizationId}
        and role = 'owner'
    ),
    colleagues as (
      select distinct other.user_id
      from identity_members as mine
      join identity_members as other on other.organization_id = mine.organization_id
      where mine.user_id in (select user_id from owners)
    )
    select other.kind, other.mark, o.id as "organizationId", max(other.last_seen_at) as "seenAt"
    from identity_sightings as mine
    join identity_sightings as other on other.kind = mine.kind and other.mark = mine.mark
    join identity_organizations as o on o.personal_user_id = other.user_id
    where mine.user_id in (select user_id from owners)
      and other.user_id not in (select user_id from owners)
      and (other.kind = 'device' or other.user_id not in (select user_id from colleagues))
      and other.last_seen_at >= ${since}
    group by other.kind, other.mark, o.id
    order by max(other.last_seen_at) desc, other.kind, other.mark, o.id
    limit ${limit}
  `.execute(executor);
  return rows;
}

export type Kinship = SightingKind | 'person';

/** What the people of one organization have in common with those of others: themselves, an address, a device. */
export async function findKinship(
  executor: Executor,
  { organizationId, others }: { organizationId: string; others: readonly string[] },
): Promise<Kinship[]> {
  const { rows } = await sql<{ kind: Kinship }>`
    select distinct 'person' as kind
    from identity_members as mine
    join identity_members as other on other.user_id = mine.user_id
    where mine.organization_id = ${organizationId}
      and other.organization_id = any(${others}::text[])
    union
    select distinct seen.kind
    from identity_members as mine
    join identity_sightings as seen on seen.user_id = mine.user_id
    join identity_sightings as also on also.kind = seen.kind and also.mark = seen.mark
    join identity_members as other on other.user_id = also.user_id
    where mine.organization_id = ${organizationId}
      and other.organization_id = any(${others}::text[])
    order by 1
  `.execute(executor);
  return rows.map(({ kind }) => kind);
}

export async function deleteOldSightings(executor: Executor, before: Date): Promise<void> {
  await sql`delete from identity_sightings where last_seen_at < ${before}`.execute(executor);
}
