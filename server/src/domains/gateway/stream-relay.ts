/**
 * Passes a stream on to the caller in whole events, byte for byte unless it is converted, and keeps what the bill needs of
 * it. What the upstream said is read in the upstream's dialect.
 */
import type { ServerResponse } from 'node:http';
import { DeliveredText } from './core/delivered-text.ts';
import type { StreamConverter, StreamReader, Surface } from './core/dialect.ts';
import { EventScanner } from './core/event-stream.ts';

export interface StreamRelayOptions {
  response: ServerResponse;
  headers: Record<string, string>;
  /** What the upstream was asked. */
  surface: Surface;
  wantsUsage: boolean;
  /** Where the caller speaks another dialect than the upstream. */
  converter: StreamConverter | undefined;
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
  readonly reader: StreamReader;
  readonly delivered: DeliveredText;
  hasForwarded = false;
  /** Something that a model wrote came after the caller had left. */
  hasDropped = false;
  readonly #options: StreamRelayOptions;
  readonly #converter: StreamConverter | undefined;
  readonly #scanner = new EventScanner();
  /** What is held back until something follows or the call is paid for, such as the end mark. */
  #tail: Buffer[] = [];
  #isForwarding = true;
  #hasOutput = false;
  #state: StreamState = 'more';
  // Events that follow each other in one piece of memory are sent in one write, as they lie.
  #run: Buffer | undefined;
  #runStart = 0;
  #runEnd = 0;
  /** Converted events of one chunk: sent in one write. */
  #converted: Buffer[] = [];

  constructor(options: StreamRelayOptions) {
    const { surface, wantsUsage, converter } = options;
    this.#options = options;
    this.#converter = converter;
    // A converter decides by itself what becomes of a report.
    this.reader = surface.openStream({ wantsUsage: wantsUsage || converter !== undefined });
    this.delivered = new DeliveredText(surface.readDelivered);
  }

  take(chunk: Buffer): StreamState {
    const isSmall = this.#scanner.push(chunk, this.#onEvent);
    this.#flush();
    if (this.#state !== 'more') return this.#state;
    if (!isSmall) return 'too_large';
    return this.#options.response.writableNeedDrain ? 'full' : 'more';
  }

  /** At the upstream's end: what came after the last whole event. */
  takeRest(): StreamState {
    const rest = this.#scanner.rest();
    if (rest.length > 0) this.#onEvent(rest, 0, rest.length);
    this.#flush();
    return this.#state;
  }

  /** Whether what came is all of an answer, though no end mark followed. */
  isWhole(): boolean {
    return this.reader.isWhole || this.delivered.isFinished();
  }

  /** Sends what was held back, and with it the end. */
  finish(): void {
    const { response, headers } = this.#options;
    if (!this.hasForwarded) response.writeHead(200, headers);
    if (this.#converter) this.#tail.push(this.#converter.end());
    response.end(Buffer.concat(this.#tail));
  }

  /** The caller left: from here on only usage is of interest. */
  stopForwarding(): void {
    this.#isForwarding = false;
  }

  readonly #onEvent = (bytes: Buffer, start: number, end: number): void => {
    if (this.#state !== 'more') return;
    const event = start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end);
    const kind = this.reader.read(event);
    if (kind === 'error') this.#state = 'error';
    else if (kind === 'end') {
      this.#hold(event);
      this.#state = 'done';
    } else if (kind === 'held') this.#hold(event);
    else if (kind !== 'hidden') {
      if (kind === 'output') this.#noteOutput();
      if (kind === 'output' && !this.#isForwarding) this.hasDropped = true;
      this.#forward(bytes, start, end);
    }
  };

  #noteOutput(): void {
    if (this.#hasOutput) return;
    this.#hasOutput = true;
    this.#options.onFirstOutput();
  }

  #hold(event: Buffer): void {
    if (!this.#isForwarding) return;
    this.#flush();
    this.delivered.add(event);
    const held = this.#converter ? this.#converter.push(event) : event;
    if (held) this.#tail.push(held);
  }

  #forward(bytes: Buffer, start: number, end: number): void {
    if (!this.#isForwarding) return;
    if (this.#tail.length > 0) this.#flushTail();
    if (this.#converter) this.#convert(this.#converter, bytes.subarray(start, end));
    else if (this.#run === bytes && this.#runEnd === start) this.#runEnd = end;
    else {
      this.#flush();
      this.#run = bytes;
      this.#runStart = start;
      this.#runEnd = end;
    }
  }

  #convert(converter: StreamConverter, event: Buffer): void {
    this.delivered.add(event);
    const converted = converter.push(event);
    if (converted) this.#converted.push(converted);
  }

  /** Keeps the order where what was held was not the last event after all. */
  #flushTail(): void {
    this.#flush();
    for (const event of this.#tail) this.#write(event);
    this.#tail = [];
  }

  #flush(): void {
    if (this.#converted.length > 0) {
      const [first] = this.#converted;
      const isOne = this.#converted.length === 1 && first;
      this.#write(isOne ? first : Buffer.concat(this.#converted));
      this.#converted = [];
    }
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    const isWhole = this.#runStart === 0 && this.#runEnd === run.length;
    const bytes = isWhole ? run : run.subarray(this.#runStart, this.#runEnd);
    this.delivered.add(bytes);
    this.#write(bytes);
  }

  #write(bytes: Buffer): void {
    const { response, headers } = this.#options;
    if (!this.hasForwarded) response.writeHead(200, headers);
    this.hasForwarded = true;
    response.write(bytes);
  }
}
