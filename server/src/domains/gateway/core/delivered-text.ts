/**
 * Keeps what was delivered of a stream, for the case that no usage is ever reported: raw ranges while they are few, the
 * text inside them beyond that, so that a long stream costs its text and not its framing.
 */
import type { DeliveredPart } from './dialect.ts';
import { readFields } from './event-fields.ts';
import { EventScanner } from './event-stream.ts';

const rawBytesMax = 64 * 1024;

export class DeliveredText {
  #raw: Buffer[] = [];
  #rawBytes = 0;
  #text = '';
  #isFinished = false;
  readonly #readPart: (data: string) => DeliveredPart;

  /** `readPart` understands one event's data in the dialect of the stream. */
  constructor(readPart: (data: string) => DeliveredPart) {
    this.#readPart = readPart;
  }

  /** Adds whole events that were sent to the caller. */
  add(bytes: Buffer): void {
    this.#raw.push(bytes);
    this.#rawBytes += bytes.length;
    if (this.#rawBytes > rawBytesMax) this.#fold();
  }

  /** All text that was delivered, of every choice. */
  text(): string {
    this.#fold();
    return this.#text;
  }

  /** Whether a delivered event said why the answer ended. */
  isFinished(): boolean {
    this.#fold();
    return this.#isFinished;
  }

  #fold(): void {
    const scanner = new EventScanner();
    const onEvent = (bytes: Buffer, start: number, end: number) => {
      this.#take(readFields(bytes.subarray(start, end)).data);
    };
    for (const bytes of this.#raw) scanner.push(bytes, onEvent);
    const rest = scanner.rest();
    if (rest.length > 0) onEvent(rest, 0, rest.length);
    this.#raw = [];
    this.#rawBytes = 0;
  }

  #take(data: string | undefined): void {
    if (data === undefined) return;
    const { text, isFinished } = this.#readPart(data);
    this.#text += text;
    if (isFinished) this.#isFinished = true;
  }
}
