/** Reads the stream of a response; only the events that end it are parsed. */
import type { Usage } from '../../../metering/index.ts';
import type { DeliveredPart, StreamEvent, StreamReader } from '../dialect.ts';
import { readFields } from '../event-fields.ts';
import { isRecord } from '../json.ts';
import { outputText } from '../output-text.ts';
import { readUsage } from './usage.ts';

/** https://platform.openai.com/docs/api-reference/responses-streaming */
const names = {
  starts: new Set(['response.created', 'response.queued', 'response.in_progress']),
  ends: new Set(['response.completed', 'response.incomplete']),
  errors: new Set(['response.failed', 'error']),
};

const prefix = Buffer.from('event: ');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class ResponsesStream implements StreamReader {
  usage: Usage | undefined;
  isUsageFinal = false;
  isWhole = false;

  read(event: Buffer): StreamEvent {
    const name = nameOf(event);
    if (name === undefined) return 'silent';
    const isEnd = names.ends.has(name);
    if (isEnd || names.errors.has(name)) {
      this.usage = readEnd(event);
      this.isUsageFinal = this.usage !== undefined;
      this.isWhole = isEnd;
      return isEnd ? 'end' : 'error';
    }
    return names.starts.has(name) ? 'silent' : 'output';
  }
}

/** What the event says it is; undefined for a comment. */
function nameOf(event: Buffer): string | undefined {
  if (event.subarray(0, prefix.length).equals(prefix)) {
    let end = event.indexOf(lineFeed);
    if (event[end - 1] === carriageReturn) end -= 1;
    return event.toString('latin1', prefix.length, end);
  }
  const { name, data } = readFields(event);
  if (name !== undefined || data === undefined) return name;
  const parsed = parse(data);
  if (isRecord(parsed.error)) return 'error';
  return typeof parsed.type === 'string' ? parsed.type : '';
}

function readEnd(event: Buffer): Usage | undefined {
  const { response } = parse(readFields(event).data ?? '');
  return isRecord(response) ? readUsage(response.usage, response.service_tier) : undefined;
}

function parse(json: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(json);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** Text arrives as `….delta`; whatever comes whole afterwards repeats it. */
export function readResponsesDelivered(data: string): DeliveredPart {
  const { type, delta, item } = parse(data);
  const isFinished = typeof type === 'string' && names.ends.has(type);
  if (typeof delta === 'string') return { text: delta, isFinished };
  // A call's name comes with its beginning.
  const isCall = type === 'response.output_item.added' && isRecord(item);
  return { text: isCall && typeof item.name === 'string' ? item.name : '', isFinished };
}

/** What a model wrote into the items of a whole answer. */
export function responsesAnswerText(json: string): string {
  const { output } = parse(json);
  return Array.isArray(output) ? output.filter(isRecord).map(itemText).join('') : '';
}

function itemText({ name, arguments: given, input, content, summary }: Record<string, unknown>) {
  return outputText([name, given, input, partsText(content), partsText(summary)]);
}

function partsText(parts: unknown): string[] {
  if (!Array.isArray(parts)) return [];
  return parts.filter(isRecord).map(({ text, refusal }) => outputText([text, refusal]));
}
