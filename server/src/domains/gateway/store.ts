/** All SQL of the gateway. */
import type { ColumnType, Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

type GatewayTables = {
  gateway_channels: {
    id: string;
    name: string;
    dialect: 'openai' | 'anthropic' | 'gemini';
    base_url: string;
    sealed_api_key: string;
    models: string[];
    aliases: ColumnType<Record<string, string>, string, string>;
    weight: number;
    priority: number;
    concurrency: number | null;
    status: 'active' | 'disabled';
    created_at: Date;
    updated_at: Date;
  };
};

export type ChannelRow = Selectable<GatewayTables['gateway_channels']>;

const columns = [
  'id',
  'name',
  'dialect',
  'base_url',
  'sealed_api_key',
  'models',
  'aliases',
  'weight',
  'priority',
  'concurrency',
  'status',
  'created_at',
  'updated_at',
] as const;

const tables = (executor: Executor) => executor.withTables<GatewayTables>();

/** Where a page of channels goes on: the order is that in which they are tried. */
export interface ChannelCursor {
  priority: number;
  id: string;
}

export async function listChannelRows(
  executor: Executor,
  page: { limit: number; after?: ChannelCursor | undefined },
): Promise<ChannelRow[]> {
  let query = tables(executor)
    .selectFrom('gateway_channels')
    .select(columns)
    .orderBy('priority', 'desc')
    .orderBy('id')
    .limit(page.limit);
  const { after } = page;
  if (after) {
    query = query.where(({ eb, and, or }) =>
      or([
        eb('priority', '<', after.priority),
        and([eb('priority', '=', after.priority), eb('id', '>', after.id)]),
      ]),
    );
  }
  return query.execute();
}

/** Channels that a process keeps at most; an installation has tens. */
const activeChannelsMax = 5000;

/** Every channel that may be called: read as a whole into each process. */
export async function loadActiveChannels(executor: Executor): Promise<ChannelRow[]> {
  return tables(executor)
    .selectFrom('gateway_channels')
    .select(columns)
    .where('status', '=', 'active')
    .orderBy('priority', 'desc')
    .orderBy('id')
    .limit(activeChannelsMax)
    .execute();
}

export async function findChannelRow(
  executor: Executor,
  id: string,
): Promise<ChannelRow | undefined> {
  return tables(executor)
    .selectFrom('gateway_channels')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function lockChannelRow(
  executor: Executor,
  id: string,
): Promise<ChannelRow | undefined> {
  return tables(executor)
    .selectFrom('gateway_channels')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export async function insertChannelRow(executor: Executor, row: ChannelRow): Promise<void> {
  await tables(executor)
    .insertInto('gateway_channels')
    .values({ ...row, aliases: JSON.stringify(row.aliases) })
    .execute();
}

export async function replaceChannelRow(executor: Executor, row: ChannelRow): Promise<void> {
  const { id, created_at: _, aliases, ...changes } = row;
  await tables(executor)
    .updateTable('gateway_channels')
    .set({ ...changes, aliases: JSON.stringify(aliases) })
    .where('id', '=', id)
    .execute();
}

export async function deleteChannelRow(executor: Executor, id: string): Promise<void> {
  await tables(executor).deleteFrom('gateway_channels').where('id', '=', id).execute();
}
