/** What alerts ask about calls and quotas: figures of the whole deployment over a short time. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { idAt, instantOf } from '../../platform/ids.ts';

interface Window {
  from: Date;
  to: Date;
}

/** Of more calls than these only the newest are looked at: enough for a share and a percentile, and quick to read. */
const callsMax = 20_000;

export interface RecentCalls {
  calls: bigint;
  failed: bigint;
  /** Until the answer began: to its first token, or to the whole of one that is no stream. */
  responseP95Ms: number | null;
  durationP95Ms: number | null;
  /** From when on they were looked at. */
  since: Date;
}

/**
 * Calls that began in a window, by what their receipts say.
 * @scope deployment: a figure of the whole deployment.
 */
export async function measureRecentCalls(
  executor: Executor,
  { from, to }: Window,
): Promise<RecentCalls> {
  const { rows } = await sql<{
    calls: bigint;
    failed: bigint;
    response: number | null;
    duration: number | null;
    first: string | null;
  }>`
    select count(*) as calls,
      count(*) filter (where outcome = 'upstream_error') as failed,
      percentile_disc(0.95) within group (order by coalesce(first_token_ms, latency_ms)) as response,
      percentile_disc(0.95) within group (order by latency_ms) as duration,
      min(request_id) as first
    from (
      select request_id, outcome, first_token_ms, latency_ms
      from metering_usage
      where request_id >= ${idAt('req', from)}
        and request_id < ${idAt('req', to)}
      order by request_id desc
      limit ${callsMax}
    ) as recent
  `.execute(executor);
  const row = rows[0];
  const calls = row?.calls ?? 0n;
  const isCut = calls === BigInt(callsMax) && row?.first;
  return {
    calls,
    failed: row?.failed ?? 0n,
    responseP95Ms: row?.response ?? null,
    durationP95Ms: row?.duration ?? null,
    since: isCut ? instantOf(isCut) : from,
  };
}

/**
 * How many of these requests have a receipt.
 * @scope deployment: a figure of the whole deployment.
 */
export async function countReceiptsOf(
  executor: Executor,
  requestIds: readonly string[],
): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from metering_usage
    where request_id = any(${[...requestIds]}::text[])
  `.execute(executor);
  return rows[0]?.count ?? 0n;
}

/**
 * Windows of quotas that were used up in a time, each counted once.
 * @scope deployment: a figure of the whole deployment.
 */
export async function countUsedUpQuotas(executor: Executor, { from, to }: Window): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count
    from metering_violations
    where id >= ${idAt('vio', from)}
      and id < ${idAt('vio', to)}
  `.execute(executor);
  return rows[0]?.count ?? 0n;
}

export interface HourTotals {
  calls: bigint;
  amount: bigint;
  shortfall: bigint;
}

/**
 * Sums of whole hours, in the usage currency.
 * @scope deployment: a figure of the whole deployment.
 */
export async function sumHours(
  executor: Executor,
  { from, to, currency }: Window & { currency: string },
): Promise<HourTotals> {
  const { rows } = await sql<HourTotals>`
    select coalesce(sum(calls), 0)::bigint as calls,
      coalesce(sum(amount) filter (where currency = ${currency}), 0)::bigint as amount,
      coalesce(sum(shortfall) filter (where currency = ${currency}), 0)::bigint as shortfall
    from metering_calls_hourly
    where starts_at >= ${from}
      and starts_at < ${to}
  `.execute(executor);
  return rows[0] ?? { calls: 0n, amount: 0n, shortfall: 0n };
}
