/** Reads untrusted JSON; whatever is not as expected is refused by its place, such as `messages.2.content.0.input_audio`. */
import type { CallRefusal } from '../call-refusal.ts';
import { isRecord } from '../json.ts';

export type Json = Readonly<Record<string, unknown>>;

/**
 * Ends a conversion from however deep inside a body; caught at the door of this folder, which answers the refusal as data.
 * (Hundreds of places may refuse: a union at each would bury what is read.)
 */
export class Unconvertible extends Error {
  readonly refusal: CallRefusal;

  constructor(refusal: CallRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

const placeLengthMax = 200;

/** The place is said in the sentence, too: not every dialect has a field for it. */
export function refuse(at: string, sentence: string, code = 'invalid_value'): never {
  const param = at.slice(0, placeLengthMax);
  const message = sentence.includes(param) ? sentence : `${param}: ${sentence}`;
  throw new Unconvertible({ status: 400, code, kind: 'invalid_request', message, param });
}

/** Refuses what is well formed but has no counterpart where it would be sent. */
export function refuseUncarried(at: string, remedy = 'leave it out'): never {
  return refuse(
    at,
    `This model is reached in another vendor's dialect, which has no counterpart of "${at.slice(0, placeLengthMax)}": ${remedy}.`,
    'unsupported_parameter',
  );
}

export function join(at: string, name: string | number): string {
  return at === '' ? String(name) : `${at}.${name}`;
}

/** Refuses fields that nobody here reads; null is as good as left out. */
export function allowOnly(record: Json, known: ReadonlySet<string>, at: string): void {
  for (const name in record) {
    if (!known.has(name) && record[name] !== null && record[name] !== undefined) {
      refuseUncarried(join(at, name.slice(0, 100)));
    }
  }
}

export function readRecord(value: unknown, at: string): Json {
  return isRecord(value) ? value : refuse(at, `Give "${at}" as an object.`, 'invalid_type');
}

export function readList(value: unknown, at: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(at, `Give "${at}" as a list.`, 'invalid_type');
}

export function readText(value: unknown, at: string): string {
  return typeof value === 'string' ? value : refuse(at, `Give "${at}" as text.`, 'invalid_type');
}

export function readWord<T extends string>(value: unknown, words: readonly T[], at: string): T {
  const word = words.find((one) => one === value);
  return word ?? refuse(at, `Give "${at}" as one of ${words.join(', ')}.`);
}

/** Undefined where it is left out or null, as for all that begin with `optional`. */
export function optionalText(record: Json, name: string, at: string): string | undefined {
  const value = record[name];
  return value === undefined || value === null ? undefined : readText(value, join(at, name));
}

export function optionalNumber(record: Json, name: string, at: string): number | undefined {
  const value = record[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  return refuse(join(at, name), `Give "${join(at, name)}" as a number.`, 'invalid_type');
}

export function optionalFlag(record: Json, name: string, at: string): boolean | undefined {
  const value = record[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  return refuse(join(at, name), `Give "${join(at, name)}" as true or false.`, 'invalid_type');
}

export function optionalRecord(record: Json, name: string, at: string): Json | undefined {
  const value = record[name];
  return value === undefined || value === null ? undefined : readRecord(value, join(at, name));
}

export function optionalList(record: Json, name: string, at: string): readonly unknown[] {
  const value = record[name];
  return value === undefined || value === null ? [] : readList(value, join(at, name));
}

/** Text of every element. */
export function readTexts(values: readonly unknown[], at: string): string[] {
  return values.map((value, index) => readText(value, join(at, index)));
}

/** Refuses a field unless it asks for what happens anyway. */
export function allowValues(
  record: Json,
  name: string,
  isHarmless: (value: unknown) => boolean,
  at: string,
): void {
  const value = record[name];
  if (value !== undefined && value !== null && !isHarmless(value)) refuseUncarried(join(at, name));
}
