import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { EventScanner } from '../event-stream.ts';
import { GenerateStream } from './generate-stream.ts';
import { answerText, readDelivered } from './text.ts';

const event = (chunk: object) => Buffer.from(`data: ${JSON.stringify(chunk)}\r\n\r\n`);
const content = (text: string) => ({ role: 'model', parts: [{ text }] });
const said = (text: string, more: object = {}) => ({
  candidates: [{ content: content(text), index: 0, ...more }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: text.length },
  modelVersion: 'gemini-2.5-flash',
});

function readAll(...chunks: object[]) {
  const stream = new GenerateStream();
  const events = chunks.map((chunk) => stream.read(Buffer.isBuffer(chunk) ? chunk : event(chunk)));
  return { stream, events };
}

describe('GenerateStream', () => {
  it('holds the chunk that says why the answer ended', () => {
    const { stream, events } = readAll(
      said('a'),
      said('ab'),
      said('abc', { finishReason: 'STOP' }),
    );
    expect(events).toEqual(['output', 'output', 'held']);
    expect(stream).toMatchObject({ isWhole: true, isUsageFinal: true });
    expect(stream.usage).toMatchObject({ inputTokens: 10, outputTokens: 3 });
  });

  it('knows a stream that just stops from one that ended', () => {
    const { stream } = readAll(said('a'), said('ab'));
    expect(stream).toMatchObject({ isWhole: false, isUsageFinal: false });
    expect(stream.usage?.outputTokens).toBe(2);
  });

  it.each([
    [
      'a blocked prompt',
      { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 10 } },
      'held',
      true,
    ],
    ['an answer cut by its limit', said('', { finishReason: 'MAX_TOKENS' }), 'held', true],
    ['an answer to be continued', said('', { finishReason: 'CONTINUATION' }), 'held', true],
    [
      'a reason that is none',
      said('a', { finishReason: 'FINISH_REASON_UNSPECIFIED' }),
      'output',
      false,
    ],
    ['an empty reason', said('a', { finishReason: '' }), 'output', false],
    [
      'a reason in an argument',
      {
        candidates: [
          {
            content: {
              parts: [{ functionCall: { name: 'f', args: { finishReason: 'STOP', error: {} } } }],
            },
          },
        ],
      },
      'output',
      false,
    ],
    ['an error', { error: { code: 503, message: 'Busy.', status: 'UNAVAILABLE' } }, 'error', false],
    ['an error in a list', [{ error: { code: 503 } }], 'error', false],
    ['a chunk with a report alone', { usageMetadata: { promptTokenCount: 10 } }, 'silent', false],
    ['a keep-alive', Buffer.from(': ping\n\n'), 'silent', false],
    ['an end mark of somebody else', Buffer.from('data: [DONE]\n\n'), 'hidden', false],
    ['an event that is named an error', Buffer.from('event: error\ndata: {}\n\n'), 'error', false],
    ['no JSON', Buffer.from('data: oh\n\n'), 'output', false],
  ])('reads %s', (_, chunk, expected, isWhole) => {
    const { stream, events } = readAll(chunk);
    expect(events).toEqual([expected]);
    expect(stream.isWhole).toBe(isWhole);
  });

  it('takes a report that comes behind the end', () => {
    const ended = { candidates: [{ content: content('a'), finishReason: 'STOP' }] };
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 1, thoughtsTokenCount: 6 };
    const { stream, events } = readAll(ended, { usageMetadata });
    expect(events).toEqual(['held', 'held']);
    expect(stream).toMatchObject({ isWhole: true, isUsageFinal: true });
    expect(stream.usage).toMatchObject({ outputTokens: 7, reasoningTokens: 6 });
  });

  it('takes the report before a broken one', () => {
    const broken = {
      ...said('abc', { finishReason: 'STOP' }),
      usageMetadata: { promptTokenCount: -1 },
    };
    expect(readAll(said('a'), said('ab'), broken).stream.usage?.outputTokens).toBe(2);
  });

  it('is whole once every answer of several has ended', () => {
    const of = (index: number, more: object) => ({
      candidates: [{ content: content('a'), index, ...more }],
    });
    const { stream, events } = readAll(
      {
        candidates: [
          { index: 0, content: content('a') },
          { index: 1, content: content('a'), finishReason: 'STOP' },
        ],
      },
      of(0, { finishReason: 'STOP' }),
    );
    expect(events).toEqual(['output', 'held']);
    expect(stream.isWhole).toBe(true);
  });

  it('counts the searches of all chunks', () => {
    const searched = (...webSearchQueries: string[]) =>
      said('a', { groundingMetadata: { webSearchQueries } });
    const { stream } = readAll(
      { ...searched('x', 'y'), modelVersion: 'gemini-3-flash' },
      { ...searched('y', 'z'), modelVersion: 'gemini-3-flash' },
      said('a', { finishReason: 'STOP' }),
    );
    expect(stream.usage?.searches).toBe(1);
    const newer = readAll({ ...searched('x', 'y', ''), modelVersion: 'gemini-3-flash' }).stream;
    expect(newer.usage?.searches).toBe(2);
  });

  it.each([{ seed: 11 }, {}])('reads the same in whatever pieces it comes (%j)', (options) => {
    const chunks = [
      said('Grüße, 世界 👋'),
      said('\n\ndata: {"error":{}}\n\n'),
      said('x', { finishReason: 'STOP' }),
    ];
    const bytes = Buffer.concat([Buffer.from(': keep-alive\n\n'), ...chunks.map(event)]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        const stream = new GenerateStream();
        const scanner = new EventScanner();
        const kinds: string[] = [];
        let from = 0;
        for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
          scanner.push(Buffer.from(bytes.subarray(from, to)), (chunk, start, end) => {
            kinds.push(stream.read(chunk.subarray(start, end)));
          });
          from = to;
        }
        expect(kinds).toEqual(['silent', 'output', 'output', 'held']);
        expect(stream.usage).toMatchObject({ inputTokens: 10, outputTokens: 1 });
        expect(stream.isWhole).toBe(true);
      }),
      options,
    );
  });

  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    fc.jsonValue().map((value) => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)),
    fc
      .record({
        candidates: fc.jsonValue(),
        usageMetadata: fc.jsonValue(),
        promptFeedback: fc.jsonValue(),
        error: fc.jsonValue(),
      })
      .map((value) => event(value)),
  );
  test.prop([fc.array(junk)])('reads any events without failing', (events) => {
    const stream = new GenerateStream();
    for (const bytes of events) {
      expect(['output', 'silent', 'hidden', 'held', 'error']).toContain(stream.read(bytes));
      expect(stream.usage?.outputTokens ?? 0).toBeGreaterThanOrEqual(0);
    }
  });

  it('reads an event of a megabyte', () => {
    const { stream, events } = readAll(said('x'.repeat(1_048_576), { finishReason: 'STOP' }));
    expect(events).toEqual(['held']);
    expect(stream.usage?.outputTokens).toBe(1_048_576);
  });
});

describe('readDelivered', () => {
  it('takes text, thoughts and calls, but no signatures', () => {
    const parts = [
      { text: 'Hm. ', thought: true, thoughtSignature: 'AAAA' },
      { text: 'Hello' },
      { functionCall: { name: 'weather', args: { city: 'Oslo' } } },
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
    ];
    const chunk = {
      candidates: [
        { content: { parts } },
        { content: { parts: [{ text: '!' }] }, finishReason: 'STOP' },
      ],
    };
    expect(readDelivered(JSON.stringify(chunk))).toEqual({
      text: 'Hm. Helloweather{"city":"Oslo"}print(1)!',
      isFinished: true,
    });
    expect(answerText(JSON.stringify(chunk))).toContain('Hello');
  });

  it.each(['', '{', '[]', '{"candidates":[null,{"content":{"parts":[1]}}]}'])(
    'takes nothing from %j',
    (data) => {
      expect(readDelivered(data)).toEqual({ text: '', isFinished: false });
    },
  );
});
