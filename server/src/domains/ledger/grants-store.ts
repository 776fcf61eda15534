/** SQL of grants and of the periods in which they may be spent. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Interval } from '../../platform/time.ts';
import type { GrantTerms } from './core/grant-periods.ts';

export interface Grant extends GrantTerms {
  id: string;
  organizationId: string;
  /** Of each period, in nano-units. */
  amount: bigint;
  currency: string;
  /** Lower is spent first; then what expires first; then the older one. */
  priority: number;
  reference: string;
  note: string | null;
  createdAt: Date;
}

interface GrantRow {
  id: string;
  organization_id: string;
  amount: bigint;
  currency: string;
  priority: number;
  reference: string;
  note: string | null;
  starts_at: Date;
  ends_at: Date | null;
  interval_unit: Interval['unit'] | null;
  interval_count: number | null;
  rollover_max: bigint;
  time_zone: string;
  created_at: Date;
}

export async function insertGrant(
  transaction: Transaction,
  grant: Grant,
  timeZone: string,
): Promise<void> {
  const { recurrence } = grant;
  await sql`
    insert into ledger_grants (
      id, organization_id, amount, currency, priority, reference, note, starts_at, ends_at, interval_unit,
      interval_count, rollover_max, time_zone, created_at
    )
    values (
      ${grant.id}, ${grant.organizationId}, ${grant.amount}, ${grant.currency}, ${grant.priority},
      ${grant.reference}, ${grant.note}, ${grant.startsAt}, coalesce(${grant.endsAt}::timestamptz, 'infinity'),
      ${recurrence?.interval.unit ?? null}, ${recurrence?.interval.count ?? null},
      ${recurrence?.rolloverMax ?? 0n}, ${timeZone}, ${grant.createdAt}
    )
  `.execute(transaction);
}

const columns = sql`g.id, g.organization_id, g.amount, g.currency, g.priority, g.reference, g.note, g.starts_at,
  nullif(g.ends_at, 'infinity') as ends_at, g.interval_unit, g.interval_count, g.rollover_max, g.time_zone, g.created_at`;

function toGrant(row: GrantRow): Grant {
  const { interval_unit: unit, interval_count: count } = row;
  return {
    id: row.id,
    organizationId: row.organization_id,
    amount: row.amount,
    currency: row.currency,
    priority: row.priority,
    reference: row.reference,
    note: row.note,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    recurrence:
      unit === null || count === null
        ? null
        : {
            interval: { unit, count },
            timeZone: row.time_zone,
            rolloverMax: row.rollover_max,
          },
    createdAt: row.created_at,
  };
}

/** @scope row: of a period that is being turned. */
export async function findGrant(executor: Executor, id: string): Promise<Grant | undefined> {
  const { rows } = await sql<GrantRow>`
    select ${columns}
    from ledger_grants g
    where g.id = ${id}
  `.execute(executor);
  return rows[0] && toGrant(rows[0]);
}

export interface GrantBalance extends Grant {
  /** What is left in the period that runs, held amounts included. */
  balance: bigint;
}

/** An organization's grants, newest first. */
export async function listGrantRows(
  executor: Executor,
  page: { organizationId: string; at: Date; before: string | undefined; limit: number },
): Promise<GrantBalance[]> {
  const { rows } = await sql<GrantRow & { balance: bigint }>`
    select ${columns}, coalesce(b.balance, 0)::bigint as balance
    from ledger_grants g
    left join lateral (
      select sum(bucket.available + bucket.held) as balance
      from ledger_grant_periods period
      join ledger_buckets bucket on bucket.id = period.bucket_id
      where period.grant_id = g.id
        and bucket.opens_at <= ${page.at}
        and bucket.closes_at > ${page.at}
    ) b on true
    where g.organization_id = ${page.organizationId}
      and (${page.before ?? null}::text is null or g.id < ${page.before ?? null})
    order by g.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows.map((row) => ({ ...toGrant(row), balance: row.balance }));
}

export async function insertPeriod(
  transaction: Transaction,
  period: { grantId: string; number: number; bucketId: string; closesAt: Date | null },
): Promise<void> {
  await sql`
    insert into ledger_grant_periods (grant_id, number, bucket_id, closes_at)
    values (
      ${period.grantId}, ${period.number}, ${period.bucketId},
      coalesce(${period.closesAt}::timestamptz, 'infinity')
    )
  `.execute(transaction);
}

export interface PeriodKey {
  grantId: string;
  number: number;
  organizationId: string;
}

/**
 * Periods that are over and in which there is something to do, the first to end first.
 * @scope job: whatever is due, of every customer.
 */
export async function listEndedPeriods(
  executor: Executor,
  at: Date,
  limit: number,
): Promise<PeriodKey[]> {
  const { rows } = await sql<{ grant_id: string; number: number; organization_id: string }>`
    select p.grant_id, p.number, b.organization_id
    from ledger_grant_periods p
    join ledger_buckets b on b.id = p.bucket_id
    where not p.is_closed
      and p.closes_at <= ${at}
      and (p.turned_at is null or b.available > 0 or b.held = 0)
    order by p.closes_at, p.grant_id, p.number
    limit ${limit}
  `.execute(executor);
  return rows.map((row) => ({
    grantId: row.grant_id,
    number: row.number,
    organizationId: row.organization_id,
  }));
}

export interface Period {
  bucketId: string;
  available: bigint;
  held: bigint;
  turnedAt: Date | null;
  carried: bigint;
  isClosed: boolean;
}

/**
 * A period with its bucket; the caller holds the organization's funds.
 * @scope row: of a grant that is held.
 */
export async function findPeriod(
  transaction: Transaction,
  { grantId, number }: Omit<PeriodKey, 'organizationId'>,
): Promise<Period | undefined> {
  const { rows } = await sql<{
    bucket_id: string;
    available: bigint;
    held: bigint;
    turned_at: Date | null;
    carried: bigint;
    is_closed: boolean;
  }>`
    select p.bucket_id, b.available, b.held, p.turned_at, p.carried, p.is_closed
    from ledger_grant_periods p
    join ledger_buckets b on b.id = p.bucket_id
    where p.grant_id = ${grantId}
      and p.number = ${number}
  `.execute(transaction);
  const [row] = rows;
  return (
    row && {
      bucketId: row.bucket_id,
      available: row.available,
      held: row.held,
      turnedAt: row.turned_at,
      carried: row.carried,
      isClosed: row.is_closed,
    }
  );
}

/** @scope row: its operation found it in scope. */
export async function turnPeriod(
  transaction: Transaction,
  { grantId, number }: Omit<PeriodKey, 'organizationId'>,
  turned: { at: Date; carry: bigint; isClosed: boolean },
): Promise<void> {
  await sql`
    update ledger_grant_periods
    set turned_at = coalesce(turned_at, ${turned.at}),
      carried = carried + ${turned.carry},
      is_closed = ${turned.isClosed}
    where grant_id = ${grantId}
      and number = ${number}
  `.execute(transaction);
}

/**
 * When the next period ends.
 * @scope job: whatever is due, of every customer.
 */
export async function findNextPeriodEnd(
  executor: Executor,
  after: Date,
): Promise<Date | undefined> {
  const { rows } = await sql<{ closes_at: Date }>`
    select closes_at
    from ledger_grant_periods
    where not is_closed
      and closes_at > ${after}
      and closes_at < 'infinity'
    order by closes_at
    limit 1
  `.execute(executor);
  return rows[0]?.closes_at;
}

/**
 * Nothing of it may be spent from then on; what is over already stays as it is.
 * @scope row: its operation found it in scope.
 */
export async function endGrant(
  transaction: Transaction,
  { grantId, at }: { grantId: string; at: Date },
): Promise<void> {
  await sql`
    update ledger_grants
    set ends_at = least(ends_at, ${at}::timestamptz)
    where id = ${grantId}
  `.execute(transaction);
  await sql`
    update ledger_grant_periods
    set closes_at = least(closes_at, ${at}::timestamptz)
    where grant_id = ${grantId}
  `.execute(transaction);
  await sql`
    update ledger_buckets as bucket
    set spend_before = least(bucket.spend_before, ${at}::timestamptz),
      closes_at = least(bucket.closes_at, ${at}::timestamptz)
    from ledger_grant_periods as period
    where period.grant_id = ${grantId}
      and bucket.id = period.bucket_id
  `.execute(transaction);
}
