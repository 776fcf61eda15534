/**
 * Long reads and a true streaming replica, made from a backup: it keeps up, lags, catches up, and dies. And a data folder
 * for a PostgreSQL that somebody else starts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  destroyEmbeddedPostgres,
  type EmbeddedPostgres,
  prepareServer,
  startEmbeddedPostgres,
  urlOfDatabase,
} from '../../platform/database/embedded.ts';
import { ownerOf } from '../../platform/database/embedded-restore.ts';
import { type Database, openDatabase } from '../../platform/database/pool.ts';
import { openReplica, type Replica } from '../../platform/database/replica.ts';
import { createLog } from '../../platform/log.ts';
import { makeBaseBackup } from './base-backup.ts';
import { fillCluster, leaveRecovery, planRestore, type RestorePlan } from './restore-plan.ts';

const lagMaxMs = 5000;
/** Longer than one look at the replica counts, and than it may lag. */
const later = 20_000;

let root: string;
let server: EmbeddedPostgres;
let primary: Database;
let standby: ChildProcess;
let folder: string;
const started: ChildProcess[] = [];
let atStandby: Database;
let replica: Replica;
let offsetMs = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'sluice-standby-'));
  chmodSync(root, 0o711);
  server = await startEmbeddedPostgres({ dataDir: join(root, 'data') });
  primary = openDatabase({ url: server.url });
  await sql`create table numbers (value int not null)`.execute(primary);
  folder = join(root, 'backups');
  const auditDir = join(root, 'audit');
  await makeBaseBackup({ url: server.url, folder, origin: 'embedded', keyId: 'key', auditDir });
  const host = new URL(server.url).searchParams.get('host');
  const url = await startOn('standby', {
    settings: { primary_conninfo: `host=${host} user=sluice` },
    prepare: async (_plan, cluster) => writeFileSync(join(cluster, 'standby.signal'), ''),
  });
  [standby] = started as [ChildProcess];
  atStandby = openDatabase({ url, max: 2 });
  replica = openReplica({
    primary,
    url,
    lagMaxMs,
    log: createLog('silent'),
    now: () => new Date(Date.now() + offsetMs),
  });
});
afterAll(async () => {
  await replica?.close();
  await atStandby?.destroy();
  await primary?.destroy();
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGINT');
    await once(child, 'exit');
  }
  await server?.stop();
  await destroyEmbeddedPostgres(join(root, 'data'));
  rmSync(root, { recursive: true, force: true });
});

interface Starting {
  settings: Record<string, string>;
  prepare(plan: RestorePlan, cluster: string): Promise<void>;
}

/** A PostgreSQL of its own on what a backup holds; it does by itself what the files and settings say. */
async function startOn(name: string, { settings: own, prepare }: Starting): Promise<string> {
  const dataDir = join(root, name);
  mkdirSync(dataDir);
  const { account, binaries, place, settings } = prepareServer(dataDir, {});
  const give = ownerOf(account);
  mkdirSync(place.cluster, { mode: 0o700 });
  give(place.cluster);
  const plan = await planRestore(folder, undefined);
  await fillCluster(plan, place.cluster, give);
  await prepare(plan, place.cluster);
  for (const file of readdirSync(place.cluster)) give(join(place.cluster, file));
  const all = { ...settings, unix_socket_directories: place.socket, ...own };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(binaries, 'postgres'), ['-D', place.cluster, ...args], {
    ...account,
    cwd: place.cluster,
    stdio: 'ignore',
  });
  started.push(child);
  return urlOfDatabase(place.socket);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo().catch(() => false)); tries += 1) {
    if (tries > 300) throw new Error(`Not so in time: ${isSo}`);
    await sleep(100);
  }
}

async function add(value: number): Promise<void> {
  await sql`insert into numbers (value) values (${value})`.execute(primary);
}

async function countAt(database: Database): Promise<bigint> {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from numbers`.execute(
    database,
  );
  return rows[0]?.count ?? -1n;
}

const isAtStandby = () =>
  replica.read(async (transaction) => {
    const { rows } = await sql<{ there: boolean }>`select pg_is_in_recovery() as there`.execute(
      transaction,
    );
    return rows[0]?.there;
  });

describe('a streaming replica', () => {
  test('answers long reads while it keeps up', async () => {
    await add(1);
    await until(async () => (await countAt(atStandby)) === 1n);
    expect(await isAtStandby()).toBe(true);
    expect(await countAt(await replica.choose())).toBe(1n);
  });

  test('is left alone while it lags, and used again when it has caught up', async () => {
    await sql`select pg_wal_replay_pause()`.execute(atStandby);
    await add(2);
    offsetMs += later;
    expect(await isAtStandby()).toBe(false);
    expect(await replica.problem()).toMatch(/it lags by \d+ seconds/);
    expect(await countAt(await replica.choose())).toBe(2n);

    await sql`select pg_wal_replay_resume()`.execute(atStandby);
    await until(async () => (await countAt(atStandby)) === 2n);
    offsetMs += later;
    expect(await isAtStandby()).toBe(true);
  });

  test('does not lag for want of anything to replay', async () => {
    offsetMs += 3_600_000;
    expect(await replica.problem()).toBeUndefined();
  });

  test('is missed by nobody when it dies', async () => {
    expect(await isAtStandby()).toBe(true);
    standby.kill('SIGQUIT');
    await once(standby, 'exit');
    expect(await isAtStandby()).toBe(false);
    expect(await replica.problem()).toBeDefined();
  });
});

describe('a data folder for a PostgreSQL of one’s own', () => {
  test('recovers by itself when it is started', async () => {
    const url = await startOn('own', { settings: {}, prepare: leaveRecovery });
    const database = openDatabase({ url, max: 1 });
    try {
      await until(async () => {
        const { rows } = await sql<{ recovering: boolean }>`
          select pg_is_in_recovery() as recovering
        `.execute(database);
        return rows[0]?.recovering === false;
      });
      expect(await countAt(database)).toBe(0n);
    } finally {
      await database.destroy();
    }
  });
});
