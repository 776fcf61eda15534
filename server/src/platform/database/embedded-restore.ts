/**
 * Puts a restored cluster in the place of the embedded one. It is filled and recovered beside the old one, which stays;
 * only then the names change, so that a crash at any line leaves either the old database or the new one.
 */
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { prepareServer, urlOfDatabase } from './embedded.ts';
import { type Account, postgresAccount } from './embedded-account.ts';
import { lockDataFolder } from './embedded-lock.ts';
import { stopLeftover, stopPostmaster } from './embedded-postmaster.ts';
import { lastLines, launch, restoredBeside, type Server } from './embedded-server.ts';

/** There is a database already. */
export class DatabaseInPlace extends Error {}

export interface EmbeddedRestore<T> {
  dataDir: string;
  log: (line: string) => void;
  /** Whether a database that is there may be put aside. */
  replace: boolean;
  /** Part of the name under which the old one stays. */
  stamp: string;
  /** Settings under which PostgreSQL recovers what `fill` laid down. */
  recovery: Record<string, string>;
  /** Puts the files there, and tells each path. */
  fill(cluster: string, made: (path: string) => void): Promise<void>;
  /** Looks at the recovered database while it runs, before it is in place. */
  look(url: string, lastCommit: Date | null): Promise<T>;
}

/** So long a recovery may take: it reads all that was written since the copy. */
const recoveryMaxMs = 24 * 3_600_000;

/**
 * @throws DataFolderInUse when a server runs on the folder, DatabaseInPlace when there is a database and `replace` is not set.
 */
export async function restoreEmbedded<T>(
  options: EmbeddedRestore<T>,
): Promise<{ looked: T; keptIn: string | undefined }> {
  const dataDir = resolve(options.dataDir);
  const lock = lockDataFolder(dataDir);
  try {
    const server = prepareServer(dataDir, options);
    const { cluster } = server.place;
    if (existsSync(cluster) && !options.replace) {
      throw new DatabaseInPlace(
        `There is a database in ${dataDir}: pass --replace, which keeps it beside, or set SLUICE_DATA_DIR to another folder.`,
      );
    }
    await stopLeftover(cluster, server.log);
    const restoring = `${cluster}.restoring`;
    const looked = await recoverBeside(
      { ...server, place: { ...server.place, cluster: restoring }, startMaxMs: recoveryMaxMs },
      options,
    );
    return { looked, keptIn: putInPlace(cluster, restoring, options.stamp) };
  } finally {
    lock.release();
  }
}

async function recoverBeside<T>(server: Server, options: EmbeddedRestore<T>): Promise<T> {
  const { account, place } = server;
  await stopLeftover(place.cluster, server.log);
  rmSync(place.cluster, { recursive: true, force: true });
  const own = ownerOf(account);
  mkdirSync(place.cluster, { mode: 0o700 });
  own(place.cluster);
  await options.fill(place.cluster, own);
  const signal = join(place.cluster, 'recovery.signal');
  writeFileSync(signal, '', { mode: 0o600 });
  own(signal);
  const child = await recover(server, options.recovery);
  try {
    const url = urlOfDatabase(place.socket);
    return await options.look(url, await readLastCommit(url));
  } finally {
    if (child.pid !== undefined) await stopPostmaster(child.pid);
  }
}

/** It stays what it was when the recovery ended, until the server is started again. */
async function readLastCommit(url: string): Promise<Date | null> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select pg_last_xact_replay_timestamp() as at');
    return rows[0].at;
  } finally {
    await client.end();
  }
}

/** PostgreSQL has no exit code for it, only its sentence. */
const nothingLater = 'recovery ended before configured recovery target was reached';

/** Where nothing was committed after the target, PostgreSQL takes the log's end for a mistake; all of it is wanted then. */
async function recover(server: Server, recovery: Record<string, string>) {
  // A standby that answers questions would need as many connections as the original had.
  const settings: Record<string, string> = {
    ...server.settings,
    hot_standby: 'off',
    ...recovery,
  };
  try {
    return await launch({ ...server, settings });
  } catch (error) {
    if (!lastLines(server.place.logFile).includes(nothingLater)) throw error;
    const { recovery_target_time: _time, ...rest } = settings;
    return launch({ ...server, settings: rest });
  }
}

function putInPlace(cluster: string, restoring: string, stamp: string): string | undefined {
  const restored = restoredBeside(cluster);
  // A start that finds this name and no cluster finishes the change of names.
  renameSync(restoring, restored);
  const kept = existsSync(cluster) ? `${cluster}.before-${stamp}` : undefined;
  if (kept) renameSync(cluster, kept);
  renameSync(restored, cluster);
  return kept;
}

/** What we write as root must belong to PostgreSQL's user. */
export function ownerOf(account: Account | undefined = postgresAccount()): (path: string) => void {
  return (path) => {
    if (account) chownSync(path, account.uid, account.gid);
  };
}
