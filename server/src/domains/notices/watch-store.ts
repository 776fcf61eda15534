/** What a scrape asks about tellings. */
import type { NoticeChannel } from '@sluice/contract/organization-settings';
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

export interface TellingCount {
  channel: NoticeChannel;
  status: 'queued' | 'skipped' | 'unclear';
  count: bigint;
}

/**
 * Chats that wait for a try, and what was given up since an instant.
 * @scope deployment: how all tellings stand.
 */
export async function countTellings(executor: Executor, since: Date): Promise<TellingCount[]> {
  const { rows } = await sql<TellingCount>`
    select channel, 'queued' as status, count(*) as count
    from notices_tellings
    where due_at is not null
    group by channel
    union all
    select channel, status, count(*) as count
    from notices_tellings
    where created_at >= ${since} and status in ('skipped', 'unclear')
    group by channel, status
  `.execute(executor);
  return rows;
}
