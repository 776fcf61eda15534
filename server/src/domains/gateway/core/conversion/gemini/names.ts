/** Names of Gemini's fields, which its API reads in camelCase and in snake_case alike, as all of Google's JSON. */
import { type Json, join, refuse } from '../fields.ts';

/** The fields of an object that have a value, by their names in camelCase; not what is inside the values. */
export function camelCased(record: Json, at: string): Json {
  let isPlain = true;
  for (const name in record) {
    if (name.includes('_') || record[name] === null) isPlain = false;
  }
  return isPlain ? record : rename(record, at);
}

function rename(record: Json, at: string): Json {
  const renamed: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(record)) {
    if (value === null) continue;
    const camel = name.replace(/_([a-z])/g, (_found, letter: string) => letter.toUpperCase());
    if (camel in renamed) refuse(join(at, name), `Give "${camel.slice(0, 100)}" once.`);
    renamed[camel] = value;
  }
  return renamed;
}

/** Google's parsers take one value for a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}
