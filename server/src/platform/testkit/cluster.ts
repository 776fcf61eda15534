/** One database server for a whole test run, in a temporary folder, with a migrated database to clone from. */
import { chmodSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import {
  destroyEmbeddedPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../database/embedded.ts';
import { DataFolderInUse } from '../database/embedded-lock.ts';
import { removePlace } from '../database/embedded-place.ts';
import { sendSignal } from '../database/embedded-postmaster.ts';
import { migrate } from '../database/migrate.ts';
import { databaseUrl } from './database-url.ts';

const prefix = 'sluice-test-';

declare module 'vitest' {
  interface ProvidedContext {
    /** The test run's server; a URL of its database `postgres`. */
    testCluster: string;
  }
}

/** Called by vitest before the first test; the function it answers is called after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  // Open to passage, so that PostgreSQL's user reaches its own folder in it.
  chmodSync(dataDir, 0o711);
  const server = await startEmbeddedPostgres({
    dataDir,
    // These data live for minutes. Tests of crashes start a server of their own, with fsync.
    settings: { fsync: 'off', full_page_writes: 'off', autovacuum: 'off', max_connections: '200' },
  });
  const stopAtExit = () => killNow(server, dataDir);
  process.once('exit', stopAtExit);
  const admin = databaseUrl(server.url, 'postgres');
  await makeTemplate(admin);
  project.provide('testCluster', admin);
  return async () => {
    await server.stop();
    removePlace(dataDir);
    process.off('exit', stopAtExit);
  };
}

async function makeTemplate(admin: string): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  await client.query('create database sluice_template');
  await client.end();
  await migrate({ url: databaseUrl(admin, 'sluice_template') });
}

/** An interrupted run gets no teardown, and at exit nothing can be waited for. */
function killNow(server: EmbeddedPostgres, dataDir: string): void {
  sendSignal(server.pid, 'SIGKILL');
  removePlace(dataDir);
}

/** Runs that were killed left their folder, and perhaps their server. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    await destroyEmbeddedPostgres(join(realpathSync(tmpdir()), name)).catch((error) => {
      if (!(error instanceof DataFolderInUse)) throw error;
    });
  }
}
