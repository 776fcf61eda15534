/** Finds the migrations: `migrations/NNNN_name.sql` in any folder of the sources, each number once. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

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
  for (const path of findSqlFiles(sources)) {
    const migration = readMigration(path);
    const other = byNumber.get(migration.number);
    if (other) {
      throw new Error(`${other.path} and ${path} have the same number: renumber the newer one.`);
    }
    byNumber.set(migration.number, migration);
  }
  return [...byNumber.values()].sort((one, other) => one.number - other.number);
}

function findSqlFiles(sources: string): string[] {
  return readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => basename(dirname(path)) === 'migrations')
    .sort();
}

function readMigration(path: string): Migration {
  const name = basename(path);
  const digits = namePattern.exec(name)?.[1];
  if (!digits) throw new Error(`${path} must be named like 0042_what_it_does.sql.`);
  const text = readFileSync(path, 'utf8');
  const checksum = createHash('sha256').update(text).digest('hex');
  return { number: Number(digits), name, path, text, checksum };
}
