/** Passes a stream on to the caller in whole events, byte for byte, and keeps what the bill needs of it. */
import type { ServerResponse } from 'node:http';
import { DeliveredText } from './core/delivered-text.ts';
import { EventScanner } from './core/event-stream.ts';
import { readStreamEvent } from './core/stream-event.ts';

export interface StreamRelayOptions {
  response: ServerResponse;
  headers: Record<string, string>;
  wantsUsage: boolean;
  onFirstOutput: () => void;
}

export type StreamState =
  | 'more'
  /** The caller reads more slowly than the upstream writes. */
  | 'full'
  | 'done'
  | 'error'
  | 'too_large';

export class StreamRelay {
  readonly delivered = new DeliveredText();
  /** What is held back until the call is paid for: the end mark, and the usage of a caller who asked for it. */
  tail: Buffer[] = [];
  usage: unknown;
  /** Whether the last usage came in an event of its own: upstreams send that at the end. */
  isUsageLast = false;
  hasForwarded = false;
  readonly #options: StreamRelayOptions;
  readonly #scanner = new EventScanner();
  #isForwarding = true;
  #hasOutput = false;
  #state: StreamState = 'more';
  // Events that follow each other in one piece of memory are sent in one write, as they lie.
  #run: Buffer | undefined;
  #runStart = 0;
  #runEnd = 0;

  constructor(options: StreamRelayOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): StreamState {
    const isSmall = this.#scanner.push(chunk, this.#onEvent);
    const isTaken = this.#flush();
    if (this.#state !== 'more') return this.#state;
    if (!isSmall) return 'too_large';
    return isTaken ? 'more' : 'full';
  }

  /** At the upstream's end: what came after the last whole event. */
  takeRest(): StreamState {
    const rest = this.#scanner.rest();
    if (rest.length > 0) this.#onEvent(rest, 0, rest.length);
    this.#flush();
    return this.#state;
  }

  /** Sends what was held back, and with it the end. */
  finish(): void {
    const { response, headers } = this.#options;
    if (!this.hasForwarded) response.writeHead(200, headers);
    response.end(Buffer.concat(this.tail));
  }

  /** The caller left: from here on only usage is of interest. */
  stopForwarding(): void {
    this.#isForwarding = false;
  }

  readonly #onEvent = (bytes: Buffer, start: number, end: number): void => {
    if (this.#state !== 'more') return;
    const whole = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
    const event = readStreamEvent(whole);
    if (event.kind === 'done') {
      this.tail.push(whole);
      this.#state = 'done';
    } else if (event.kind === 'error') {
      this.#state = 'error';
    } else if (event.kind === 'usage') {
      this.usage = event.usage;
      this.isUsageLast = event.isAlone;
      if (!event.isAlone) this.#forward(bytes, start, end);
      else if (this.#options.wantsUsage) this.tail.push(whole);
    } else {
      if (event.kind === 'output') this.#noteOutput();
      this.#forward(bytes, start, end);
    }
  };

  #noteOutput(): void {
    // Output after a usage report: the report was not the last word.
    this.isUsageLast = false;
    if (this.#hasOutput) return;
    this.#hasOutput = true;
    this.#options.onFirstOutput();
  }

  #forward(bytes: Buffer, start: number, end: number): void {
    if (!this.#isForwarding) return;
    if (this.tail.length > 0) this.#flushTail();
    if (this.#run === bytes && this.#runEnd === start) {
      this.#runEnd = end;
      return;
    }
    this.#flush();
    this.#run = bytes;
    this.#runStart = start;
    this.#runEnd = end;
  }

  /** Keeps the order where a usage report was not the last event after all. */
  #flushTail(): void {
    this.#flush();
    for (const event of this.tail) this.#write(event);
    this.tail = [];
  }

  #flush(): boolean {
    const run = this.#run;
    if (run === undefined) return true;
    this.#run = undefined;
    const isWhole = this.#runStart === 0 && this.#runEnd === run.length;
    const bytes = isWhole ? run : run.subarray(this.#runStart, this.#runEnd);
    this.delivered.add(bytes);
    return this.#write(bytes);
  }

  #write(bytes: Buffer): boolean {
    const { response, headers } = this.#options;
    if (!this.hasForwarded) response.writeHead(200, headers);
    this.hasForwarded = true;
    return response.write(bytes);
  }
}
