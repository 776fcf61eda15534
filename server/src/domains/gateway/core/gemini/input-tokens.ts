/** Counts the input of a call as Gemini would, near enough for one whose usage was never reported. */

import { isRefused } from '../body.ts';
import { isRecord } from '../json.ts';
import { fieldNames, listOf, readFields } from './field-names.ts';

/** One tile. https://ai.google.dev/gemini-api/docs/tokens#multimodal-tokens */
const tokensPerImage = 258;
/** 32 tokens are a second of sound, and 258 a page or a second of film: of usual recordings and documents, about this. */
const base64PerToken = 700;
const depthMax = 50;

const bodyFields = fieldNames(['contents', 'systemInstruction', 'tools', 'generationConfig']);
const schemaFields = fieldNames(['responseSchema', 'responseJsonSchema']);
const mediaFields = fieldNames(['mimeType', 'data']);
const media = new Set(['inlineData', 'inline_data']);
const files = new Set(['fileData', 'file_data']);
const notRead = new Set(['role', 'thoughtSignature', 'thought_signature', 'id']);

/** `count` counts one text. A body that is no JSON is counted as text. */
export function countInput(json: string, count: (text: string) => number): number {
  const body = parse(json);
  if (!isRecord(body)) return count(json);
  const read = readFields(body, bodyFields);
  if (isRefused(read)) return count(json);
  const { fields } = read;
  let tokens = 0;
  for (const content of [...listOf(fields.get('contents')), fields.get('systemInstruction')]) {
    tokens += countStrings(content, count, 0);
  }
  const config = fields.get('generationConfig');
  const schemas = readFields(isRecord(config) ? config : {}, schemaFields);
  const described = isRefused(schemas)
    ? []
    : [...schemaFields.folded.values()].map((name) => schemas.fields.get(name));
  for (const value of [fields.get('tools'), ...described]) {
    if (value !== undefined) tokens += count(JSON.stringify(value));
  }
  return tokens;
}

function countStrings(value: unknown, count: (text: string) => number, depth: number): number {
  if (typeof value === 'string') return value === '' ? 0 : count(value);
  if (depth === depthMax || typeof value !== 'object' || value === null) return 0;
  let tokens = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (notRead.has(name)) continue;
    if (media.has(name)) tokens += countMedia(inner);
    else if (files.has(name)) tokens += tokensPerImage;
    else tokens += countStrings(inner, count, depth + 1);
  }
  return tokens;
}

function countMedia(value: unknown): number {
  const read = readFields(isRecord(value) ? value : {}, mediaFields);
  if (isRefused(read)) return tokensPerImage;
  const { mimeType, data } = Object.fromEntries(read.fields);
  const isImage = typeof mimeType === 'string' && mimeType.startsWith('image/');
  if (isImage || typeof data !== 'string') return tokensPerImage;
  return Math.ceil(data.length / base64PerToken);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
