/** SQL of what went from account to account over all customers: hours that are over are in the sums, the rest is read as it is. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';
import type { Kept, KeptStep } from '../../platform/kept-sums.ts';

/** A call's transfers sort by when it began; nothing is booked longer after that. */
const bookedWithinMs = 45 * 86_400_000;

export interface AccountMoves {
  starts_at: Date;
  currency: string;
  debit: string;
  credit: string;
  kind: string;
  /** The prefix of the id that is behind it. */
  source: string;
  transfers: bigint;
  amount: bigint;
}

export interface MovesQuery {
  from: Date;
  to: Date;
  /** Of the zone. */
  interval: 'day' | 'month';
  timeZone: string;
}

type AccountRow = Omit<AccountMoves, 'amount'> & { amount: string };

/**
 * What went from account to account in each interval, grants and allowances as one account each.
 * @scope deployment: reports add up all customers.
 */
export async function sumMoves(executor: Executor, query: MovesQuery): Promise<AccountMoves[]> {
  const { from, to, interval, timeZone } = query;
  const until = await keptUntil(executor);
  const { rows } = await sql<AccountRow>`
    select date_trunc(${sql.lit(interval)}, at, ${timeZone}) as starts_at, currency, debit, credit, kind, source,
      sum(transfers)::bigint as transfers, sum(amount)::text as amount
    from (
      select starts_at + interval '12 hours' as at, currency, debit, credit, kind, source, transfers, amount
      from ledger_sums_daily
      where starts_at >= ${from}
        and starts_at < ${to}
      union all
      select date_trunc('day', occurred_at, ${timeZone}), ${partsOfTransfer}, count(*), sum(amount)
      from ledger_transfers
      where ${occurredWithin({ from: laterOf(from, until), to })}
      group by 1, 2, 3, 4, 5, 6
    ) as moves
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6
  `.execute(executor);
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

const partsOfTransfer = sql`
  currency, ledger_account_of_all(debit), ledger_account_of_all(credit), kind, split_part(reference, '_', 1)`;

/**
 * A table in a query: `organization_id`, `currency` and what was earned of each customer from the beginning of one month to
 * the beginning of another; those who brought nothing are left out. What was earned up to the end of each month is kept, so
 * that two years are two months.
 * @scope row: a part of queries over all customers.
 */
export async function revenueOfCustomers(executor: Executor, { from, to }: Omit<Days, 'timeZone'>) {
  const { rows } = await sql<{ until: Date; opening: Date | null; closing: Date | null }>`
    select until,
      (select max(month) from ledger_revenue_to_date where month < ${from}) as opening,
      (select max(month) from ledger_revenue_to_date where month < ${to}) as closing
    from ledger_sums_kept
  `.execute(executor);
  const { until = new Date(0), opening = null, closing = null } = rows[0] ?? {};
  // Whoever was there when a month began is there at its end, and whoever is new since is in the rows of today.
  return sql<{ organization_id: string; currency: string; amount: bigint }>`(
    select organization_id, currency,
      coalesce(closing.amount, 0) - coalesce(opening.amount, 0) + coalesce(recent.amount, 0) as amount
    from (
      select organization_id, currency, amount
      from ledger_revenue_to_date
      where month = ${closing}::timestamptz
    ) as closing
    left join (
      select organization_id, currency, amount
      from ledger_revenue_to_date
      where month = ${opening}::timestamptz
    ) as opening using (organization_id, currency)
    full join (
      select organization_id, currency, sum(${earned})::bigint as amount
      from ledger_transfers
      where ${occurredWithin({ from: laterOf(from, until), to })}
        and (debit = 'revenue' or credit = 'revenue')
      group by organization_id, currency
    ) as recent using (organization_id, currency)
    where coalesce(closing.amount, 0) - coalesce(opening.amount, 0) + coalesce(recent.amount, 0) <> 0
  )`;
}

const earned = sql`case when credit = 'revenue' then amount else -amount end`;

/**
 * What all customers have paid for and not yet received.
 * @scope deployment: reports add up all customers.
 */
export async function sumBalanceOf(
  executor: Executor,
  { account, at }: { account: string; at: Date },
): Promise<{ currency: string; amount: bigint }[]> {
  const until = await keptUntil(executor);
  const { rows } = await sql<{ currency: string; amount: string }>`
    select currency, sum(amount)::text as amount
    from (
      select currency, case when credit = ${account} then amount else -amount end as amount
      from ledger_sums_daily
      where (debit = ${account} or credit = ${account})
        and starts_at < ${at}
      union all
      select currency, case when credit = ${account} then amount else -amount end
      from ledger_transfers
      where ${occurredWithin({ from: until, to: at })}
        and (debit = ${account} or credit = ${account})
    ) as moves
    group by currency
    order by currency
  `.execute(executor);
  return rows.map(({ currency, amount }) => ({ currency, amount: BigInt(amount) }));
}

/**
 * Who owes for calls that nothing could pay, the most first.
 * @scope deployment: reports list all customers.
 */
export async function listShortfalls(
  executor: Executor,
  limit: number,
): Promise<{ organization_id: string; currency: string; shortfall: bigint }[]> {
  const { rows } = await sql<{ organization_id: string; currency: string; shortfall: bigint }>`
    select organization_id, currency, shortfall
    from ledger_organizations
    where shortfall > 0
    order by shortfall desc, organization_id
    limit ${limit}
  `.execute(executor);
  return rows;
}

/** The instant up to which sums are kept; at the beginning of time where none are. */
async function keptUntil(executor: Executor): Promise<Date> {
  const { rows } = await sql<{ until: Date }>`
    select until from ledger_sums_kept
  `.execute(executor);
  return rows[0]?.until ?? new Date(0);
}

/** The same, locked for whoever keeps the next hours. */
export async function lockKept(transaction: Transaction): Promise<Kept | undefined> {
  const { rows } = await sql<Kept>`
    select until, day from ledger_sums_kept for update
  `.execute(transaction);
  return rows[0];
}

export async function saveKept(transaction: Transaction, { until, day }: Kept): Promise<void> {
  await sql`
    insert into ledger_sums_kept (is_kept, until, day)
    values (true, ${until}, ${day})
    on conflict (is_kept) do update set until = excluded.until, day = excluded.day
  `.execute(transaction);
}

/**
 * When the first transfer was booked.
 * @scope job: of every customer.
 */
export async function findFirstTransferAt(executor: Executor): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(occurred_at) as at from ledger_transfers
  `.execute(executor);
  return rows[0]?.at ?? undefined;
}

/**
 * Adds hours that are over to their days.
 * @scope job: of every customer.
 */
export async function keepHours(transaction: Transaction, step: KeptStep): Promise<void> {
  const { firstDay, timeZone } = step;
  await sql`
    insert into ledger_sums_daily as kept (
      starts_at, currency, debit, credit, kind, source, transfers, amount
    )
    select ${dayFrom(firstDay, timeZone)}, ${partsOfTransfer}, count(*), sum(amount)
    from ledger_transfers
    where ${occurredWithin(step)}
    group by 1, 2, 3, 4, 5, 6
    on conflict (starts_at, currency, debit, credit, kind, source)
    do update set transfers = kept.transfers + excluded.transfers, amount = kept.amount + excluded.amount
  `.execute(transaction);
  await addRevenue(transaction, step);
}

/**
 * A new month begins with what every customer had brought before. After the deployment moved to a zone whose month began
 * earlier, the month that is kept goes on.
 * @scope job: of every customer.
 */
async function addRevenue(transaction: Transaction, step: KeptStep): Promise<void> {
  await sql`
    with latest as (select max(month) as month from ledger_revenue_to_date)
    insert into ledger_revenue_to_date as kept (month, organization_id, currency, amount)
    select greatest(${step.month}::timestamptz, (select month from latest)), organization_id, currency, sum(amount)
    from (
      select organization_id, currency, amount
      from ledger_revenue_to_date
      where month = (select month from latest)
        and month < ${step.month}
      union all
      select organization_id, currency, ${earned}
      from ledger_transfers
      where ${occurredWithin(step)}
        and (debit = 'revenue' or credit = 'revenue')
    ) as parts
    group by organization_id, currency
    on conflict (month, organization_id, currency)
    do update set amount = kept.amount + excluded.amount
  `.execute(transaction);
}

/**
 * Whether what is kept of days is what their transfers come to.
 * @scope job: of every customer.
 */
export async function areDaysProven(executor: Executor, days: Days): Promise<boolean> {
  const { rows } = await sql<{ differences: bigint }>`
    with read as (
      select ${dayFrom(days.from, days.timeZone)}, ${partsOfTransfer}, count(*) as transfers, sum(amount) as amount
      from ledger_transfers
      where ${occurredWithin(days)}
      group by 1, 2, 3, 4, 5, 6
    ),
    kept as (
      select starts_at, currency, debit, credit, kind, source, transfers, amount
      from ledger_sums_daily
      where starts_at >= ${days.from}
        and starts_at < ${days.to}
    )
    select (select count(*) from (table read except table kept) as missing)
      + (select count(*) from (table kept except table read) as extra) as differences
  `.execute(executor);
  return rows[0]?.differences === 0n;
}

export interface Days {
  from: Date;
  to: Date;
  timeZone: string;
}

/** The first day may have begun elsewhere than at its midnight. */
function dayFrom(first: Date, timeZone: string) {
  return sql`greatest(date_trunc('day', occurred_at, ${timeZone}), ${first}::timestamptz)`;
}

function occurredWithin({ from, to }: { from: Date; to: Date }) {
  const first = idAt('trf', new Date(Math.max(0, from.getTime() - bookedWithinMs)));
  return sql`occurred_at >= ${from} and occurred_at < ${to} and id >= ${first}`;
}

function laterOf(a: Date, b: Date): Date {
  return a > b ? a : b;
}
