/** SQL of how much of quotas is used, for those who ask; calls read the same within their functions. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface CounterState {
  used: bigint;
  reserved: bigint;
  /** Null: never. */
  resetsAt: Date | null;
}

/** What the windows that are open at an instant have counted, by quota; nothing where no call has opened one. */
export async function findCounters(
  executor: Executor,
  quotaIds: readonly string[],
  at: Date,
): Promise<Map<string, CounterState>> {
  const { rows } = await sql<{
    id: string;
    used: bigint;
    reserved: bigint;
    resets_at: Date | null;
  }>`
    select q.id, coalesce(c.used, 0) as used, coalesce(c.reserved, 0) as reserved,
      nullif(coalesce(c.resets_at, w.resets_at), 'infinity') as resets_at
    from entitlements_quotas q
    cross join lateral metering_window(q."window", q.anchor_at, q.time_zone, ${at}) w
    left join lateral (
      select used, reserved, resets_at
      from metering_counters
      where quota_id = q.id
        and window_from <= ${at}
        and resets_at > ${at}
      order by window_from desc
      limit 1
    ) c on true
    where q.id = any(${[...quotaIds]}::text[])
  `.execute(executor);
  return new Map(
    rows.map(({ id, used, reserved, resets_at }) => [id, { used, reserved, resetsAt: resets_at }]),
  );
}
