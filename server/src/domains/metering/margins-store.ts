/** SQL of what calls were billed and cost upstream, over all customers: days that are over are kept, the rest is read. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';

/** A call sorts by when it began, one that was reported by when it happened; nothing is settled longer after that. */
const settledWithinMs = 45 * 86_400_000;

/** Amounts are nano-units of the currency; only calls with a known cost have one. */
export interface Margin {
  currency: string;
  calls: bigint;
  amount: bigint;
  cost: bigint;
  uncosted_calls: bigint;
  uncosted_amount: bigint;
}

export interface MarginPoint extends Margin {
  starts_at: Date;
  input_tokens: bigint;
  output_tokens: bigint;
}

interface Span {
  from: Date;
  to: Date;
}

type AsText<T> = { [K in keyof T]: T[K] extends bigint ? string : T[K] };

/** @scope row: a part of queries over all customers. */
const ofCalls = sql`
  count(*) as calls, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(amount) as amount,
  coalesce(sum(cost), 0) as cost, count(*) filter (where cost is null) as uncosted_calls,
  coalesce(sum(amount) filter (where cost is null), 0) as uncosted_amount`;

const kept = sql`calls, input_tokens, output_tokens, amount, cost, uncosted_calls, uncosted_amount`;
const sums = sql`
  sum(calls)::text as calls, sum(amount)::text as amount, sum(cost)::text as cost,
  sum(uncosted_calls)::text as uncosted_calls, sum(uncosted_amount)::text as uncosted_amount`;

/**
 * Calls of each interval of the zone.
 * @scope deployment: reports add up all customers.
 */
export async function sumMarginsByTime(
  executor: Executor,
  { from, to, interval, timeZone }: Span & { interval: 'day' | 'month'; timeZone: string },
): Promise<MarginPoint[]> {
  const until = await keptUntil(executor);
  const { rows } = await sql<AsText<MarginPoint>>`
    select date_trunc(${sql.lit(interval)}, at, ${timeZone}) as starts_at, currency, ${sums},
      sum(input_tokens)::text as input_tokens, sum(output_tokens)::text as output_tokens
    from (
      select starts_at + interval '12 hours' as at, currency, ${kept}
      from metering_margins_daily
      where starts_at >= ${from}
        and starts_at < ${to}
      union all
      select date_trunc('day', settled_at, ${timeZone}), currency, ${ofCalls}
      from ${callsWithin({ from: laterOf(from, until), to })}
      group by 1, 2
    ) as margins
    group by 1, 2
    order by 1, 2
  `.execute(executor);
  return rows.map(({ input_tokens, output_tokens, starts_at, ...row }) => ({
    ...inNumbers(row),
    starts_at,
    input_tokens: BigInt(input_tokens),
    output_tokens: BigInt(output_tokens),
  }));
}

/**
 * The same of a time by model or channel, the most billed first.
 * @scope deployment: reports add up all customers.
 */
export async function sumMargins(
  executor: Executor,
  { from, to, by }: Span & { by: 'model' | 'channel_id' },
): Promise<(Margin & { name: string })[]> {
  const until = await keptUntil(executor);
  const { rows } = await sql<AsText<Margin> & { name: string }>`
    select name, currency, ${sums}
    from (
      select ${sql.ref(by)} as name, currency, ${kept}
      from metering_margins_daily
      where starts_at >= ${from}
        and starts_at < ${to}
      union all
      select coalesce(${sql.ref(by)}, ''), currency, ${ofCalls}
      from ${callsWithin({ from: laterOf(from, until), to })}
      group by 1, 2
    ) as margins
    group by name, currency
    order by sum(amount) desc, name, currency
  `.execute(executor);
  return rows.map(({ name, ...row }) => ({ ...inNumbers(row), name }));
}

export interface CustomerMargin extends Margin {
  organization_id: string;
}

/**
 * What the calls of each customer cost in whole months: little of each, for there are many.
 * @scope deployment: reports compare all customers.
 */
export async function sumCostByCustomer(
  executor: Executor,
  { from, to }: Span,
): Promise<{ organization_id: string; currency: string; cost: bigint }[]> {
  const until = await keptUntil(executor);
  const { rows } = await sql<{ organization_id: string; currency: string; cost: bigint }>`
    select organization_id, currency, sum(cost)::bigint as cost
    from (
      select organization_id, currency, sum(cost) as cost
      from metering_margins_monthly
      where starts_at >= ${from}
        and starts_at < ${to}
      group by organization_id, currency
      union all
      select organization_id, currency, coalesce(sum(cost), 0)
      from ${callsWithin({ from: laterOf(from, until), to })}
      group by organization_id, currency
    ) as costs
    group by organization_id, currency
  `.execute(executor);
  return rows;
}

/**
 * All of it of some customers, for whole months.
 * @scope deployment: reports compare customers.
 */
export async function sumMarginsByCustomer(
  executor: Executor,
  { from, to, organizationIds }: Span & { organizationIds: readonly string[] },
): Promise<CustomerMargin[]> {
  const until = await keptUntil(executor);
  const among = sql`organization_id = any(${[...organizationIds]}::text[])`;
  const { rows } = await sql<AsText<Margin> & { organization_id: string }>`
    select organization_id, currency, ${sums}
    from (
      select organization_id, currency, calls, amount, cost, uncosted_calls, uncosted_amount
      from metering_margins_monthly
      where starts_at >= ${from}
        and starts_at < ${to}
        and ${among}
      union all
      select organization_id, currency, count(*), sum(amount), coalesce(sum(cost), 0),
        count(*) filter (where cost is null), coalesce(sum(amount) filter (where cost is null), 0)
      from ${callsWithin({ from: laterOf(from, until), to }, among)}
      group by organization_id, currency
    ) as margins
    group by organization_id, currency
  `.execute(executor);
  return rows.map(({ organization_id, ...row }) => ({ ...inNumbers(row), organization_id }));
}

function inNumbers(row: AsText<Margin>): Margin {
  return {
    currency: row.currency,
    calls: BigInt(row.calls),
    amount: BigInt(row.amount),
    cost: BigInt(row.cost),
    uncosted_calls: BigInt(row.uncosted_calls),
    uncosted_amount: BigInt(row.uncosted_amount),
  };
}

export interface ViolationCount {
  starts_at: Date;
  meter_id: string;
  window: string;
  is_hard: boolean;
  violations: bigint;
  organizations: bigint;
}

/**
 * How often limits refused or were passed in each month of the zone.
 * @scope deployment: reports count all customers.
 */
export async function countViolations(
  executor: Executor,
  { from, to, timeZone }: Span & { timeZone: string },
): Promise<ViolationCount[]> {
  const { rows } = await sql<ViolationCount>`
    select date_trunc('month', occurred_at, ${timeZone}) as starts_at, meter_id, "window", is_hard,
      count(*) as violations, count(distinct organization_id) as organizations
    from metering_violations
    where id >= ${idAt('vio', from)}
      and id < ${idAt('vio', to)}
    group by 1, 2, 3, 4
    order by 1, 5 desc, 2, 3
  `.execute(executor);
  return rows;
}

/** The instant up to which days are kept; at the beginning of time where none is. */
async function keptUntil(executor: Executor): Promise<Date> {
  const { rows } = await sql<{ until: Date }>`
    select until from metering_margins_kept
  `.execute(executor);
  return rows[0]?.until ?? new Date(0);
}

/** The same, locked for whoever keeps the next day. */
export async function lockKept(transaction: Transaction): Promise<Date | undefined> {
  const { rows } = await sql<{ until: Date }>`
    select until from metering_margins_kept for update
  `.execute(transaction);
  return rows[0]?.until;
}

export async function saveKept(transaction: Transaction, until: Date): Promise<void> {
  await sql`
    insert into metering_margins_kept (is_kept, until)
    values (true, ${until})
    on conflict (is_kept) do update set until = excluded.until
  `.execute(transaction);
}

/**
 * When the first call was settled.
 * @scope job: of every customer.
 */
export async function findFirstSettlement(executor: Executor): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(settled_at) as at from metering_usage
  `.execute(executor);
  return rows[0]?.at ?? undefined;
}

/**
 * Adds up days that are over.
 * @scope job: of every customer.
 */
export async function keepDays(
  transaction: Transaction,
  { from, to, timeZone }: Span & { timeZone: string },
): Promise<void> {
  await sql`
    insert into metering_margins_daily (
      starts_at, model, channel_id, currency, ${kept}
    )
    -- a day that began before the deployment moved to another zone begins where the day before ended
    select greatest(date_trunc('day', settled_at, ${timeZone}), ${from}::timestamptz), model,
      coalesce(channel_id, ''), currency, ${ofCalls}
    from ${callsWithin({ from, to })}
    group by 1, 2, 3, 4
  `.execute(transaction);
  await sql`
    insert into metering_margins_monthly as kept (
      starts_at, organization_id, currency, calls, amount, cost, uncosted_calls, uncosted_amount
    )
    select date_trunc('month', settled_at, ${timeZone}), organization_id, currency, count(*), sum(amount),
      coalesce(sum(cost), 0), count(*) filter (where cost is null),
      coalesce(sum(amount) filter (where cost is null), 0)
    from ${callsWithin({ from, to })}
    group by 1, 2, 3
    on conflict (starts_at, organization_id, currency)
    do update set
      calls = kept.calls + excluded.calls,
      amount = kept.amount + excluded.amount,
      cost = kept.cost + excluded.cost,
      uncosted_calls = kept.uncosted_calls + excluded.uncosted_calls,
      uncosted_amount = kept.uncosted_amount + excluded.uncosted_amount
  `.execute(transaction);
}

/**
 * Calls of models: events of meters have neither a price nor a cost here. The cost is read out of the details once.
 * @scope row: a part of queries over all customers.
 */
function callsWithin({ from, to }: Span, among = sql`true`) {
  const first = idAt('req', new Date(Math.max(0, from.getTime() - settledWithinMs)));
  return sql`(
    select organization_id, model, channel_id, currency, settled_at, input_tokens, output_tokens, amount,
      (details ->> 'cost')::bigint as cost
    from metering_usage
    where model is not null
      and settled_at >= ${from}
      and settled_at < ${to}
      and request_id >= ${first}
      and ${among}
    offset 0
  ) as calls`;
}

function laterOf(a: Date, b: Date): Date {
  return a > b ? a : b;
}
