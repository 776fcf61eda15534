/** SQL of what calls were billed and cost upstream, over all customers: hours that are over are in the sums, the rest is read. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { idAt } from '../../platform/ids.ts';
import type { Kept, KeptStep } from '../../platform/kept-sums.ts';

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

/**
 * A table in a query: `organization_id`, `currency` and the figures of a margin of each customer who called, from the
 * beginning of one month to the beginning of another. What they came to up to the end of each month is kept, so that two
 * years are two months.
 * @scope row: a part of queries over all customers.
 */
export async function marginsOfCustomers(executor: Executor, { from, to }: Span) {
  const { rows } = await sql<{ until: Date; opening: Date | null; closing: Date | null }>`
    select until,
      (select max(month) from metering_margins_to_date where month < ${from}) as opening,
      (select max(month) from metering_margins_to_date where month < ${to}) as closing
    from metering_margins_kept
  `.execute(executor);
  const { until = new Date(0), opening = null, closing = null } = rows[0] ?? {};
  const since = (figure: string) => sql`
    coalesce(${sql.ref(`closing.${figure}`)}, 0) - coalesce(${sql.ref(`opening.${figure}`)}, 0)
      + coalesce(${sql.ref(`recent.${figure}`)}, 0)`;
  // Whoever was there when a month began is there at its end, and whoever is new since is in the rows of today.
  return sql<CustomerMargin>`(
    select organization_id, currency, ${since('calls')} as calls, ${since('amount')} as amount,
      ${since('cost')} as cost, ${since('uncosted_calls')} as uncosted_calls,
      ${since('uncosted_amount')} as uncosted_amount
    from (
      select * from metering_margins_to_date where month = ${closing}::timestamptz
    ) as closing
    left join (
      select * from metering_margins_to_date where month = ${opening}::timestamptz
    ) as opening using (organization_id, currency)
    full join (
      select organization_id, currency, ${ofCustomer}
      from ${callsWithin({ from: laterOf(from, until), to })}
      group by organization_id, currency
    ) as recent using (organization_id, currency)
    where ${since('calls')} > 0
  )`;
}

export interface CustomerMargin extends Margin {
  organization_id: string;
}

/** @scope row: a part of queries over all customers. */
const ofCustomer = sql`
  count(*) as calls, sum(amount)::bigint as amount, coalesce(sum(cost), 0)::bigint as cost,
  count(*) filter (where cost is null) as uncosted_calls,
  coalesce(sum(amount) filter (where cost is null), 0)::bigint as uncosted_amount`;

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

/** The instant up to which sums are kept; at the beginning of time where none are. */
async function keptUntil(executor: Executor): Promise<Date> {
  const { rows } = await sql<{ until: Date }>`
    select until from metering_margins_kept
  `.execute(executor);
  return rows[0]?.until ?? new Date(0);
}

/** The same, locked for whoever keeps the next hours. */
export async function lockKept(transaction: Transaction): Promise<Kept | undefined> {
  const { rows } = await sql<Kept>`
    select until, day from metering_margins_kept for update
  `.execute(transaction);
  return rows[0];
}

export async function saveKept(transaction: Transaction, { until, day }: Kept): Promise<void> {
  await sql`
    insert into metering_margins_kept (is_kept, until, day)
    values (true, ${until}, ${day})
    on conflict (is_kept) do update set until = excluded.until, day = excluded.day
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
 * Adds hours that are over to their days.
 * @scope job: of every customer.
 */
export async function keepHours(transaction: Transaction, step: KeptStep): Promise<void> {
  await sql`
    insert into metering_margins_daily as kept (
      starts_at, model, channel_id, currency, ${kept}
    )
    -- the first day may have begun elsewhere than at its midnight
    select greatest(date_trunc('day', settled_at, ${step.timeZone}), ${step.firstDay}::timestamptz), model,
      coalesce(channel_id, ''), currency, ${ofCalls}
    from ${callsWithin(step)}
    group by 1, 2, 3, 4
    on conflict (starts_at, model, channel_id, currency)
    do update set
      input_tokens = kept.input_tokens + excluded.input_tokens,
      output_tokens = kept.output_tokens + excluded.output_tokens,
      ${addedUp}
  `.execute(transaction);
  await addToDate(transaction, step);
}

/**
 * A new month begins with what every customer had come to before. After the deployment moved to a zone whose month began
 * earlier, the month that is kept goes on.
 * @scope job: of every customer.
 */
async function addToDate(transaction: Transaction, step: KeptStep): Promise<void> {
  const figures = sql`calls, amount, cost, uncosted_calls, uncosted_amount`;
  await sql`
    with latest as (select max(month) as month from metering_margins_to_date)
    insert into metering_margins_to_date as kept (month, organization_id, currency, ${figures})
    select greatest(${step.month}::timestamptz, (select month from latest)), organization_id, currency,
      sum(calls), sum(amount), sum(cost), sum(uncosted_calls), sum(uncosted_amount)
    from (
      select organization_id, currency, ${figures}
      from metering_margins_to_date
      where month = (select month from latest)
        and month < ${step.month}
      union all
      select organization_id, currency, ${ofCustomer}
      from ${callsWithin(step)}
      group by organization_id, currency
    ) as parts
    group by organization_id, currency
    on conflict (month, organization_id, currency) do update set ${addedUp}
  `.execute(transaction);
}

const addedUp = sql`
  calls = kept.calls + excluded.calls,
  amount = kept.amount + excluded.amount,
  cost = kept.cost + excluded.cost,
  uncosted_calls = kept.uncosted_calls + excluded.uncosted_calls,
  uncosted_amount = kept.uncosted_amount + excluded.uncosted_amount`;

/**
 * Calls of models: events of meters have neither a price nor a cost here. The cost is read out of the details once.
 * @scope row: a part of queries over all customers.
 */
function callsWithin({ from, to }: Span) {
  const first = idAt('req', new Date(Math.max(0, from.getTime() - settledWithinMs)));
  return sql`(
    select organization_id, model, channel_id, currency, settled_at, input_tokens, output_tokens, amount,
      (details ->> 'cost')::bigint as cost
    from metering_usage
    where model is not null
      and settled_at >= ${from}
      and settled_at < ${to}
      and request_id >= ${first}
    offset 0
  ) as calls`;
}

function laterOf(a: Date, b: Date): Date {
  return a > b ? a : b;
}
