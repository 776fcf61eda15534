/** What alerts and the doctor ask about channels, as the processes wrote it down. */
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface ChannelStanding {
  id: string;
  name: string;
  keys: number;
  /** The worst that a process which is still there has seen; null where none has called it lately. */
  state: string | null;
}

/** Channels that are switched on, and how they are doing by what processes wrote since an instant. */
export async function listChannelStandings(
  executor: Executor,
  since: Date,
): Promise<ChannelStanding[]> {
  const { rows } = await sql<ChannelStanding>`
    select c.id, c.name, jsonb_array_length(c.keys) as keys,
      (
        select h.health ->> 'state'
        from gateway_channel_health as h
        where h.channel_id = c.id and h.seen_at >= ${since}
        order by array_position(array['refused', 'resting', 'probing', 'healthy'], h.health ->> 'state')
        limit 1
      ) as state
    from gateway_channels as c
    where c.status = 'active'
    order by c.id
  `.execute(executor);
  return rows;
}

/**
 * Calls with an attempt that failed in a window, by id.
 * @scope deployment: a figure of the whole deployment.
 */
export async function listFailedRequests(
  executor: Executor,
  { from, to, limit }: { from: Date; to: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct request_id as id
    from gateway_attempts
    where attempted_at >= ${from}
      and attempted_at < ${to}
    limit ${limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}
