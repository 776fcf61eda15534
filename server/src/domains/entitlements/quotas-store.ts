/** SQL of quotas and their sources. */
import type { Aggregation } from '@sluice/contract/meters';
import type { Window } from '@sluice/contract/plans';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';
import type { QuotaSource } from './core/limit.ts';

export interface QuotaSubject {
  kind: 'organization' | 'member' | 'api_key' | 'cost_center';
  id: string;
}

/** What makes a quota the one it is. */
export interface QuotaIdentity {
  organizationId: string;
  subject: QuotaSubject;
  meterId: string;
  window: Window;
  /** Null where windows follow the calendar. */
  anchorAt: Date | null;
}

export interface NewQuota extends QuotaIdentity {
  id: string;
  aggregation: Aggregation;
  isLevel: boolean;
  timeZone: string;
  createdAt: Date;
}

export interface Quota extends QuotaIdentity {
  id: string;
  aggregation: Aggregation;
  limit: bigint | null;
  hard: boolean;
  inForce: boolean;
  changesAt: Date | null;
}

/** Adds a quota, or finds the one that is there: a quota is never doubled, so its counters go on. */
export async function ensureQuota(transaction: Transaction, quota: NewQuota): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into entitlements_quotas (
      id, organization_id, subject_kind, subject_id, meter_id, aggregation, is_level, "window", anchor_at,
      time_zone, limit_amount, is_hard, is_in_force, created_at
    )
    values (
      ${quota.id}, ${quota.organizationId}, ${quota.subject.kind}, ${quota.subject.id}, ${quota.meterId},
      ${quota.aggregation}, ${quota.isLevel}, ${quota.window}, ${quota.anchorAt}, ${quota.timeZone},
      null, false, false, ${quota.createdAt}
    )
    on conflict (organization_id, subject_kind, subject_id, meter_id, "window", anchor_at) do nothing
    returning id
  `.execute(transaction);
  const added = rows[0]?.id;
  if (added !== undefined) return added;
  const found = await sql<{ id: string }>`
    select id
    from entitlements_quotas
    where organization_id = ${quota.organizationId}
      and subject_kind = ${quota.subject.kind}
      and subject_id = ${quota.subject.id}
      and meter_id = ${quota.meterId}
      and "window" = ${quota.window}
      and anchor_at is not distinct from ${quota.anchorAt}
  `.execute(transaction);
  return found.rows[0]?.id ?? quota.id;
}

/** Adds a source: one that gives different limits one after the other has a row for each. */
export async function putSource(
  transaction: Transaction,
  quotaId: string,
  source: QuotaSource,
): Promise<void> {
  await sql`
    insert into entitlements_quota_sources (
      quota_id, source, source_id, limit_amount, is_hard, starts_at, ends_at
    )
    values (
      ${quotaId}, ${source.source}, ${source.sourceId}, ${source.limit}, ${source.hard},
      ${source.startsAt}, coalesce(${source.endsAt}::timestamptz, 'infinity')
    )
    on conflict (quota_id, source, source_id, starts_at) do update
    set limit_amount = excluded.limit_amount,
      is_hard = excluded.is_hard,
      ends_at = excluded.ends_at
  `.execute(transaction);
}

/**
 * What a source gives a quota at an instant, and whether an override stands in its way.
 * @scope row: the quota was found for its organization.
 */
export async function findStanding(
  transaction: Transaction,
  of: { quotaId: string; source: QuotaSource['source']; at: Date },
): Promise<{ limit: bigint; isOverridden: boolean }> {
  const { rows } = await sql<{ limit_amount: bigint; is_overridden: boolean }>`
    select coalesce(sum(limit_amount) filter (where source = ${of.source}), 0)::bigint as limit_amount,
      coalesce(bool_or(source = 'override'), false) as is_overridden
    from entitlements_quota_sources
    where quota_id = ${of.quotaId}
      and starts_at <= ${of.at}
      and ends_at > ${of.at}
  `.execute(transaction);
  const [row] = rows;
  return { limit: row?.limit_amount ?? 0n, isOverridden: row?.is_overridden ?? false };
}

/** Takes sources back; answers the quotas that they were of. */
export async function deleteSources(
  transaction: Transaction,
  of: {
    organizationId: string;
    source: QuotaSource['source'];
    sourceId?: string | undefined;
    quotaId?: string | undefined;
  },
): Promise<string[]> {
  const { rows } = await sql<{ quota_id: string }>`
    delete from entitlements_quota_sources as source
    using entitlements_quotas as quota
    where quota.id = source.quota_id
      and quota.organization_id = ${of.organizationId}
      and source.source = ${of.source}
      and (${of.sourceId ?? null}::text is null or source.source_id = ${of.sourceId ?? null})
      and (${of.quotaId ?? null}::text is null or source.quota_id = ${of.quotaId ?? null})
    returning source.quota_id
  `.execute(transaction);
  return rows.map(({ quota_id }) => quota_id);
}

/** What a source caps a subject's cost at, by window. */
export async function findCaps(
  transaction: Transaction,
  of: { organizationId: string; subject: QuotaSubject },
): Promise<Map<Window, bigint>> {
  const { rows } = await sql<{ window: Window; limit_amount: bigint }>`
    select quota."window", source.limit_amount
    from entitlements_quotas as quota
    join entitlements_quota_sources as source on source.quota_id = quota.id and source.source = 'cap'
    where quota.organization_id = ${of.organizationId}
      and quota.subject_kind = ${of.subject.kind}
      and quota.subject_id = ${of.subject.id}
  `.execute(transaction);
  return new Map(rows.map((row) => [row.window, row.limit_amount]));
}

/** Makes limits anew from the sources in force; the caller holds the organization's funds. */
export async function refreshQuotas(
  transaction: Transaction,
  quotaIds: readonly string[],
  at: Date,
): Promise<void> {
  await sql`select ${storedFunction('entitlements_refresh_quotas')}(${[...quotaIds]}::text[], ${at})`.execute(
    transaction,
  );
}

/**
 * Older than that, and no source has been in force since, or will be.
 * @scope job: whatever is over, of every customer.
 */
const ended = (before: Date) => sql`
  quota.created_at < ${before}
  and not exists (
    select from entitlements_quota_sources as source
    where source.quota_id = quota.id
      and source.ends_at > ${before}
  )
`;

/**
 * Organizations that have quotas which ended before an instant.
 * @scope job: whatever is over, of every customer.
 */
export async function listOrganizationsWithEnded(
  executor: Executor,
  before: Date,
): Promise<string[]> {
  const { rows } = await sql<{ organization_id: string }>`
    select distinct quota.organization_id
    from entitlements_quotas as quota
    where ${ended(before)}
    order by quota.organization_id
  `.execute(executor);
  return rows.map(({ organization_id }) => organization_id);
}

/**
 * Removes an organization's quotas that ended before an instant, and their sources; answers the quotas.
 * @scope job: the organization’s funds are held; what is over has no other mark.
 */
export async function deleteEndedQuotas(
  transaction: Transaction,
  { organizationId, before }: { organizationId: string; before: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select quota.id
    from entitlements_quotas as quota
    where quota.organization_id = ${organizationId}
      and ${ended(before)}
  `.execute(transaction);
  const ids = rows.map(({ id }) => id);
  await sql`
    delete from entitlements_quota_sources
    where quota_id = any(${ids}::text[])
  `.execute(transaction);
  await sql`
    delete from entitlements_quotas
    where id = any(${ids}::text[])
  `.execute(transaction);
  return ids;
}

interface QuotaRow {
  id: string;
  organization_id: string;
  subject_kind: QuotaSubject['kind'];
  subject_id: string;
  meter_id: string;
  aggregation: Aggregation;
  window: Window;
  anchor_at: Date | null;
  limit_amount: bigint | null;
  is_hard: boolean;
  is_in_force: boolean;
  changes_at: Date | null;
}

/** An organization's quotas in the order of their making. */
export async function listQuotaRows(
  executor: Executor,
  page: { organizationId: string; after?: string | undefined; id?: string; limit: number },
): Promise<Quota[]> {
  const { rows } = await sql<QuotaRow>`
    select id, organization_id, subject_kind, subject_id, meter_id, aggregation, "window", anchor_at,
      limit_amount, is_hard, is_in_force, nullif(changes_at, 'infinity') as changes_at
    from entitlements_quotas
    where organization_id = ${page.organizationId}
      and id > ${page.after ?? ''}
      and (${page.id ?? null}::text is null or id = ${page.id ?? null})
    order by id
    limit ${page.limit}
  `.execute(executor);
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id,
    subject: { kind: row.subject_kind, id: row.subject_id },
    meterId: row.meter_id,
    aggregation: row.aggregation,
    window: row.window,
    anchorAt: row.anchor_at,
    limit: row.limit_amount,
    hard: row.is_hard,
    inForce: row.is_in_force,
    changesAt: row.changes_at,
  }));
}

interface SourceRow {
  quota_id: string;
  source: QuotaSource['source'];
  source_id: string;
  limit_amount: bigint | null;
  is_hard: boolean;
  starts_at: Date;
  ends_at: Date | null;
}

/**
 * The sources of quotas, the first to begin first.
 * @scope row: the quotas were found for their organization.
 */
export async function listSources(
  executor: Executor,
  quotaIds: readonly string[],
): Promise<Map<string, QuotaSource[]>> {
  const { rows } = await sql<SourceRow>`
    select quota_id, source, source_id, limit_amount, is_hard, starts_at,
      nullif(ends_at, 'infinity') as ends_at
    from entitlements_quota_sources
    where quota_id = any(${[...quotaIds]}::text[])
    order by starts_at, source, source_id
  `.execute(executor);
  const found = new Map<string, QuotaSource[]>(quotaIds.map((id) => [id, []]));
  for (const row of rows) {
    found.get(row.quota_id)?.push({
      source: row.source,
      sourceId: row.source_id,
      limit: row.limit_amount,
      hard: row.is_hard,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
    });
  }
  return found;
}
