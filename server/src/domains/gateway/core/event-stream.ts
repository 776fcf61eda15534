/**
 * Cuts a stream of server-sent events into whole events without copying them: what lies in one chunk is a range of it.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** Largest single event; a longer one is no answer of a language model. */
export const eventBytesMax = 8 * 1024 * 1024;

export type OnEvent = (bytes: Buffer, start: number, end: number) => void;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class EventScanner {
  /** Chunks of an event whose end has not come yet. */
  #parts: Buffer[] = [];
  #partsBytes = 0;
  /** Whether the line that the next chunk goes on with has no bytes so far but a carriage return. */
  #isLineEmpty = true;

  /** Calls back for every event that the chunk completes; false once an event is too large. */
  push(chunk: Buffer, onEvent: OnEvent): boolean {
    let eventStart = 0;
    let lineStart = 0;
    let isLineEmpty = this.#isLineEmpty;
    let at = chunk.indexOf(lineFeed);
    while (at >= 0) {
      const isBlank = isLineEmpty && hasOnlyReturn(chunk, lineStart, at);
      if (isBlank) {
        this.#emit(chunk, eventStart, at + 1, onEvent);
        eventStart = at + 1;
      }
      isLineEmpty = true;
      lineStart = at + 1;
      at = chunk.indexOf(lineFeed, lineStart);
    }
    this.#isLineEmpty = isLineEmpty && hasOnlyReturn(chunk, lineStart, chunk.length);
    if (eventStart < chunk.length) {
      this.#parts.push(eventStart === 0 ? chunk : chunk.subarray(eventStart));
      this.#partsBytes += chunk.length - eventStart;
    }
    return this.#partsBytes <= eventBytesMax;
  }

  /** What came after the last whole event; some upstreams leave out the final blank line. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partsBytes = 0;
    return rest;
  }

  #emit(chunk: Buffer, start: number, end: number, onEvent: OnEvent): void {
    if (this.#partsBytes === 0) {
      onEvent(chunk, start, end);
    } else {
      this.#parts.push(chunk.subarray(start, end));
      const whole = this.rest();
      onEvent(whole, 0, whole.length);
    }
  }
}

function hasOnlyReturn(bytes: Buffer, start: number, end: number): boolean {
  return start === end || (end - start === 1 && bytes[start] === carriageReturn);
}
