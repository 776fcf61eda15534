/**
 * Finds the SQL of all domains: `migrations/NNNN_name.sql`, each number once, and `functions/name.sql`, each name once.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Migration {
  number: number;
  /** The file's name. */
  name: string;
  path: string;
  text: string;
  checksum: string;
}

const serverSources = join(import.meta.dirname, '..', '..');
const namePattern = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** All migrations in the order of their numbers. */
export function collectMigrations(sources: string = serverSources): Migration[] {
  const byNumber = new Map<number, Migration>();
  for (const path of findSqlFiles(sources, 'migrations')) {
    const migration = readMigration(path);
    const other = byNumber.get(migration.number);
    if (other) {
      throw new Error(`${other.path} and ${path} have the same number: renumber the newer one.`);
    }
    byNumber.set(migration.number, migration);
  }
  return [...byNumber.values()].sort((one, other) => one.number - other.number);
}

/** A stored function (or a few that belong together), as it is now: its file is applied again whenever it changes. */
export interface FunctionFile {
  /** The file's name without its ending. */
  name: string;
  text: string;
  checksum: string;
  /** The functions it makes. */
  functions: string[];
}

/** All files of stored functions, by name. */
export function collectFunctions(sources: string = serverSources): FunctionFile[] {
  const files = findSqlFiles(sources, 'functions').map(readFunctions);
  const names = files.flatMap(({ functions }) => functions);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`${twice} is made by two files: keep one of them.`);
  return files;
}

function readFunctions(path: string): FunctionFile {
  const text = readFileSync(path, 'utf8');
  const functions = [...text.matchAll(/^create function (\w+)/gm)].map((match) => match[1] ?? '');
  if (functions.length === 0) throw new Error(`${path} must hold "create function …".`);
  return { name: basename(path, '.sql'), text, checksum: checksumOf(text), functions };
}

/** In `platform/` and every domain; a folder that other files are in is not looked through. */
function findSqlFiles(sources: string, folder: 'migrations' | 'functions'): string[] {
  return [sources, join(sources, 'domains')]
    .flatMap((parent) => namesIn(parent).map((name) => join(parent, name, folder)))
    .flatMap((place) => namesIn(place).map((name) => join(place, name)))
    .filter((path) => path.endsWith('.sql'))
    .sort();
}

/** Nothing, where there is no such folder. */
function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
}

function readMigration(path: string): Migration {
  const name = basename(path);
  const digits = namePattern.exec(name)?.[1];
  if (!digits) throw new Error(`${path} must be named like 0042_what_it_does.sql.`);
  const text = readFileSync(path, 'utf8');
  return { number: Number(digits), name, path, text, checksum: checksumOf(text) };
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
