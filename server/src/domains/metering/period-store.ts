/** SQL of what was used within periods, of many organizations and meters at once; the queries are stored functions. */
import { sql } from 'kysely';
import { instantArray, textArray } from '../../platform/database/array-literal.ts';
import type { Executor } from '../../platform/database/pool.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';

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
  const { rows } = await sql<{ place: number; total: string; maximum: bigint; latest: bigint }>`
    select place, total, maximum, latest
    from ${storedFunction('metering_sum_periods')}(${periodsOf(asks)})
  `.execute(executor);
  return placed(asks, rows, ({ total, maximum, latest }) => ({
    ...{ total: BigInt(total), maximum, latest },
  }));
}

/** How many distinct values each ask saw. */
export async function countValuesOfPeriods(
  executor: Executor,
  asks: readonly PeriodAsk[],
): Promise<bigint[]> {
  const { rows } = await sql<{ place: number; total: bigint }>`
    select place, total
    from ${storedFunction('metering_count_values_of_periods')}(${periodsOf(asks)})
  `.execute(executor);
  return placed(asks, rows, ({ total }) => total).map((total) => total ?? 0n);
}

/** What was added within each ask, times the microseconds that were left of it. */
export async function weighPeriods(
  executor: Executor,
  asks: readonly PeriodAsk[],
): Promise<bigint[]> {
  const { rows } = await sql<{ place: number; weighed: string }>`
    select place, weighed
    from ${storedFunction('metering_weigh_periods')}(${periodsOf(asks)})
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

interface CallSumsRow {
  place: number;
  calls: string;
  input_tokens: string;
  cached_input_tokens: string;
  cache_write_tokens: string;
  output_tokens: string;
  reasoning_tokens: string;
  amount: string;
}

/** Sums of calls of models of each ask, in its place. */
export async function sumCallsOfPeriods(
  executor: Executor,
  asks: readonly Omit<PeriodAsk, 'meterId'>[],
): Promise<(CallSums | undefined)[]> {
  const { rows } = await sql<CallSumsRow>`
    select place, calls, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
      amount
    from ${storedFunction('metering_sum_calls_of_periods')}(${organizationsOf(asks)}, ${boundsOf(asks)})
  `.execute(executor);
  return placed(asks, rows, (row) => ({
    calls: BigInt(row.calls),
    inputTokens: BigInt(row.input_tokens),
    cachedInputTokens: BigInt(row.cached_input_tokens),
    cacheWriteTokens: BigInt(row.cache_write_tokens),
    outputTokens: BigInt(row.output_tokens),
    reasoningTokens: BigInt(row.reasoning_tokens),
    amount: BigInt(row.amount),
  }));
}

/** Each event's quantity within a period, in the order of their happening. */
export async function listEventQuantities(
  executor: Executor,
  { organizationId, meterId, from, to }: PeriodAsk & { from: Date },
): Promise<bigint[]> {
  const { rows } = await sql<{ quantity: bigint }>`
    select quantity
    from ${storedFunction('metering_list_period')}(${organizationId}, ${meterId}, ${from}, ${to})
  `.execute(executor);
  return rows.map(({ quantity }) => quantity);
}

/** The same of a meter that calls of models move, from their receipts. */
export async function listCallQuantities(
  executor: Executor,
  { organizationId, meterId, from, to }: PeriodAsk & { from: Date },
): Promise<bigint[]> {
  const { rows } = await sql<{ quantity: bigint }>`
    select
      case ${meterId}::text
        when 'mtr_requests' then 1
        when 'mtr_tokens' then u.input_tokens + u.output_tokens
        else u.amount
      end as quantity
    from metering_usage u
    where u.organization_id = ${organizationId}
      and u.request_id >= ${storedFunction('metering_id_at')}('req', ${from}::timestamptz - interval '1 hour')
      and u.request_id < ${storedFunction('metering_id_at')}('req', ${to}::timestamptz + interval '1 hour')
      and u.authorized_at >= ${from}
      and u.authorized_at < ${to}
      and u.model is not null
    order by u.authorized_at, u.request_id
  `.execute(executor);
  return rows.map(({ quantity }) => quantity);
}

type Bounds = Omit<PeriodAsk, 'meterId'>;

function periodsOf(asks: readonly PeriodAsk[]) {
  const meters = textArray(asks.map(({ meterId }) => meterId));
  return sql`${organizationsOf(asks)}, ${meters}::text[], ${boundsOf(asks)}`;
}

function organizationsOf(asks: readonly Bounds[]) {
  return sql`${textArray(asks.map(({ organizationId }) => organizationId))}::text[]`;
}

function boundsOf(asks: readonly Bounds[]) {
  const beginnings = asks.map(({ from }) => (from === null ? '-infinity' : from.toISOString()));
  const ends = instantArray(asks.map(({ to }) => to));
  return sql`${`{${beginnings.join(',')}}`}::timestamptz[], ${ends}::timestamptz[]`;
}

function placed<R extends { place: number }, T>(
  asks: readonly unknown[],
  rows: readonly R[],
  read: (row: R) => T,
): (T | undefined)[] {
  const found = new Map(rows.map((row) => [row.place, read(row)]));
  return asks.map((_ask, index) => found.get(index + 1));
}
