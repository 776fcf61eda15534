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

/** Finds or makes the folders, owned by the account. */
export function openPlace(
  dataDir: string,
  account: Account | undefined,
  log: (line: string) => void,
): Place {
  const link = join(dataDir, 'postgres');
  if (!present(link)) makeHome(link, account, log);
  const home = realpathSync(link);
  const place = {
    cluster: join(home, 'cluster'),
    socket: socketFolder(home, account),
    logFile: join(home, 'postgres.log'),
  };
  requireVersion(place.cluster);
  return place;
}

/** Removes the database with all it holds; nothing may be running there. */
export function removePlace(dataDir: string): void {
  const link = join(dataDir, 'postgres');
  if (existsSync(link)) {
    const home = realpathSync(link);
    rmSync(realpathSync(socketFolder(home, undefined)), { recursive: true, force: true });
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

/** The socket lies beside the cluster, or in a short folder of its own where that path is too long. */
function socketFolder(home: string, account: Account | undefined): string {
  const folder = join(home, 'socket');
  if (folder.length <= socketFolderMax) {
    makePrivate(folder, account);
    return folder;
  }
  if (!existsSync(folder)) {
    const short = mkdtempSync('/tmp/sluice-socket-');
    rmSync(folder, { force: true });
    symlinkSync(short, folder);
    if (account) chownSync(short, account.uid, account.gid);
  }
  return realpathSync(folder);
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
