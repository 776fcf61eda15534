/** SQL of quotas as they stand in their open windows, and of the times that they were passed. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';

export interface QuotaRow {
  id: string;
  subject_kind: 'organization' | 'member' | 'api_key' | 'cost_center';
  subject_id: string;
  meter_id: string;
  window: 'minute' | 'hour' | 'day' | 'month' | 'year' | 'lifetime';
  limit_amount: bigint | null;
  is_hard: boolean;
  used: bigint;
  reserved: bigint;
  resets_at: Date | null;
}

/** Who asks: everything, or what is the organization's and this subject's own. */
export type QuotaView =
  | { all: true }
  | { all: false; subjectKind: 'member' | 'api_key'; subjectId: string };

export interface QuotaFilter {
  organizationId: string;
  view: QuotaView;
  at: Date;
  /** Only what comes after this quota. */
  after?: string | undefined;
  /** Only this one. */
  id?: string;
  limit: number;
}

/** Quotas in force. One whose window nothing was counted in yet shows what was used before it was made. */
export async function listOpenQuotas(executor: Executor, filter: QuotaFilter): Promise<QuotaRow[]> {
  const { rows } = await sql<QuotaRow>`
    select q.id, q.subject_kind, q.subject_id, q.meter_id, q."window", q.limit_amount, q.is_hard,
      coalesce(c.used, u.used, 0)::bigint as used,
      coalesce(c.reserved, 0)::bigint as reserved,
      nullif(coalesce(c.resets_at, w.resets_at), 'infinity') as resets_at
    from entitlements_quotas q
    join ledger_organizations f on f.organization_id = q.organization_id
    left join metering_counters c
      on c.quota_id = q.id
      and c.window_from <= ${filter.at}
      and c.resets_at > ${filter.at}
    left join lateral ${storedFunction('metering_window')}(q."window", q.anchor_at, f.time_zone, ${filter.at}) w
      on c.quota_id is null
    left join lateral ${storedFunction('metering_used_within')}(q, f.time_zone, w.window_from, w.resets_at) u
      on c.quota_id is null and q.aggregation <> 'unique'
    where q.organization_id = ${filter.organizationId}
      and q.is_in_force
      and q.id > ${filter.after ?? ''}
      and (${filter.id ?? null}::text is null or q.id = ${filter.id ?? null})
      and ${ownOf(filter.view, 'q')}
    order by q.id
    limit ${filter.limit}
  `.execute(executor);
  return rows;
}

export interface CapRow extends Pick<QuotaRow, 'window' | 'used' | 'reserved' | 'resets_at'> {
  /** What the organization set; what else limits the quota is not in it. */
  cap: bigint;
}

/** Spend caps of members or cost centers, by their ids, as they stand. */
export async function listCaps(
  executor: Executor,
  of: {
    organizationId: string;
    subjectKind: 'member' | 'cost_center';
    subjectIds: readonly string[];
    at: Date;
  },
): Promise<Map<string, CapRow[]>> {
  const { rows } = await sql<CapRow & { subject_id: string }>`
    select q.subject_id, q."window", s.limit_amount as cap,
      coalesce(c.used, u.used, 0)::bigint as used,
      coalesce(c.reserved, 0)::bigint as reserved,
      nullif(coalesce(c.resets_at, w.resets_at), 'infinity') as resets_at
    from entitlements_quotas q
    join entitlements_quota_sources s on s.quota_id = q.id and s.source = 'cap'
    join ledger_organizations f on f.organization_id = q.organization_id
    left join metering_counters c
      on c.quota_id = q.id
      and c.window_from <= ${of.at}
      and c.resets_at > ${of.at}
    left join lateral ${storedFunction('metering_window')}(q."window", q.anchor_at, f.time_zone, ${of.at}) w
      on c.quota_id is null
    left join lateral ${storedFunction('metering_used_within')}(q, f.time_zone, w.window_from, w.resets_at) u
      on c.quota_id is null
    where q.organization_id = ${of.organizationId}
      and q.subject_kind = ${of.subjectKind}
      and q.subject_id = any(${[...of.subjectIds]}::text[])
    order by q.subject_id, q.id
  `.execute(executor);
  const found = new Map<string, CapRow[]>();
  for (const { subject_id, ...row } of rows) {
    found.set(subject_id, [...(found.get(subject_id) ?? []), row]);
  }
  return found;
}

export interface ViolationRow {
  id: string;
  organization_id: string;
  quota_id: string;
  subject_kind: QuotaRow['subject_kind'];
  subject_id: string;
  meter_id: string;
  window: QuotaRow['window'];
  limit_amount: bigint;
  used: bigint;
  requested: bigint;
  is_hard: boolean;
  occurred_at: Date;
  resets_at: Date | null;
}

/** Violations, newest first; of all organizations where none is named. */
export async function listViolations(
  executor: Executor,
  filter: {
    organizationId: string | undefined;
    view: QuotaView;
    from?: Date | undefined;
    to?: Date | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<ViolationRow[]> {
  const { organizationId, from, to, before } = filter;
  const { rows } = await sql<ViolationRow>`
    select v.id, v.organization_id, v.quota_id, v.subject_kind, v.subject_id, v.meter_id, v."window",
      v.limit_amount, v.used, v.requested, v.is_hard, v.occurred_at, nullif(v.resets_at, 'infinity') as resets_at
    from metering_violations v
    where ${organizationId === undefined ? sql`true` : sql`v.organization_id = ${organizationId}`}
      and ${from === undefined ? sql`true` : sql`v.occurred_at >= ${from}`}
      and ${to === undefined ? sql`true` : sql`v.occurred_at < ${to}`}
      and ${before === undefined ? sql`true` : sql`v.id < ${before}`}
      and ${ownOf(filter.view, 'v')}
    order by v.id desc
    limit ${filter.limit}
  `.execute(executor);
  return rows;
}

function ownOf(view: QuotaView, table: 'q' | 'v') {
  if (view.all) return sql`true`;
  const kind = sql.ref(`${table}.subject_kind`);
  const id = sql.ref(`${table}.subject_id`);
  return sql`(${kind} = 'organization' or (${kind} = ${view.subjectKind} and ${id} = ${view.subjectId}))`;
}

/**
 * Oldest first; ids are in the order of time.
 *
 * @scope job: every customer's, whatever is old
 */
export async function deleteViolations(
  executor: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from metering_violations
    where id in (
      select id
      from metering_violations
      where occurred_at < ${before}
      order by id
      limit ${limit}
    )
  `.execute(executor);
  return Number(numAffectedRows);
}

/** Removes what was counted of quotas that are gone; that they were passed stays on record. */
export async function deleteCounters(
  transaction: Transaction,
  quotaIds: readonly string[],
): Promise<void> {
  for (const table of ['metering_counter_values', 'metering_counters']) {
    await sql`
      delete from ${sql.table(table)}
      where quota_id = any(${[...quotaIds]}::text[])
    `.execute(transaction);
  }
}
