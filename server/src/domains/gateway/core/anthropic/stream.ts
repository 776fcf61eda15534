/** Follows the stream of a message. https://platform.claude.com/docs/en/build-with-claude/streaming */
import type { Usage } from '../../../metering/index.ts';
import type { StreamEvent, StreamReader } from '../dialect.ts';
import { readFields } from '../event-fields.ts';
import { isRecord } from '../json.ts';
import { type Figures, mergeFigures, readFigures, usageOf } from './usage.ts';

/** Nearly every event begins like this; it is passed on without another look. */
const deltaBegin = Buffer.from('event: content_block_delta\n');

export class MessageStreamReader implements StreamReader {
  isUsageFinal = false;
  isWhole = false;
  #figures: Figures | undefined;

  get usage(): Usage | undefined {
    return usageOf(this.#figures);
  }

  read(event: Buffer): StreamEvent {
    if (startsWith(event, deltaBegin)) return this.#output();
    const { name, data } = readFields(event);
    if (name === 'error') return 'error';
    if (name === 'ping' || data === undefined) return 'silent';
    const parsed = parse(data);
    if (!isRecord(parsed)) return 'silent';
    return this.#take(parsed);
  }

  #take(event: Record<string, unknown>): StreamEvent {
    switch (event.type) {
      case 'content_block_delta':
        return this.#output();
      case 'content_block_start':
        return hasOutput(event.content_block) ? this.#output() : 'silent';
      case 'message_start':
        this.#report(isRecord(event.message) ? event.message.usage : undefined);
        return 'silent';
      case 'message_delta':
        this.#report(event.usage);
        if (!isRecord(event.delta) || typeof event.delta.stop_reason !== 'string') return 'silent';
        this.isUsageFinal = true;
        return 'held';
      case 'message_stop':
        this.isWhole = true;
        return 'end';
      case 'error':
        return 'error';
      default:
        return 'silent';
    }
  }

  /** Output behind a report: it was not the last word. */
  #output(): StreamEvent {
    this.isUsageFinal = false;
    return 'output';
  }

  #report(reported: unknown): void {
    const figures = readFigures(reported);
    if (figures !== undefined) this.#figures = mergeFigures(this.#figures, figures);
  }
}

/** A block may begin with what a model wrote: a call of a tool, thoughts that are kept secret. */
function hasOutput(block: unknown): boolean {
  if (!isRecord(block)) return false;
  return block.type === 'text' ? block.text !== '' : block.type !== 'thinking';
}

function startsWith(bytes: Buffer, begin: Buffer): boolean {
  return (
    bytes.length >= begin.length && bytes.compare(begin, 0, begin.length, 0, begin.length) === 0
  );
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
