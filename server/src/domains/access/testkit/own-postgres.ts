/** A database server of a test's own, with fsync, to be killed. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBulkDatabase } from '../../../platform/database/bulk.ts';
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../platform/database/embedded.ts';
import { migrate } from '../../../platform/database/migrate.ts';
import { openDatabase } from '../../../platform/database/pool.ts';
import type { TestDatabase } from '../../../platform/testkit/database.ts';

export interface OwnPostgres extends TestDatabase {
  /** Kills the server and every process of it at once; it is started again by its supervisor. */
  kill(): void;
}

export async function startOwnPostgres(
  settings: Record<string, string> = {},
): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'sluice-own-'));
  // Open to passage, so that PostgreSQL's user reaches its own folder in it.
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({ dataDir, settings });
  await migrate({ url: server.url });
  const database = openDatabase({ url: server.url });
  const bulk = openBulkDatabase({ url: server.url });
  return {
    url: server.url,
    database,
    bulk,
    kill() {
      for (const pid of [server.pid, ...childrenOf(server.pid)]) process.kill(pid, 'SIGKILL');
    },
    async close() {
      await bulk.destroy();
      await database.destroy();
      await server.stop();
      await destroyEmbeddedPostgres(dataDir);
    },
  };
}

function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([pid, ppid]) => pid !== undefined && ppid === parent)
    .map(([pid]) => pid as number);
}
