/** SQL of what befalls channels: how they are doing, and attempts that failed. */
import type { FailureReason } from '@sluice/contract/gateway';
import type { ColumnType, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { ProcessHealth } from './core/channel-health.ts';

type PoolTables = {
  gateway_channel_health: {
    channel_id: string;
    process_id: string;
    seen_at: Date;
    health: ColumnType<ProcessHealth, string, string>;
  };
  gateway_attempts: {
    id: string;
    channel_id: string;
    organization_id: string;
    request_id: string;
    model: string;
    status: number | null;
    reason: FailureReason;
    cost: bigint | null;
    currency: string;
    attempted_at: Date;
  };
};

export type AttemptRow = Selectable<PoolTables['gateway_attempts']>;
export type HealthRow = Selectable<PoolTables['gateway_channel_health']>;

const tables = (executor: Executor) => executor.withTables<PoolTables>();

/** What a process sees of its channels, in one statement. */
export async function saveHealth(
  executor: Executor,
  seen: { processId: string; at: Date; channels: readonly { id: string; health: ProcessHealth }[] },
): Promise<void> {
  await sql`
    insert into gateway_channel_health (channel_id, process_id, seen_at, health)
    select channel_id, ${seen.processId}, ${seen.at}, health
    from unnest(
      ${seen.channels.map(({ id }) => id)}::text[],
      ${seen.channels.map(({ health }) => JSON.stringify(health))}::jsonb[]
    ) as seen (channel_id, health)
    on conflict (channel_id, process_id) do update
    set seen_at = excluded.seen_at, health = excluded.health
  `.execute(executor);
}

/** What processes said of channels since an instant. */
export async function listHealth(
  executor: Executor,
  asked: { channelIds: readonly string[]; since: Date },
): Promise<HealthRow[]> {
  if (asked.channelIds.length === 0) return [];
  return tables(executor)
    .selectFrom('gateway_channel_health')
    .select(['channel_id', 'process_id', 'seen_at', 'health'])
    .where('channel_id', 'in', asked.channelIds)
    .where('seen_at', '>=', asked.since)
    .orderBy('channel_id')
    .orderBy('process_id')
    .execute();
}

export async function forgetHealth(executor: Executor, before: Date): Promise<void> {
  await tables(executor)
    .deleteFrom('gateway_channel_health')
    .where('seen_at', '<', before)
    .execute();
}

/** A statement takes 65,535 values. */
const rowsPerStatement = 1000;

export async function insertAttempts(
  executor: Executor,
  rows: readonly AttemptRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await tables(executor)
      .insertInto('gateway_attempts')
      .values(rows.slice(start, start + rowsPerStatement))
      .execute();
  }
}

/** @scope deployment: operators see what failed on a channel, whoever called. */
export async function listAttemptRows(
  executor: Executor,
  asked: { channelId: string; limit: number; before?: string | undefined },
): Promise<AttemptRow[]> {
  let query = tables(executor)
    .selectFrom('gateway_attempts')
    .select([
      'id',
      'channel_id',
      'organization_id',
      'request_id',
      'model',
      'status',
      'reason',
      'cost',
      'currency',
      'attempted_at',
    ])
    .where('channel_id', '=', asked.channelId)
    .orderBy('id', 'desc')
    .limit(asked.limit);
  if (asked.before !== undefined) query = query.where('id', '<', asked.before);
  return query.execute();
}

/**
 * Deletes up to `limit` of the oldest and answers how many those were.
 * @scope job: whatever is old enough.
 */
export async function forgetAttempts(
  executor: Executor,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from gateway_attempts
    where id in (
      select id
      from gateway_attempts
      where attempted_at < ${before}
      order by attempted_at
      limit ${limit}
    )
  `.execute(executor);
  return Number(numAffectedRows ?? 0n);
}
