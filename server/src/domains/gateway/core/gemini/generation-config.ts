/** Reads from `generationConfig` what limits the output, and refuses what asks for another model or something unpriced. */

import { isRefused, type Judged, refuse, refuseUnpriced } from '../body.ts';
import { isRecord } from '../json.ts';
import { type Member, parseMember } from '../json-members.ts';
import { fieldNames, listOf, readFields, scanFields } from './field-names.ts';

export interface Limits {
  maxOutputTokens: number | undefined;
  choices: number;
}

/** Speech, pictures and transcripts of what was heard are made at prices of their own; routers choose other models. */
const unpriced = [
  ...['speechConfig', 'imageConfig', 'audioTranscriptionConfig', 'translationConfig'],
  ...['routingConfig', 'modelSelectionConfig', 'modelConfig'],
] as const;

const configFields = fieldNames([
  ...['maxOutputTokens', 'candidateCount', 'responseModalities', 'responseFormat'],
  ...unpriced,
]);
const formatFields = fieldNames(['text', 'audio', 'image', 'video']);

const maxTokensMax = 10_000_000;
/** https://ai.google.dev/api/generate-content#generationconfig */
const choicesMax = 8;

export function readGenerationConfig(
  bytes: Buffer,
  member: Member | undefined,
): Judged<{ limits: Limits }> {
  const absent = { limits: { maxOutputTokens: undefined, choices: 1 } };
  if (member === undefined || parsesToNull(bytes, member)) return absent;
  const config = bytes.subarray(member.start, member.end);
  const scanned = scanFields(config, configFields);
  if (isRefused(scanned)) {
    return scanned.refusal.param === undefined
      ? refuse('Give "generationConfig" as an object.', 'generationConfig', 'invalid_type')
      : scanned;
  }
  const read = (name: string): unknown => {
    const found = scanned.members.get(name);
    return found === undefined ? null : parseMember(config, found);
  };
  const refused = refuseOtherOutput(read);
  if (refused) return refused;

  const maxOutputTokens = readCount('maxOutputTokens', read('maxOutputTokens'), maxTokensMax);
  if (isRefused(maxOutputTokens)) return maxOutputTokens;
  const choices = readCount('candidateCount', read('candidateCount'), choicesMax);
  if (isRefused(choices)) return choices;
  return { limits: { maxOutputTokens: maxOutputTokens.count, choices: choices.count ?? 1 } };
}

export function parsesToNull(bytes: Buffer, { start, end }: Member): boolean {
  return end - start === 4 && bytes.toString('latin1', start, end) === 'null';
}

function refuseOtherOutput(read: (name: string) => unknown) {
  for (const name of unpriced) {
    if (read(name) !== null) return refuseUnpriced(name, `generationConfig.${name}`);
  }
  for (const modality of listOf(read('responseModalities'))) {
    if (modality === 'TEXT') continue;
    return refuseUnpriced(
      `responseModalities: ${String(modality).slice(0, 20)}`,
      'generationConfig.responseModalities',
    );
  }
  for (const format of listOf(read('responseFormat'))) {
    const fields = readFields(isRecord(format) ? format : {}, formatFields);
    if (isRefused(fields)) return fields;
    const other = [...fields.fields.keys()].find((name) => name !== 'text');
    if (other !== undefined) {
      return refuseUnpriced(other.slice(0, 50), 'generationConfig.responseFormat');
    }
  }
  return undefined;
}

function readCount(
  name: string,
  value: unknown,
  max: number,
): Judged<{ count: number | undefined }> {
  if (value === null) return { count: undefined };
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) {
    return { count: value };
  }
  const message = `Give "${name}" as a whole number from 1 to ${max}.`;
  return refuse(message, `generationConfig.${name}`, 'integer_out_of_range');
}
