/**
 * The PostgreSQL inside: a real server as a child process, reached over a Unix socket in a folder that only its user
 * (and root) may enter; no port, no password. The programs come from npm.
 */
import { resolve } from 'node:path';
import pg from 'pg';
import { postgresAccount } from './embedded-account.ts';
import { postgresBinaries, reachableRoot } from './embedded-binaries.ts';
import { lockDataFolder } from './embedded-lock.ts';
import { existingPlace, openPlace, removePlace } from './embedded-place.ts';
import { isServing, stopLeftover } from './embedded-postmaster.ts';
import { makeCluster, type Server, superviseServer } from './embedded-server.ts';

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
  // Segments are used again; making a new one costs a burst of calls a tenth of its speed.
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  autovacuum_naptime: '15s',
  // Compiling a plan costs more than any of our queries.
  jit: 'off',
  // What a backup has not fetched yet is kept; beyond this, keeping on is worth more than the backup.
  max_slot_wal_keep_size: '4GB',
  // A forgotten transaction keeps dead rows alive, and throughput falls to a third.
  idle_in_transaction_session_timeout: '60s',
};

const name = 'sluice';

/**
 * Starts the server, making the cluster on the first run (1 s; later starts take 0.06 s).
 * @throws DataFolderInUse when another process runs on the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    const server = prepareServer(dataDir, options);
    makeCluster(server);
    await stopLeftover(server.place.cluster, server.log);
    const supervised = await superviseServer(server);
    await ensureDatabase(server.place.socket);
    return {
      url: urlOf(server.place.socket, name),
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

/** URL of the database that another process serves from the folder; undefined when none does. */
export function runningEmbeddedUrl(dataDir: string): string | undefined {
  const place = existingPlace(resolve(dataDir));
  return place && isServing(place.cluster) ? urlOf(place.socket, name) : undefined;
}

/**
 * Stops what a killed process left running on the folder, and removes it with all its data.
 * @throws DataFolderInUse when a process runs on the folder.
 */
export async function destroyEmbeddedPostgres(dataDir: string): Promise<void> {
  const lock = lockDataFolder(dataDir);
  try {
    const place = existingPlace(dataDir);
    if (place) await stopLeftover(place.cluster, () => undefined);
    removePlace(dataDir);
  } finally {
    lock.release();
  }
}

/** What a start needs, folders included. The caller holds the folder's lock. */
export function prepareServer(
  dataDir: string,
  { log = () => undefined, settings }: Omit<EmbeddedOptions, 'dataDir'>,
): Server {
  const account = postgresAccount();
  const copies = account ? reachableRoot : dataDir;
  return {
    binaries: postgresBinaries({ account, copies, log }),
    place: openPlace(dataDir, account, log),
    account,
    settings: { ...defaultSettings, ...settings },
    user: name,
    log,
  };
}

async function ensureDatabase(socket: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(socket, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
}

/** For the database `sluice` behind a socket. */
export function urlOfDatabase(socket: string): string {
  return urlOf(socket, name);
}

function urlOf(socket: string, database: string): string {
  return `postgres://${name}@localhost/${database}?host=${encodeURIComponent(socket)}`;
}
