/** SQL of what was used within periods, of many organizations and meters at once. */
import { type RawBuilder, sql } from 'kysely';
import { instantArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor } from '../../platform/database/pool.ts';

/** A meter of an organization within `[from, to)`; `from` is null for all that was ever used. */
export interface PeriodAsk {
  organizationId: string;
  meterId: string;
  from: Date | null;
  to: Date;
}

export interface PeriodSums {
  total: bigint;
  maximum: bigint;
  latest: bigint;
}

/** Sums of each ask, in its place; undefined where nothing was used. */
export async function sumPeriods(
  executor: Executor,
  asks: readonly PeriodAsk[],
): Promise<(PeriodSums | undefined)[]> {
  const meter = meterOf(asks);
  const { rows } = await sql<{ place: number; total: string; maximum: bigint; latest: bigint }>`
    with spans as materialized (${spansOf(asks)}),
    parts as (
      select p.place, s.total, s.maximum, s.latest, s.latest_at
      from spans p
      join metering_quantities_daily s
        on s.organization_id = p.organization_id
        and s.meter_id = ${meter}
        and s.starts_at >= p.starts_at
        and s.starts_at < p.ends_at
      where p.grain = 'day'
      union all
      select p.place, s.total, s.maximum, s.latest, s.latest_at
      from spans p
      join metering_quantities_hourly s
        on s.organization_id = p.organization_id
        and s.meter_id = ${meter}
        and s.starts_at >= p.starts_at
        and s.starts_at < p.ends_at
      where p.grain = 'hour'
      union all
      select r.place, r.quantity, r.quantity, r.quantity, r.at
      from (${rowsOf(sql`spans`, meter)}) r
      where r.grain = 'row'
    )
    select place, sum(total)::text as total, max(maximum) as maximum,
      (array_agg(latest order by latest_at desc))[1] as latest
    from parts
    group by place
  `.execute(executor);
  return placed(asks, rows, ({ total, maximum, latest }) => ({
    ...{ total: BigInt(total), maximum, latest },
  }));
}

/** How many distinct values each ask saw: the values of whole days are kept, the rest are read off the events. */
export async function countValuesOfPeriods(
  executor: Executor,
  asks: readonly PeriodAsk[],
): Promise<bigint[]> {
  const meter = meterOf(asks);
  const { rows } = await sql<{ place: number; total: bigint }>`
    with spans as materialized (${spansOf(asks)}),
    seen as (
      select p.place, v.value
      from spans p
      join metering_unique_values v
        on v.organization_id = p.organization_id
        and v.meter_id = ${meter}
        and v.starts_at >= p.starts_at
        and v.starts_at < p.ends_at
      where p.grain = 'day'
      union
      select p.place, e.value
      from spans p
      join metering_events e
        on e.organization_id = p.organization_id
        and e.meter_id = ${meter}
        and e.occurred_at >= p.starts_at
        and e.occurred_at < p.ends_at
      where p.grain <> 'day'
        and e.superseded_by is null
        and e.value is not null
    )
    select place, count(*) as total
    from seen
    group by place
  `.execute(executor);
  return placed(asks, rows, ({ total }) => total).map((total) => total ?? 0n);
}

/** What was added within each ask, times the microseconds that were left of it. */
export async function weighPeriods(
  executor: Executor,
  asks: readonly PeriodAsk[],
): Promise<bigint[]> {
  const meter = meterOf(asks);
  const { rows } = await sql<{ place: number; weighed: string }>`
    with spans as materialized (
      select a.place::integer as place, a.organization_id, a.starts_at, a.ends_at
      from ${asksTable(asks)}
    ),
    parts as (${rowsOf(sql`(select *, 'row' as grain from spans)`, meter)})
    select p.place, trunc(sum(p.quantity * extract(epoch from s.ends_at - p.at) * 1000000))::text as weighed
    from parts p
    join spans s on s.place = p.place
    group by p.place
  `.execute(executor);
  return placed(asks, rows, ({ weighed }) => BigInt(weighed)).map((weighed) => weighed ?? 0n);
}

/** What calls of models used within a period. */
export interface CallSums {
  calls: bigint;
  inputTokens: bigint;
  cachedInputTokens: bigint;
  cacheWriteTokens: bigint;
  outputTokens: bigint;
  reasoningTokens: bigint;
  amount: bigint;
}

/** Sums of calls of models of each ask, in its place. */
export async function sumCallsOfPeriods(
  executor: Executor,
  asks: readonly Omit<PeriodAsk, 'meterId'>[],
): Promise<(CallSums | undefined)[]> {
  const tokens = (alias: string) =>
    sql.raw(
      tokenColumns
        .map((column) => `${alias}.${column}`)
        .concat(`${alias}.amount`)
        .join(', '),
    );
  const sums = sql.raw(tokenColumns.map((name) => `sum(${name})::text as ${name}`).join(', '));
  const { rows } = await sql<{ place: number } & Record<string, string>>`
    with spans as materialized (${spansOf(asks)}),
    parts as (
      select p.place, s.calls, ${tokens('s')}
      from spans p
      join metering_calls_daily s
        on s.organization_id = p.organization_id
        and s.starts_at >= p.starts_at
        and s.starts_at < p.ends_at
      where p.grain = 'day'
        and s.model <> ''
      union all
      select p.place, s.calls, ${tokens('s')}
      from spans p
      join metering_calls_hourly s
        on s.organization_id = p.organization_id
        and s.starts_at >= p.starts_at
        and s.starts_at < p.ends_at
      where p.grain = 'hour'
        and s.model <> ''
      union all
      select p.place, 1, ${tokens('u')}
      from spans p
      join metering_usage u on ${isWithin('u')}
      where p.grain = 'row'
        and u.model is not null
    )
    select place, sum(calls)::text as calls, ${sums}, sum(amount)::text as amount
    from parts
    group by place
  `.execute(executor);
  return placed(asks, rows, (row) => {
    const read = (column: string) => BigInt(row[column] ?? 0);
    return {
      calls: read('calls'),
      inputTokens: read('input_tokens'),
      cachedInputTokens: read('cached_input_tokens'),
      cacheWriteTokens: read('cache_write_tokens'),
      outputTokens: read('output_tokens'),
      reasoningTokens: read('reasoning_tokens'),
      amount: read('amount'),
    };
  });
}

const tokenColumns = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
];

/** Each event's quantity within a period, in the order of their happening. */
export async function listEventQuantities(executor: Executor, ask: PeriodAsk): Promise<bigint[]> {
  const { rows } = await sql<{ quantity: bigint }>`
    with spans as (
      select a.place::integer as place, a.organization_id, a.starts_at, a.ends_at, 'row' as grain
      from ${asksTable([ask])}
    )
    select r.quantity
    from (${rowsOf(sql`spans`, sql`${ask.meterId}`)}) r
    order by r.at, r.received_at, r.id
  `.execute(executor);
  return rows.map(({ quantity }) => quantity);
}

/** The same of a meter that calls of models move, from their receipts. */
export async function listCallQuantities(
  executor: Executor,
  { meterId, ...ask }: PeriodAsk,
): Promise<bigint[]> {
  const { rows } = await sql<{ quantity: bigint }>`
    with spans as (
      select a.place::integer as place, a.organization_id, a.starts_at, a.ends_at
      from ${asksTable([ask])}
    )
    select
      case ${meterId}::text
        when 'mtr_requests' then 1
        when 'mtr_tokens' then u.input_tokens + u.output_tokens
        else u.amount
      end as quantity
    from spans p
    join metering_usage u on ${isWithin('u')}
    where u.model is not null
    order by u.authorized_at, u.request_id
  `.execute(executor);
  return rows.map(({ quantity }) => quantity);
}

/** Events that stand, and what calls used of the meter, within spans. */
function rowsOf(spans: RawBuilder<unknown>, meter: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select p.place, p.grain, e.quantity, e.occurred_at as at, e.received_at, e.key::text as id
    from ${spans} p
    join metering_events e
      on e.organization_id = p.organization_id
      and e.meter_id = ${meter}
      and e.occurred_at >= p.starts_at
      and e.occurred_at < p.ends_at
    where e.superseded_by is null
    union all
    select p.place, p.grain, m.quantity, u.authorized_at, u.recorded_at, u.request_id
    from ${spans} p
    join metering_usage u on ${isWithin('u')}
    cross join unnest(u.meter_ids, u.quantities) as m (meter_id, quantity)
    where u.meter_ids is not null
      and m.meter_id = ${meter}
  `;
}

/** An id of a call is made at most an hour before the instant that the call belongs to. */
function isWithin(usage: string): RawBuilder<unknown> {
  return sql.raw(`${usage}.organization_id = p.organization_id
        and ${usage}.request_id >= metering_id_at('req', p.starts_at - interval '1 hour')
        and ${usage}.request_id < metering_id_at('req', p.ends_at + interval '1 hour')
        and ${usage}.authorized_at >= p.starts_at
        and ${usage}.authorized_at < p.ends_at`);
}

type Bounds = Omit<PeriodAsk, 'meterId'>;

function spansOf(asks: readonly Bounds[]): RawBuilder<unknown> {
  return sql`
    select s.place, s.organization_id, s.grain, s.starts_at, s.ends_at
    from metering_period_spans(${organizationsOf(asks)}, ${beginningsOf(asks)}, ${endsOf(asks)}) s
  `;
}

function asksTable(asks: readonly Bounds[]): RawBuilder<unknown> {
  return sql`unnest(${organizationsOf(asks)}, ${beginningsOf(asks)}, ${endsOf(asks)})
    with ordinality as a (organization_id, starts_at, ends_at, place)`;
}

const meterOf = (asks: readonly PeriodAsk[]) =>
  sql`(${textArray(asks.map(({ meterId }) => meterId))}::text[])[p.place]`;
const organizationsOf = (asks: readonly Bounds[]) =>
  sql`${textArray(asks.map(({ organizationId }) => organizationId))}::text[]`;
const endsOf = (asks: readonly Bounds[]) =>
  sql`${instantArray(asks.map(({ to }) => to))}::timestamptz[]`;

function beginningsOf(asks: readonly Bounds[]): RawBuilder<unknown> {
  const texts = asks.map(({ from }) => (from === null ? '-infinity' : from.toISOString()));
  return sql`${`{${texts.join(',')}}`}::timestamptz[]`;
}

function placed<R extends { place: number }, T>(
  asks: readonly unknown[],
  rows: readonly R[],
  read: (row: R) => T,
): (T | undefined)[] {
  const found = new Map(rows.map((row) => [row.place, read(row)]));
  return asks.map((_ask, index) => found.get(index + 1));
}
