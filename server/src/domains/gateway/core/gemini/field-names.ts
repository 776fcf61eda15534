/**
 * Names of fields as Google's parsers take them: in camel case, or in snake case as in the API's definition.
 * https://protobuf.dev/programming-guides/json/#json-options
 */

import { isRefused, type Judged, refuse } from '../body.ts';
import { type Member, scanMembers } from '../json-members.ts';
import { refusals } from '../refusals.ts';

export interface FieldNames {
  /** Both spellings, to the one in camel case. */
  readonly spelled: ReadonlyMap<string, string>;
  /** Without case and underscores, to the one in camel case. */
  readonly folded: ReadonlyMap<string, string>;
}

export function fieldNames(names: readonly string[]): FieldNames {
  return {
    spelled: new Map(names.flatMap((name) => [spelling(name, name), spelling(snake(name), name)])),
    folded: new Map(names.map((name) => spelling(fold(name), name))),
  };
}

const spelling = (written: string, name: string): [string, string] => [written, name];

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The long s is the one letter that `toLowerCase` leaves and Go's `encoding/json` folds. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll('ſ', 's').replaceAll('_', '');
}

/** The known field that is meant, undefined for a field of the vendor's; refused where only some parsers would read it. */
function nameOf(written: string, known: FieldNames): Judged<{ name: string | undefined }> {
  const name = known.spelled.get(written);
  if (name !== undefined) return { name };
  const meant = known.folded.get(fold(written));
  if (meant === undefined) return { name: undefined };
  return refuse(`Write "${meant}" as it is here.`, written.slice(0, 100), 'unknown_parameter');
}

/** Where the known fields of an object are; a field given twice, in whichever spelling, is refused. */
export function scanFields(
  bytes: Buffer,
  known: FieldNames,
): Judged<{ members: ReadonlyMap<string, Member> }> {
  const scanned = scanMembers(bytes);
  if (scanned === undefined) return { refusal: refusals.bodyBroken };
  const members = new Map<string, Member>();
  for (const member of scanned) {
    const named = nameOf(member.name, known);
    if (isRefused(named)) return named;
    if (named.name === undefined) continue;
    if (members.has(named.name)) return refuseTwice(named.name);
    members.set(named.name, member);
  }
  return { members };
}

/** The fields of a parsed object that have a value, by their names in camel case; those that are not known by their own. */
export function readFields(
  record: Readonly<Record<string, unknown>>,
  known: FieldNames,
): Judged<{ fields: ReadonlyMap<string, unknown> }> {
  const fields = new Map<string, unknown>();
  for (const written of Object.keys(record)) {
    const value = record[written];
    if (value === null) continue;
    const named = nameOf(written, known);
    if (isRefused(named)) return named;
    const name = named.name ?? written;
    if (fields.has(name)) return refuseTwice(name);
    fields.set(name, value);
  }
  return { fields };
}

function refuseTwice(name: string) {
  return refuse(`"${name}" is given twice: give it once.`, name, 'duplicate_parameter');
}

/** Google's parsers take one value for a list of one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}
