/**
 * Each version of the code has its stored functions in a schema of its own, named by their text: while servers of two
 * versions run side by side, each calls what it was written with, and whoever goes back finds what it left.
 */
import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type pg from 'pg';
import { collectFunctions, type FunctionFile } from './migration-files.ts';

export interface FunctionSet {
  schema: string;
  files: readonly FunctionFile[];
  names: ReadonlySet<string>;
}

/** Versions whose functions stay. A server of an older one has to be gone before that many newer ones have begun. */
const setsKept = 5;

/** The functions of the files under `sources`; of this code unless told otherwise. */
export function functionSetOf(sources?: string): FunctionSet {
  const files = collectFunctions(sources);
  const text = files.map(({ name, checksum }) => `${name} ${checksum}\n`).join('');
  return {
    schema: `functions_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`,
    files,
    names: new Set(files.flatMap(({ functions }) => functions)),
  };
}

let ownSet: FunctionSet | undefined;

/** A stored function of this code as a statement has to name it. */
export function storedFunctionName(name: string): string {
  ownSet ??= functionSetOf();
  if (!ownSet.names.has(name)) throw new Error(`No file makes the stored function ${name}.`);
  return `${ownSet.schema}.${name}`;
}

/** The same, within a template of SQL. */
export function storedFunction(name: string): RawBuilder<unknown> {
  return sql.raw(storedFunctionName(name));
}

/** Whether the database has the functions already. */
export async function hasFunctionSet(client: pg.Client, set: FunctionSet): Promise<boolean> {
  if (set.files.length === 0) return true;
  const { rows } = await client.query<{ has_sets: boolean }>(
    `select to_regclass('platform_function_sets') is not null as has_sets`,
  );
  if (!rows[0]?.has_sets) return false;
  const found = await client.query('select from platform_function_sets where schema = $1', [
    set.schema,
  ]);
  return found.rowCount === 1;
}

/** Makes the functions, in a transaction of the caller's, beside those of other versions. */
export async function makeFunctionSet(client: pg.Client, set: FunctionSet): Promise<void> {
  // They may name each other in any order.
  await client.query('set local check_function_bodies = off');
  await client.query(`create schema ${set.schema}`);
  for (const { text } of set.files) await client.query(inSchema(text, set));
  await client.query('insert into platform_function_sets (schema, begun_at) values ($1, $2)', [
    set.schema,
    new Date(),
  ]);
}

/** A process of this version begins, so its functions are not the oldest. */
export async function noteFunctionSet(
  client: pg.Client,
  { schema, files }: FunctionSet,
): Promise<void> {
  if (files.length === 0) return;
  await client.query('update platform_function_sets set begun_at = $2 where schema = $1', [
    schema,
    new Date(),
  ]);
}

/** Drops, in a transaction of the caller's, the functions of versions long gone. */
export async function dropOldFunctionSets(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(
    'select schema from platform_function_sets order by begun_at desc, schema offset $1',
    [setsKept],
  );
  for (const { schema } of rows) {
    await client.query(`drop schema ${schema} cascade`);
    await client.query('delete from platform_function_sets where schema = $1', [schema]);
  }
}

/** Where a file makes or calls one of the functions, it means the one of the same version. */
function inSchema(text: string, { schema, names }: FunctionSet): string {
  return text.replace(/\b\w+(?=\s*\()/g, (word) => (names.has(word) ? `${schema}.${word}` : word));
}
