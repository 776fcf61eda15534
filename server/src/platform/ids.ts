/**
 * Ids are a prefix and a ULID in lower-case Crockford base 32: sortable by the time inside, unguessable behind it.
 * https://github.com/ulid/spec
 */
import { randomBytes } from 'node:crypto';
import { invariant } from './errors.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;

/** A new id, such as `org_01jd2m3z9k5q8w7x6v4t3r2s1p`; `at` is the business instant that it sorts by. */
export function newId(prefix: string, at: Date): string {
  return `${prefix}_${encodeTime(at)}${encodeRandom()}`;
}

/** The smallest id of that prefix at an instant: the bound of a time range over ids. */
export function idAt(prefix: string, at: Date): string {
  return `${prefix}_${encodeTime(at)}`;
}

/** The instant inside an id. */
export function instantOf(id: string): Date {
  const start = id.indexOf('_') + 1;
  let milliseconds = 0;
  for (const character of id.slice(start, start + timeLength)) {
    const value = alphabet.indexOf(character);
    invariant(value >= 0, `"${id}" is no id of ours`);
    milliseconds = milliseconds * 32 + value;
  }
  return new Date(milliseconds);
}

function encodeTime(at: Date): string {
  let rest = at.getTime();
  let text = '';
  for (let position = 0; position < timeLength; position += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

// A pool of random bytes: one call of the system's generator per 256 ids instead of one each.
const poolBytes = 4096;
let pool = Buffer.alloc(0);
let poolOffset = 0;

function encodeRandom(): string {
  if (poolOffset + 16 > pool.length) {
    pool = randomBytes(poolBytes);
    poolOffset = 0;
  }
  let text = '';
  for (let index = 0; index < 16; index += 1) {
    text += alphabet.charAt((pool[poolOffset + index] ?? 0) & 31);
  }
  poolOffset += 16;
  return text;
}
