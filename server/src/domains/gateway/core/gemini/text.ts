/** What a model wrote in an answer or a chunk of one, and whether it says why it ended. */
import type { DeliveredPart } from '../dialect.ts';
import { isRecord } from '../json.ts';

type Chunk = Record<string, unknown>;

export function readDelivered(data: string): DeliveredPart {
  const chunk = parseChunk(data);
  if (chunk === undefined) return { text: '', isFinished: false };
  const candidates = candidatesOf(chunk);
  const isFinished =
    candidates.some((candidate) => finishOf(candidate) !== undefined) ||
    (candidates.length === 0 && isBlocked(chunk));
  return { text: candidates.map(textOf).join(''), isFinished };
}

export function answerText(body: string): string {
  const answer = parseChunk(body);
  return answer === undefined ? '' : candidatesOf(answer).map(textOf).join('');
}

/** Some proxies of Google's send a list of one. */
export function parseChunk(data: string | undefined): Chunk | undefined {
  try {
    const parsed: unknown = JSON.parse(data ?? '');
    const chunk: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return isRecord(chunk) ? chunk : undefined;
  } catch {
    // Half an event, or none of Google's.
    return undefined;
  }
}

/** Why an answer ended; undefined where it goes on. */
export function finishOf({ finishReason }: Chunk): string | undefined {
  const isReason = typeof finishReason === 'string' && finishReason !== '';
  return isReason && finishReason !== 'FINISH_REASON_UNSPECIFIED' ? finishReason : undefined;
}

export function isBlocked({ promptFeedback }: Chunk): boolean {
  return isRecord(promptFeedback) && typeof promptFeedback.blockReason === 'string';
}

function candidatesOf({ candidates }: Chunk): Chunk[] {
  return Array.isArray(candidates) ? candidates.filter(isRecord) : [];
}

function textOf({ content }: Chunk): string {
  if (!isRecord(content) || !Array.isArray(content.parts)) return '';
  return content.parts.map(textOfPart).join('');
}

/** Text, thoughts, calls of functions and code; a signature of thoughts is not what the model wrote. */
function textOfPart(part: unknown): string {
  if (!isRecord(part)) return '';
  const { text, functionCall, executableCode } = part;
  let written = typeof text === 'string' ? text : '';
  if (isRecord(functionCall)) {
    const { name, args } = functionCall;
    written += `${typeof name === 'string' ? name : ''}${args === undefined ? '' : JSON.stringify(args)}`;
  }
  if (isRecord(executableCode) && typeof executableCode.code === 'string') {
    written += executableCode.code;
  }
  return written;
}
