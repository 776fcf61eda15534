/**
 * Where the embedded database keeps its files: under the data folder, or, where PostgreSQL's user cannot reach that
 * (a clone below a 0700 folder), beside the system's other data with a link from the data folder. The name there is
 * random, so that removing `.sluice/` and starting again never finds the old data.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Account, succeedsAs } from './embedded-account.ts';
import { postgresMajor, reachableRoot } from './embedded-binaries.ts';

export interface Place {
  /** PostgreSQL's own folder; it exists once the cluster was made. */
  cluster: string;
  /** Folder of the Unix socket, which only PostgreSQL's user (and root) may enter. */
  socket: string;
  /** What PostgreSQL says. */
  logFile: string;
}

/** A socket's path has at most 103 bytes on macOS and 107 on Linux, the file's name included. */
const socketFolderMax = 85;

/** Finds or makes the folders, owned by the account. The caller holds the folder's lock. */
export function openPlace(
  dataDir: string,
  account: Account | undefined,
  log: (line: string) => void,
): Place {
  const link = join(dataDir, 'postgres');
  if (!present(link)) makeHome(link, account, log);
  if (!existsSync(link)) {
    throw new Error(
      `The database was kept in ${readlinkSync(link)}, which is gone: bring it back, or remove ${link} to start afresh.`,
    );
  }
  const home = realpathSync(link);
  makeSocketFolder(home, account);
  const place = placeAt(home);
  requireVersion(place.cluster);
  return place;
}

/** The folders as an earlier run made them. */
export function existingPlace(dataDir: string): Place | undefined {
  const link = join(dataDir, 'postgres');
  return existsSync(join(link, 'socket')) ? placeAt(realpathSync(link)) : undefined;
}

/** Removes the database with all it holds; nothing may be running there. */
export function removePlace(dataDir: string): void {
  const link = join(dataDir, 'postgres');
  if (existsSync(link)) {
    const home = realpathSync(link);
    if (existsSync(join(home, 'socket'))) rmSync(placeAt(home).socket, { recursive: true });
    rmSync(home, { recursive: true, force: true });
  }
  rmSync(dataDir, { recursive: true, force: true });
}

function makeHome(link: string, account: Account | undefined, log: (line: string) => void): void {
  makePrivate(link, account);
  if (!account || succeedsAs(account, 'test', ['-w', link])) return;
  const away = join(reachableRoot, `sluice-${randomBytes(6).toString('hex')}`);
  makePrivate(away, account);
  rmSync(link, { recursive: true });
  symlinkSync(away, link);
  log(`PostgreSQL's user cannot reach ${dirname(link)}: the database is kept in ${away}.`);
}

function makePrivate(folder: string, account: Account | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (account) chownSync(folder, account.uid, account.gid);
}

function placeAt(home: string): Place {
  return {
    cluster: join(home, 'cluster'),
    socket: realpathSync(join(home, 'socket')),
    logFile: join(home, 'postgres.log'),
  };
}

/** The socket lies beside the cluster, or in a short folder of its own where that path is too long. */
function makeSocketFolder(home: string, account: Account | undefined): void {
  const folder = join(home, 'socket');
  if (folder.length <= socketFolderMax) {
    makePrivate(folder, account);
    return;
  }
  if (existsSync(folder)) return;
  const short = mkdtempSync('/tmp/sluice-socket-');
  if (account) chownSync(short, account.uid, account.gid);
  rmSync(folder, { force: true });
  symlinkSync(short, folder);
}

function requireVersion(cluster: string): void {
  const file = join(cluster, 'PG_VERSION');
  if (!existsSync(file)) return;
  const version = readFileSync(file, 'utf8').trim();
  if (version !== postgresMajor) {
    throw new Error(
      `The database in ${cluster} was made by PostgreSQL ${version}, and this is ${postgresMajor}: move the folder away to start afresh, or serve it with PostgreSQL ${version} and DATABASE_URL.`,
    );
  }
}

function present(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
