/** SQL of what went from account to account over all customers: days that are over are kept, the rest is read as it is. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';

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

export interface CustomerRevenue {
  organization_id: string;
  currency: string;
  amount: bigint;
}

/**
 * What was earned of each customer in whole months; those who brought nothing are left out.
 * @scope deployment: reports compare all customers.
 */
export async function sumRevenueByCustomer(
  executor: Executor,
  { from, to }: { from: Date; to: Date },
): Promise<CustomerRevenue[]> {
  const { rows } = await sql<CustomerRevenue>`
    select organization_id, currency, sum(amount)::bigint as amount
    from ${await earningsIn(executor, { from, to })}
    group by organization_id, currency
    having sum(amount) <> 0
  `.execute(executor);
  return rows;
}

/**
 * The same of so many customers in each currency, those who brought the most; with how many there are of them all.
 * @scope deployment: reports compare all customers.
 */
export async function listEarningMost(
  executor: Executor,
  { from, to, limit }: { from: Date; to: Date; limit: number },
): Promise<(CustomerRevenue & { customers: bigint })[]> {
  const { rows } = await sql<CustomerRevenue & { customers: bigint }>`
    with sums as materialized (
      select organization_id, currency, sum(amount)::bigint as amount
      from ${await earningsIn(executor, { from, to })}
      group by organization_id, currency
      having sum(amount) <> 0
    )
    select most.organization_id, currency, most.amount, counted.customers
    from (select currency, count(*) as customers from sums group by currency) as counted
    cross join lateral (
      select organization_id, amount
      from sums
      where currency = counted.currency
      order by amount desc, organization_id
      limit ${limit}
    ) as most
    order by currency, most.amount desc, most.organization_id
  `.execute(executor);
  return rows;
}

/**
 * At most two rows of a customer: of the days that are over, and of the others. The months come in the order of the
 * customers, so that nothing is sorted.
 * @scope row: a part of queries over all customers.
 */
async function earningsIn(executor: Executor, { from, to }: { from: Date; to: Date }) {
  const until = await keptUntil(executor);
  return sql`(
    select organization_id, currency, sum(amount)::bigint as amount
    from ledger_revenue_monthly
    where starts_at >= ${from}
      and starts_at < ${to}
    group by organization_id, currency
    union all
    select organization_id, currency, sum(${earned})::bigint
    from ledger_transfers
    where ${occurredWithin({ from: laterOf(from, until), to })}
      and (debit = 'revenue' or credit = 'revenue')
    group by organization_id, currency
  ) as earnings`;
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

/** The instant up to which days are kept; at the beginning of time where none is. */
async function keptUntil(executor: Executor): Promise<Date> {
  const { rows } = await sql<{ until: Date }>`
    select until from ledger_sums_kept
  `.execute(executor);
  return rows[0]?.until ?? new Date(0);
}

/** The same, locked for whoever keeps the next day. */
export async function lockKept(transaction: Transaction): Promise<Date | undefined> {
  const { rows } = await sql<{ until: Date }>`
    select until from ledger_sums_kept for update
  `.execute(transaction);
  return rows[0]?.until;
}

export async function saveKept(transaction: Transaction, until: Date): Promise<void> {
  await sql`
    insert into ledger_sums_kept (is_kept, until)
    values (true, ${until})
    on conflict (is_kept) do update set until = excluded.until
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
 * Adds up days that are over.
 * @scope job: of every customer.
 */
export async function keepDays(transaction: Transaction, days: Days): Promise<void> {
  await sql`
    insert into ledger_sums_daily (
      starts_at, currency, debit, credit, kind, source, transfers, amount
    )
    select ${dayWithin(days)}, ${partsOfTransfer}, count(*), sum(amount)
    from ledger_transfers
    where ${occurredWithin(days)}
    group by 1, 2, 3, 4, 5, 6
  `.execute(transaction);
  await sql`
    insert into ledger_revenue_monthly as kept (starts_at, organization_id, currency, amount)
    select date_trunc('month', occurred_at, ${days.timeZone}), organization_id, currency, sum(${earned})
    from ledger_transfers
    where ${occurredWithin(days)}
      and (debit = 'revenue' or credit = 'revenue')
    group by 1, 2, 3
    on conflict (starts_at, organization_id, currency)
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
      select ${dayWithin(days)}, ${partsOfTransfer}, count(*) as transfers, sum(amount) as amount
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

/** A day that began before its deployment moved to another zone begins where the day before ended. */
function dayWithin({ from, timeZone }: Days) {
  return sql`greatest(date_trunc('day', occurred_at, ${timeZone}), ${from}::timestamptz)`;
}

function occurredWithin({ from, to }: { from: Date; to: Date }) {
  const first = idAt('trf', new Date(Math.max(0, from.getTime() - bookedWithinMs)));
  return sql`occurred_at >= ${from} and occurred_at < ${to} and id >= ${first}`;
}

function laterOf(a: Date, b: Date): Date {
  return a > b ? a : b;
}
