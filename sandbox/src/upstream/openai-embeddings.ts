/** OpenAI's embeddings: the same vector for the same text, as long as was asked. Pure. */
import type { PreparedAnswer } from './delivery.ts';
import { countTokens } from './tokens.ts';

const DIMENSIONS = 1_536;
const DIMENSIONS_MAX = 3_072;

export interface EmbeddingRequest {
  model: string;
  inputs: string[];
  dimensions: number;
  isBase64: boolean;
}

/** Undefined where the input is none. */
export function readEmbeddingRequest(body: Record<string, unknown>): EmbeddingRequest | undefined {
  const { model, input, dimensions = DIMENSIONS, encoding_format: format } = body;
  if (typeof model !== 'string' || !isDimension(dimensions)) return undefined;
  const inputs = listOf(input);
  if (inputs.length === 0) return undefined;
  return { model, inputs, dimensions, isBase64: format === 'base64' };
}

function isDimension(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= DIMENSIONS_MAX;
}

/** Texts, or tokens as numbers: one list of them is one input. */
function listOf(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return [];
  if (input.every(Number.isInteger)) return input.length === 0 ? [] : [input.join(' ')];
  return input.map((one) => (Array.isArray(one) ? one.join(' ') : String(one)));
}

export function prepareEmbeddings(request: EmbeddingRequest): PreparedAnswer {
  const bytes = request.inputs.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const promptTokens = countTokens(bytes);
  const data = request.inputs.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: written(vectorOf(text, request.dimensions), request.isBase64),
  }));
  const usage = { prompt_tokens: promptTokens, total_tokens: promptTokens };
  const text = JSON.stringify({ object: 'list', data, model: request.model, usage });
  return {
    ...{ promptTokens, completionTokens: 0, tokensThrough: [0] },
    partsFor: () => [text],
    textFor: () => text,
  };
}

function written(vector: Float32Array, isBase64: boolean): string | number[] {
  return isBase64 ? Buffer.from(vector.buffer).toString('base64') : [...vector];
}

/** A unit vector from a hash of the text. */
function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193);
  for (let index = 0; index < dimensions; index += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + index;
    vector[index] = (state >>> 0) / 2 ** 32 - 0.5;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
