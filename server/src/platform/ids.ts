/**
 * Ids are a prefix and a ULID in lower-case Crockford base 32: sortable by the time inside, unguessable behind it.
 * https://github.com/ulid/spec
 */
import { randomBytes } from 'node:crypto';
import { invariant } from './errors.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeLength = 10;
const countLength = 4;
const randomLength = 12;

/**
 * A new id, such as `org_01jd2m3z9k5q8w7x6v4t3r2s1p`; `at` is the business instant that it sorts by. Those that a process
 * makes for one instant one after the other sort in that order; 60 random bits follow.
 */
export function newId(prefix: string, at: Date): string {
  const time = at.getTime();
  const last = lasts.get(prefix);
  const count = last?.time === time ? last.count + 1 : 0;
  lasts.set(prefix, { time, count });
  return `${prefix}_${encode(time, timeLength)}${encode(count, countLength)}${encodeRandom()}`;
}

/** By prefix: a handful. */
const lasts = new Map<string, { time: number; count: number }>();

/** The smallest id of that prefix at an instant: the bound of a time range over ids. */
export function idAt(prefix: string, at: Date): string {
  return `${prefix}_${encode(at.getTime(), timeLength)}`;
}

/** Whether a text is an id with that prefix, as `newId` makes them. */
export function isIdOf(prefix: string, text: string): boolean {
  const length = timeLength + countLength + randomLength;
  const id = text.startsWith(`${prefix}_`) ? text.slice(prefix.length + 1) : '';
  return id.length === length && [...id].every((character) => alphabet.includes(character));
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

/** Its lowest digits. */
function encode(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let position = 0; position < length; position += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

// A pool of random bytes: one call of the system's generator for hundreds of ids instead of one each.
const poolBytes = 340 * randomLength;
let pool = Buffer.alloc(0);
let poolOffset = 0;

function encodeRandom(): string {
  if (poolOffset + randomLength > pool.length) {
    pool = randomBytes(poolBytes);
    poolOffset = 0;
  }
  let text = '';
  for (let index = 0; index < randomLength; index += 1) {
    text += alphabet.charAt((pool[poolOffset + index] ?? 0) & 31);
  }
  poolOffset += randomLength;
  return text;
}
