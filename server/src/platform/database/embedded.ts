/**
 * The PostgreSQL inside: a real server as a child process, reached over a Unix socket that only its user may enter.
 * It runs in a session of its own, so that Ctrl-C ends us first and it only after we drained, and it is started again
 * at the same address if it dies.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Account, postgresAccount } from './embedded-account.ts';
import { postgresBinaries } from './embedded-binaries.ts';
import { lockDataFolder } from './embedded-lock.ts';
import { openPlace, type Place, removePlace } from './embedded-place.ts';
import { isReady, stopLeftover, stopPostmaster } from './embedded-postmaster.ts';

export interface EmbeddedOptions {
  /** Everything is kept under `<dataDir>/postgres`. */
  dataDir: string;
  log?: (line: string) => void;
  /** PostgreSQL settings that win over ours. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** For the database `sluice`; it stays the same when PostgreSQL is started again after a crash. */
  readonly url: string;
  /** The running server's process; it changes after a crash. */
  readonly pid: number;
  /** Stops PostgreSQL in good order and frees the data folder. */
  stop(): Promise<void>;
}

/** For a machine with 2 cores and little memory to spare. */
const defaultSettings: Record<string, string> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  max_connections: '100',
  shared_buffers: '64MB',
  fsync: 'on',
  wal_compression: 'on',
  max_wal_size: '512MB',
  checkpoint_timeout: '15min',
  autovacuum_naptime: '15s',
  // Compiling a plan costs more than any of our queries.
  jit: 'off',
  // A forgotten transaction keeps dead rows alive, and throughput falls to a third.
  idle_in_transaction_session_timeout: '60s',
};

const pollMs = 5;
const startMaxMs = 60_000;
const logFileMaxBytes = 10_000_000;
const databaseName = 'sluice';

/**
 * Starts the server, making the cluster on the first run.
 * @throws DataFolderInUse when another process runs on the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const dataDir = resolve(options.dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    const account = postgresAccount();
    const binaries = postgresBinaries(account, log);
    const place = openPlace(dataDir, account, log);
    const settings = { ...defaultSettings, ...options.settings };
    makeCluster(binaries, place, account);
    await stopLeftover(place.cluster, log);
    const supervised = await supervise({ binaries, place, account, settings, log });
    await ensureDatabase(place.socket);
    return {
      url: urlOf(place.socket, databaseName),
      get pid() {
        return supervised.pid();
      },
      async stop() {
        await supervised.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Stops what a killed process left running on the folder, and removes it with all its data.
 * @throws DataFolderInUse when a process runs on the folder.
 */
export async function destroyEmbeddedPostgres(dataDir: string): Promise<void> {
  const lock = lockDataFolder(dataDir);
  try {
    await stopLeftover(
      openPlace(dataDir, postgresAccount(), () => undefined).cluster,
      () => undefined,
    );
    removePlace(dataDir);
  } finally {
    lock.release();
  }
}

interface Server {
  binaries: string;
  place: Place;
  account: Account | undefined;
  settings: Record<string, string>;
  log: (line: string) => void;
}

/** Keeps one server running until `stop`. */
async function supervise(server: Server) {
  let child = await launch(server);
  let isStopping = false;
  let restarting: Promise<void> = Promise.resolve();

  const watch = () => {
    child.once('exit', () => {
      if (isStopping) return;
      restarting = relaunch();
    });
  };
  const relaunch = async () => {
    server.log('PostgreSQL ended by itself; starting it again.');
    for (let delayMs = 100; !isStopping; delayMs = Math.min(delayMs * 2, 5000)) {
      try {
        child = await launch(server);
        watch();
        return;
      } catch (error) {
        server.log(`PostgreSQL did not start again: ${(error as Error).message}`);
        await sleep(delayMs, undefined, { ref: false });
      }
    }
  };
  watch();
  return {
    pid: () => pidOf(child),
    async stop() {
      isStopping = true;
      await restarting;
      if (child.exitCode === null && child.signalCode === null) await stopPostmaster(pidOf(child));
    },
  };
}

/** Starts the server and waits until it takes connections. */
async function launch({ binaries, place, account, settings }: Server): Promise<ChildProcess> {
  for (const name of readdirSync(place.socket)) rmSync(join(place.socket, name));
  const args = Object.entries({ ...settings, unix_socket_directories: place.socket }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  const output = openLogFile(place.logFile);
  const child = spawn(join(binaries, 'postgres'), ['-D', place.cluster, ...args], {
    ...account,
    cwd: place.cluster,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + startMaxMs;
  while (!(child.pid && isReady(place.cluster, child.pid))) {
    if (failure ?? (child.exitCode !== null || child.signalCode !== null)) {
      throw new Error(`PostgreSQL did not start: ${lastLines(place.logFile)}`, { cause: failure });
    }
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw new Error(
        `PostgreSQL was not ready within ${startMaxMs / 1000} s; see ${place.logFile}.`,
      );
    }
    await sleep(pollMs);
  }
  return child;
}

/** Makes the cluster beside its place and moves it in, so that a half-made one is never started. */
function makeCluster(binaries: string, place: Place, account: Account | undefined): void {
  if (statSync(place.cluster, { throwIfNoEntry: false })) return;
  const unfinished = `${place.cluster}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const made = spawnSync(
    join(binaries, 'initdb'),
    [
      `--pgdata=${unfinished}`,
      `--username=${databaseName}`,
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { ...account, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' } },
  );
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.toString().trim();
    throw new Error(`The database could not be made in ${place.cluster}: ${reason}`);
  }
  renameSync(unfinished, place.cluster);
}

async function ensureDatabase(socket: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(socket, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [
      databaseName,
    ]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

function urlOf(socket: string, database: string): string {
  return `postgres://${databaseName}@localhost/${database}?host=${encodeURIComponent(socket)}`;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('PostgreSQL has no process.');
  return child.pid;
}

/** PostgreSQL writes to a file and not to us: it must be able to write after we were killed. */
function openLogFile(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(path, size > logFileMaxBytes ? 'w' : 'a', 0o600);
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-5).join(' | ');
}
