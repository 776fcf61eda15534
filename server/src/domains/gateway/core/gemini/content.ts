/** Judges what a call gives a model to read: what has no price is refused, and what its bytes do not bound is bounded. */

import { isRefused, type Judged, refuse, refuseUnpriced } from '../body.ts';
import { isRecord } from '../json.ts';
import { fieldNames, listOf, readFields } from './field-names.ts';

/**
 * The most tokens of one image: 24 tiles of 258, as an image of 3072 × 384 has, and one overview. Newer models take at
 * most 2,240. https://ai.google.dev/gemini-api/docs/media-resolution
 */
export const imageTokensMax = 25 * 258;

/**
 * The most tokens of recordings and documents: all that a model can read. Neither their bytes nor their pages bound them:
 * silence and empty pages compress to nothing. https://ai.google.dev/gemini-api/docs/long-context
 */
export const contextTokensMax = 1_048_576;

const contentFields = fieldNames(['role', 'parts']);
/** Anything else is made by a tool that runs at the vendor, or is a way of reading that it has no price for. */
const partNames = [
  ...['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse'],
  ...['executableCode', 'codeExecutionResult', 'thought', 'thoughtSignature'],
  ...['videoMetadata', 'mediaResolution', 'partMetadata'],
];
const partFields = fieldNames(partNames);
const partsTaken = new Set(partNames);
const mediaFields = fieldNames(['mimeType', 'fileUri', 'data', 'displayName']);
const resolutionFields = fieldNames(['level', 'numTokens']);
const responseFields = fieldNames(['parts', 'response', 'name', 'id']);

interface Media {
  images: number;
  /** Whether there is something of which only the model's context bounds the tokens. */
  isLong: boolean;
  /** Of the body, that are no text. */
  bytes: number;
}

type Refusing = ReturnType<typeof refuse> | undefined;

/** Input tokens that the body's bytes do not bound; negative where they bound too much: an image's are not text. */
export function judgeContents(contents: readonly unknown[]): Judged<{ extraInputTokens: number }> {
  const media: Media = { images: 0, isLong: false, bytes: 0 };
  for (const content of contents) {
    const refused = judgeContent(content, media);
    if (refused) return refused;
  }
  const most = media.images * imageTokensMax + (media.isLong ? contextTokensMax : 0);
  return { extraInputTokens: most - media.bytes };
}

function judgeContent(content: unknown, media: Media): Refusing {
  if (content === null) return undefined;
  if (!isRecord(content)) return refuseShape('content');
  const read = readFields(content, contentFields);
  if (isRefused(read)) return read;
  for (const part of listOf(read.fields.get('parts'))) {
    const refused = judgePart(part, media);
    if (refused) return refused;
  }
  return undefined;
}

function judgePart(part: unknown, media: Media): Refusing {
  if (!isRecord(part)) return refuseShape('part');
  const read = readFields(part, partFields);
  if (isRefused(read)) return read;
  for (const [name, value] of read.fields) {
    const refused = judgeField(name, value, media);
    if (refused) return refused;
  }
  return undefined;
}

/** What is no object may be one to a parser that is more lenient than ours. */
function refuseShape(what: string) {
  return refuse(`Give every ${what} as an object.`, 'contents', 'invalid_type');
}

function judgeField(name: string, value: unknown, media: Media): Refusing {
  if (!partsTaken.has(name)) return refuseUnpriced(name.slice(0, 50), 'contents');
  if (name === 'inlineData') return judgeInline(value, media);
  if (name === 'fileData') return judgeFile(value, media);
  if (name === 'functionResponse') return judgeResponse(value, media);
  if (name === 'mediaResolution') return judgeResolution(value);
  return undefined;
}

/** A function may answer with media, too. */
function judgeResponse(value: unknown, media: Media): Refusing {
  if (!isRecord(value)) return refuseShape('"functionResponse"');
  const read = readFields(value, responseFields);
  if (isRefused(read)) return read;
  for (const part of listOf(read.fields.get('parts'))) {
    const refused = judgePart(part, media);
    if (refused) return refused;
  }
  return undefined;
}

/** Text in base64 is bounded by its bytes like any other. */
const textTypes = new Set(['application/json', 'application/xml', 'application/x-javascript']);

function judgeInline(value: unknown, media: Media): Refusing {
  if (!isRecord(value)) return refuseShape('"inlineData"');
  const read = readFields(value, mediaFields);
  if (isRefused(read)) return read;
  const type = read.fields.get('mimeType');
  const data = read.fields.get('data') ?? '';
  if (typeof type !== 'string' || typeof data !== 'string') {
    return refuse('Give "inlineData" a "mimeType" and "data" in base64.', 'contents');
  }
  const kind = type.toLowerCase();
  if (kind.startsWith('text/') || textTypes.has(kind)) return undefined;
  if (kind.startsWith('image/')) media.images += 1;
  else media.isLong = true;
  media.bytes += data.length;
  return undefined;
}

/**
 * Whatever the vendor fetches may be as long as a model can read. What was uploaded to it belongs to one account there,
 * which is not the caller's, and need not be that of the channel which is taken.
 */
function judgeFile(value: unknown, media: Media): Refusing {
  if (!isRecord(value)) return refuseShape('"fileData"');
  const read = readFields(value, mediaFields);
  if (isRefused(read)) return read;
  const uri = read.fields.get('fileUri');
  if (typeof uri !== 'string' || !isPublic(uri)) {
    const message =
      'Files uploaded to an upstream belong to its account: send "inlineData", or the https address of a public file.';
    return refuse(message, 'contents', 'unsupported_parameter');
  }
  media.isLong = true;
  return undefined;
}

function isPublic(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username } = new URL(uri);
  return protocol === 'https:' && username === '' && !/(^|\.)googleapis\.com\.?$/.test(hostname);
}

/** A number of tokens of one's own choice may be larger than any documented. */
function judgeResolution(value: unknown): Refusing {
  if (!isRecord(value)) return undefined;
  const read = readFields(value, resolutionFields);
  if (isRefused(read)) return read;
  return read.fields.has('numTokens')
    ? refuseUnpriced('mediaResolution.numTokens', 'contents')
    : undefined;
}
