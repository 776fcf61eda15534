/** Counts the input of a chat completion as an upstream would, near enough for a call whose usage was never reported. */
import { isRecord } from '../json.ts';

/** https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb */
const tokensPerMessage = 3;
const tokensPerAnswer = 3;
/** One image of 1024 × 1024 at high detail, for the models that count it least. */
const tokensPerImage = 765;
const depthMax = 50;

/** `count` counts one text. A body that is no JSON is counted as text. */
export function countChatTokens(json: string, count: (text: string) => number): number {
  const body = parse(json);
  if (!isRecord(body)) return count(json);
  const messages = Array.isArray(body.messages) ? body.messages : [];
  let tokens = tokensPerAnswer;
  for (const message of messages) tokens += tokensPerMessage + countStrings(message, count, 0);
  for (const name of ['tools', 'functions', 'response_format'] as const) {
    if (body[name] !== undefined && body[name] !== null)
      tokens += count(JSON.stringify(body[name]));
  }
  return tokens;
}

/** The same of a body whose input stands in the named fields. Tokens that come as numbers are one each. */
export function countInputTokens(
  json: string,
  count: (text: string) => number,
  fields: readonly string[],
): number {
  const body = parse(json);
  if (!isRecord(body)) return count(json);
  let tokens = 0;
  for (const name of [...fields, 'tools']) tokens += countStrings(body[name], count, 0);
  return tokens;
}

function countStrings(value: unknown, count: (text: string) => number, depth: number): number {
  if (typeof value === 'string') return value === '' ? 0 : count(value);
  if (typeof value === 'number') return 1;
  if (depth === depthMax || typeof value !== 'object' || value === null) return 0;
  let tokens = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'type' || name === 'id') continue;
    tokens += name === 'image_url' ? tokensPerImage : countStrings(inner, count, depth + 1);
  }
  return tokens;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
