/** A JSON body of which some fields are ours to know; every other one is the vendor's. */
import type { CallRefusal } from './call-refusal.ts';
import type { CallDecision, CallRequest } from './dialect.ts';
import { type Member, parseMember, scanMembers } from './json-members.ts';
import { malformed, refusals } from './refusals.ts';
import type { Edit } from './splice.ts';

export interface Body {
  bytes: Buffer;
  /** The known fields that it has. */
  members: ReadonlyMap<string, Member>;
}

export type Judged<T> = T | { refusal: CallRefusal };

export function isRefused<T>(judged: Judged<T>): judged is { refusal: CallRefusal } {
  return typeof judged === 'object' && judged !== null && 'refusal' in judged;
}

/** What was made of a body, as a surface says it. */
export function decided(request: Judged<CallRequest>): CallDecision {
  return isRefused(request)
    ? { accepted: false, refusal: request.refusal }
    : { accepted: true, request };
}

export function refuse(message: string, param?: string, code?: string): { refusal: CallRefusal } {
  return { refusal: malformed(message, param, code) };
}

/** `param` is the field that it is in, where it is none itself. */
export function refuseUnpriced(name: string, param = name): { refusal: CallRefusal } {
  const message = `There is no price here for what "${name}" asks: leave it out.`;
  return refuse(message, param, 'unsupported_parameter');
}

/**
 * Finds the known fields. Repeated, or written as only some upstreams would read them, they are refused: some parsers take
 * the first of two and some the last, and Go's ignores case.
 */
export function openBody(bytes: Buffer, known: ReadonlySet<string>): Judged<Body> {
  const scanned = scanMembers(bytes);
  if (scanned === undefined) return { refusal: refusals.bodyBroken };
  const members = new Map<string, Member>();
  for (const member of scanned) {
    const { name } = member;
    if (known.has(name)) {
      if (members.has(name)) {
        return refuse(`"${name}" is given twice: give it once.`, name, 'duplicate_parameter');
      }
      members.set(name, member);
    } else if (known.has(fold(name))) {
      const message = `Write "${fold(name)}" in lower case.`;
      return refuse(message, name.slice(0, 100), 'unknown_parameter');
    }
  }
  return { bytes, members };
}

/** Folds case as Go's `encoding/json` does; the long s is the one letter that `toLowerCase` leaves. */
export function fold(name: string): string {
  return name.toLowerCase().replaceAll('ſ', 's');
}

/** The value of a known field; null where it is missing. */
export function readField({ bytes, members }: Body, name: string): unknown {
  const member = members.get(name);
  return member === undefined ? null : parseMember(bytes, member);
}

const modelLengthMax = 200;

export function readModel(body: Body): Judged<{ model: string; modelAt: Member }> {
  const member = body.members.get('model');
  if (member === undefined) return { refusal: refusals.modelMissing };
  const model = parseMember(body.bytes, member);
  if (typeof model !== 'string' || model === '' || model.length > modelLengthMax) {
    return refuse('Give the model as a name.', 'model', 'invalid_type');
  }
  return { model, modelAt: member };
}

export function readIsStream(body: Body): Judged<{ isStream: boolean }> {
  const stream = readField(body, 'stream');
  if (stream !== null && typeof stream !== 'boolean') {
    return refuse('Give "stream" as true or false.', 'stream', 'invalid_type');
  }
  return { isStream: stream === true };
}

export const maxTokensMax = 10_000_000;

/** A whole number from 1 to `max`, or undefined where the field is missing. */
export function readCount(
  body: Body,
  name: string,
  max: number,
): Judged<{ count: number | undefined }> {
  const value = readField(body, name);
  if (value === null) return { count: undefined };
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) {
    return { count: value };
  }
  const message = `Give "${name}" as a whole number from 1 to ${max}.`;
  return refuse(message, name, 'integer_out_of_range');
}

/** What makes an upstream that knows the model by another name understand it. */
export function renameEdits(
  { model, modelAt }: { model: string; modelAt: Member },
  name: string,
): Edit[] {
  return name === model
    ? []
    : [{ start: modelAt.start, end: modelAt.end, text: JSON.stringify(name) }];
}
