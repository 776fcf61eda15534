/** SQL of the channels; `pool-store.ts` has that of what befalls them. */
import type { ColumnType, Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

/** A key of an upstream account as it is kept. */
export interface StoredKey {
  id: string;
  /** For its channel's row only. */
  sealed: string;
  /** How it begins; null for keys from before that was kept. */
  prefix: string | null;
  created_at: string;
}

/** What an upstream charges: decimals as the operator wrote them. */
export type StoredCost =
  | { factor: string }
  | { prices: Record<string, Partial<Record<string, string>> & { input: string; output: string }> };

type Json<T> = ColumnType<T, string, string>;

type GatewayTables = {
  gateway_channels: {
    id: string;
    name: string;
    dialect: 'openai' | 'anthropic' | 'gemini';
    base_url: string;
    keys: Json<StoredKey[]>;
    models: string[];
    aliases: Json<Record<string, string>>;
    weight: number;
    priority: number;
    concurrency: number | null;
    sealed_proxy_url: string | null;
    cost: ColumnType<StoredCost | null, string | null, string | null>;
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
  'keys',
  'models',
  'aliases',
  'weight',
  'priority',
  'concurrency',
  'sealed_proxy_url',
  'cost',
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
    .values({ ...row, ...jsonOf(row) })
    .execute();
}

export async function replaceChannelRow(executor: Executor, row: ChannelRow): Promise<void> {
  const { id, created_at: _, ...changes } = row;
  await tables(executor)
    .updateTable('gateway_channels')
    .set({ ...changes, ...jsonOf(row) })
    .where('id', '=', id)
    .execute();
}

function jsonOf({ keys, aliases, cost }: ChannelRow) {
  return {
    keys: JSON.stringify(keys),
    aliases: JSON.stringify(aliases),
    cost: cost === null ? null : JSON.stringify(cost),
  };
}

export async function deleteChannelRow(executor: Executor, id: string): Promise<void> {
  await tables(executor).deleteFrom('gateway_channels').where('id', '=', id).execute();
}
