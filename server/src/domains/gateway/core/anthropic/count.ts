/** Counts the input of a message as Anthropic would, near enough for a call whose usage was never reported. */
import { isRecord } from '../json.ts';

const tokensPerMessage = 4;
const tokensPerRequest = 4;
/** What tools add besides their own text. https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing */
const tokensPerTools = 346;
/** One image of about a megapixel. */
const tokensPerImage = 1_600;
/** Bytes of a PDF that make a page, and what it costs: its text and its picture. */
const bytesPerPage = 50_000;
const tokensPerPage = 3_000;
const depthMax = 50;

/** `count` counts one text. A body that is no JSON is counted as text. */
export function countInput(json: string, count: (text: string) => number): number {
  const body = parse(json);
  if (!isRecord(body)) return count(json);
  const { messages, system, tools } = body;
  let tokens = tokensPerRequest + countStrings(system, count, 0);
  for (const message of Array.isArray(messages) ? messages : []) {
    tokens += tokensPerMessage + countStrings(message, count, 0);
  }
  if (Array.isArray(tools) && tools.length > 0) {
    tokens += tokensPerTools + count(JSON.stringify(tools));
  }
  return tokens;
}

/** Names of fields that the model does not read. */
const notRead = new Set(['type', 'role', 'id', 'tool_use_id', 'cache_control', 'signature']);

function countStrings(value: unknown, count: (text: string) => number, depth: number): number {
  if (typeof value === 'string') return value === '' ? 0 : count(value);
  if (depth === depthMax || typeof value !== 'object' || value === null) return 0;
  if (isRecord(value) && value.type === 'image') return tokensPerImage;
  if (isRecord(value) && value.type === 'document' && isRecord(value.source)) {
    const { source } = value;
    if (source.type === 'base64' || source.type === 'url') return countPdf(source.data);
  }
  let tokens = 0;
  for (const [name, inner] of Object.entries(value)) {
    if (!notRead.has(name)) tokens += countStrings(inner, count, depth + 1);
  }
  return tokens;
}

function countPdf(data: unknown): number {
  const bytes = typeof data === 'string' ? (data.length * 3) / 4 : 0;
  return Math.max(1, Math.ceil(bytes / bytesPerPage)) * tokensPerPage;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
