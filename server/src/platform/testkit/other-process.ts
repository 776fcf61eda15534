/** A second process on a test's database, which may be killed at any of its queries. */
import { Kysely, PostgresDialect } from 'kysely';
import type { PoolClient } from 'pg';
import type { Context } from '../context.ts';
import { bulkOn } from '../database/bulk.ts';
import { openPool } from '../database/pool.ts';
import type { TestDatabase } from './database.ts';
import { type TestPlatform, testContext } from './platform.ts';

export interface OtherProcess {
  context: Context;
  /** How many queries it has sent. */
  queries(): number;
  close(): Promise<void>;
}

/** One with a fate has its connections cut at that query. */
export function startOtherProcess(
  db: TestDatabase,
  platform: TestPlatform,
  fate = { diesAtQuery: Number.POSITIVE_INFINITY },
): OtherProcess {
  const pool = openPool({ url: db.url, max: 10 });
  const bulkPool = openPool({ url: db.url, max: 2, pipeline: true });
  const queries = killAt([pool, bulkPool], fate.diesAtQuery);
  const database = new Kysely<Record<never, never>>({ dialect: new PostgresDialect({ pool }) });
  const bulk = bulkOn(bulkPool);
  return {
    context: testContext({ ...platform, database, bulk }),
    queries,
    async close() {
      await bulk.destroy();
      await database.destroy();
    },
  };
}

/** From that query on no connection gets anything through: what was not committed by then is rolled back. */
function killAt(pools: ReturnType<typeof openPool>[], query: number): () => number {
  let queries = 0;
  const spoil = (client: PoolClient) => {
    const send = client.query.bind(client) as (...sent: unknown[]) => unknown;
    const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
    const cut = (...sent: unknown[]) => {
      queries += 1;
      if (queries >= query) connection.stream.destroy();
      return send(...sent);
    };
    Object.assign(client, { query: cut });
  };
  for (const pool of pools) pool.on('connect', spoil);
  return () => queries;
}
