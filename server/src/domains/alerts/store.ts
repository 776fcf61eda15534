/** SQL about alerts, and up to when usage was watched. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Span } from './core/anomaly.ts';

export interface Alert {
  id: string;
  organizationId: string;
  measure: 'cost' | 'calls';
  span: Span;
  startsAt: Date;
  endsAt: Date;
  /** Nano-units of the usage currency, or calls. */
  value: bigint;
  expected: bigint;
  raisedAt: Date;
}

const columns = sql`
  a.id, a.organization_id as "organizationId", a.measure, a.span, a.starts_at as "startsAt", a.ends_at as "endsAt",
  a.value, a.expected, a.raised_at as "raisedAt"
`;

/** Answers false for an hour or day that was told of before. */
export async function insertAlert(transaction: Transaction, alert: Alert): Promise<boolean> {
  const inserted = await sql`
    insert into alerts_usage
      (id, organization_id, measure, span, starts_at, ends_at, value, expected, raised_at)
    values
      (${alert.id}, ${alert.organizationId}, ${alert.measure}, ${alert.span}, ${alert.startsAt}, ${alert.endsAt},
       ${alert.value}, ${alert.expected}, ${alert.raisedAt})
    on conflict (organization_id, span, starts_at) do nothing
  `.execute(transaction);
  return inserted.numAffectedRows === 1n;
}

/**
 * Of an organization, or of all; the newest first.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function listAlertRows(
  executor: Executor,
  page: { organizationId?: string | undefined; before: string | undefined; limit: number },
): Promise<Alert[]> {
  const { organizationId = null, before = null } = page;
  const { rows } = await sql<Alert>`
    select ${columns}
    from alerts_usage as a
    where (${organizationId}::text is null or a.organization_id = ${organizationId})
      and (${before}::text is null or a.id < ${before})
    order by a.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

/** Whether the organization was told of something that began within a time. */
export async function wasTold(
  executor: Executor,
  { organizationId, from, to }: { organizationId: string; from: Date; to: Date },
): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one
    from alerts_usage
    where organization_id = ${organizationId}
      and ends_at > ${from}
      and starts_at < ${to}
    limit 1
  `.execute(executor);
  return rows.length > 0;
}

/** Up to when a span was watched; undefined before the first time. */
export async function findWatched(executor: Executor, span: Span): Promise<Date | undefined> {
  const { rows } = await sql<{ until: Date }>`
    select until from alerts_watched where span = ${span}
  `.execute(executor);
  return rows[0]?.until;
}

/** One process watches at a time: the second waits, and finds it done. */
export async function lockWatched(
  transaction: Transaction,
  span: Span,
  since: Date,
): Promise<Date> {
  await sql`
    insert into alerts_watched (span, until)
    values (${span}, ${since})
    on conflict (span) do nothing
  `.execute(transaction);
  const { rows } = await sql<{ until: Date }>`
    select until from alerts_watched where span = ${span} for update
  `.execute(transaction);
  return rows[0]?.until ?? since;
}

export async function saveWatched(
  transaction: Transaction,
  span: Span,
  until: Date,
): Promise<void> {
  await sql`
    update alerts_watched set until = ${until} where span = ${span}
  `.execute(transaction);
}
