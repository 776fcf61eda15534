import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { EventScanner, eventBytesMax } from './event-stream.ts';

/** Pushes the stream in pieces cut at the offsets; answers the events and the rest. */
function scan(bytes: Buffer, cuts: readonly number[] = []) {
  const scanner = new EventScanner();
  const events: string[] = [];
  const offsets = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b);
  for (const [index, from] of offsets.slice(0, -1).entries()) {
    scanner.push(bytes.subarray(from, offsets[index + 1]), (buffer, start, end) => {
      events.push(buffer.toString('utf8', start, end));
    });
  }
  return { events, rest: scanner.rest().toString() };
}

const ending = fc.constantFrom('\n', '\r\n');
const line = fc.constantFrom(
  'data: {"choices":[{"delta":{"content":"héllo 你好 🌊"}}]}',
  'data:x',
  'event: error',
  ': keep-alive',
  'data: ',
  'id: 7',
);
const stream = fc
  .array(fc.tuple(fc.array(line, { minLength: 1, maxLength: 3 }), ending), { maxLength: 8 })
  .map((events) => events.map(([lines, end]) => lines.map((one) => one + end).join('') + end));

describe('EventScanner', () => {
  test.prop([stream, fc.array(fc.nat(600), { maxLength: 30 })])(
    'finds the same events wherever the stream is cut, and loses no byte',
    (events, cuts) => {
      const bytes = Buffer.from(`${events.join('')}data: unfinis`);
      const within = cuts.filter((cut) => cut < bytes.length);
      expect(scan(bytes, within)).toEqual({ events, rest: 'data: unfinis' });
    },
  );

  it('cuts byte by byte, through characters and line endings', () => {
    const text = 'data: 你好 🌊\r\n\r\n: ping\n\ndata: [DONE]\n\n';
    const bytes = Buffer.from(text);
    const everywhere = Array.from({ length: bytes.length }, (_, index) => index);
    expect(scan(bytes, everywhere).events).toEqual([
      'data: 你好 🌊\r\n\r\n',
      ': ping\n\n',
      'data: [DONE]\n\n',
    ]);
  });

  it('keeps an event of a megabyte whole', () => {
    const event = `data: ${'x'.repeat(1024 * 1024)}\n\n`;
    const cuts = Array.from({ length: 16 }, (_, index) => index * 65_536);
    expect(scan(Buffer.from(event), cuts).events).toEqual([event]);
  });

  it('says so when an event never ends', () => {
    const scanner = new EventScanner();
    const chunk = Buffer.alloc(eventBytesMax / 2, 'x');
    const push = () => scanner.push(chunk, () => undefined);
    expect([push(), push(), push()]).toEqual([true, true, false]);
  });
});
