import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { messages } from './index.ts';

const event = (data: { type: string; [field: string]: unknown }) =>
  Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
const started = (usage: object) => event({ type: 'message_start', message: { usage } });
const delta = (fields: object) => event({ type: 'content_block_delta', index: 0, delta: fields });
const ended = (usage: object, stop_reason: string | null = 'end_turn') =>
  event({ type: 'message_delta', delta: { stop_reason }, usage });
const wrote = delta({ type: 'text_delta', text: 'Hi "usage" \n event: error' });
const open = () => messages.openStream({ wantsUsage: true });

describe('a stream', () => {
  it.each([
    ['text', wrote, 'output'],
    ['thoughts', delta({ type: 'thinking_delta', thinking: 'Hm' }), 'output'],
    ['the input of a tool', delta({ type: 'input_json_delta', partial_json: '{' }), 'output'],
    ['a signature', delta({ type: 'signature_delta', signature: 'x' }), 'output'],
    ['a citation', delta({ type: 'citations_delta', citation: {} }), 'output'],
    [
      'an empty block',
      event({ type: 'content_block_start', content_block: { type: 'text', text: '' } }),
      'silent',
    ],
    [
      'a call of a tool',
      event({ type: 'content_block_start', content_block: { type: 'tool_use', name: 'x' } }),
      'output',
    ],
    [
      'secret thoughts',
      event({
        type: 'content_block_start',
        content_block: { type: 'redacted_thinking', data: 'x' },
      }),
      'output',
    ],
    ['an end of a block', event({ type: 'content_block_stop', index: 0 }), 'silent'],
    ['a ping', Buffer.from('event: ping\ndata: {"type": "ping"}\n\n'), 'silent'],
    ['a comment', Buffer.from(': keep-alive\n\n'), 'silent'],
    ['an event that is new', event({ type: 'something_else' }), 'silent'],
    ['no JSON', Buffer.from('data: {\n\n'), 'silent'],
    ['an error', event({ type: 'error', error: { type: 'overloaded_error' } }), 'error'],
    ['an error without a name', Buffer.from('data: {"type":"error","error":{}}\n\n'), 'error'],
    ['a report in the middle', ended({ output_tokens: 5 }, null), 'silent'],
    ['the reason of its end', ended({ output_tokens: 5 }), 'held'],
    ['its end', event({ type: 'message_stop' }), 'end'],
  ])('takes %s for what it is', (_, bytes, kind) => {
    expect(open().read(bytes)).toBe(kind);
  });

  it('that breaks off has reported its input, which was not its last word', () => {
    const reader = open();
    reader.read(started({ input_tokens: 500, cache_read_input_tokens: 100, output_tokens: 1 }));
    reader.read(wrote);
    expect(reader).toMatchObject({
      usage: { inputTokens: 600, cachedInputTokens: 100, outputTokens: 1 },
      isUsageFinal: false,
      isWhole: false,
    });
    reader.read(ended({ output_tokens: 40 }));
    expect(reader).toMatchObject({
      usage: { outputTokens: 40 },
      isUsageFinal: true,
      isWhole: false,
    });
    reader.read(wrote);
    expect(reader.isUsageFinal).toBe(false);
  });

  it('that never reports has no usage, and one of zeros has', () => {
    const silent = open();
    silent.read(event({ type: 'message_start', message: {} }));
    silent.read(ended({}));
    expect(silent.usage).toBeUndefined();
    const free = open();
    free.read(started({ input_tokens: 0, output_tokens: 0 }));
    expect(free.usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });

  it.each([-1, 1.5, 1e12, '5', null])('has no figure in a report of %j', (broken) => {
    const reader = open();
    reader.read(started({ input_tokens: 7, output_tokens: 1 }));
    reader.read(ended({ input_tokens: broken, output_tokens: broken }));
    expect(reader.usage).toMatchObject({ inputTokens: 7, outputTokens: 1 });
    const other = open();
    other.read(started({ input_tokens: broken, output_tokens: 1 }));
    expect(other.usage).toBeUndefined();
  });

  it('never has parts that are larger than their whole', () => {
    const reader = open();
    const cache_creation = { ephemeral_1h_input_tokens: 900, ephemeral_5m_input_tokens: 0 };
    reader.read(
      started({
        input_tokens: 7,
        cache_creation_input_tokens: 100,
        cache_creation,
        output_tokens: 1,
      }),
    );
    reader.read(ended({ output_tokens: 10, output_tokens_details: { thinking_tokens: 50 } }));
    expect(reader.usage).toEqual({
      ...{ inputTokens: 107, cachedInputTokens: 0, cacheWriteTokens: 100, cacheWrite1hTokens: 100 },
      ...{ outputTokens: 10, reasoningTokens: 10, estimated: false },
    });
  });
});

describe('an answer', () => {
  const read = (body: object) => messages.readAnswer(Buffer.from(JSON.stringify(body)));

  it('of status 200 may be an error', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    expect(read({ type: 'error', error })).toEqual({ isFailure: true, usage: undefined });
    expect(read({ content: [], error: null, usage: {} }).isFailure).toBe(false);
  });

  it('that is no JSON has no usage and no text', () => {
    expect(messages.readAnswer(Buffer.from('<html>'))).toEqual({
      isFailure: false,
      usage: undefined,
    });
    expect(messages.answerText('<html>')).toBe('');
  });
});

describe('whatever comes', () => {
  test.prop([fc.uint8Array({ maxLength: 300 })])('is read without a throw', (bytes) => {
    const reader = open();
    expect(['silent', 'output', 'error']).toContain(reader.read(Buffer.from(bytes)));
    messages.readAnswer(Buffer.from(bytes));
    messages.readRequest(Buffer.from(bytes), { headers: {} });
    const text = Buffer.from(bytes).toString();
    messages.readDelivered(text);
    messages.answerText(text);
    messages.countInput(text, (one) => one.length);
  });

  test.prop([fc.json(), fc.json(), fc.json()])(
    'has whole figures that fit',
    (usage, content, tools) => {
      const body = `{"model":"m","max_tokens":1,"messages":[{"content":${content}}],"tools":${tools}}`;
      messages.readRequest(Buffer.from(body), { headers: {} });
      const reader = open();
      reader.read(Buffer.from(`data: {"type":"message_start","message":{"usage":${usage}}}\n\n`));
      reader.read(
        Buffer.from(`data: {"type":"message_delta","delta":${content},"usage":${usage}}\n\n`),
      );
      for (const part of Object.values(reader.usage ?? {})) {
        if (typeof part === 'number') expect(Number.isInteger(part) && part >= 0).toBe(true);
      }
    },
  );

  const figure = fc.oneof(fc.nat(1_000_000), fc.constantFrom(-1, 1.5, null, '1', 2e8));
  const report = fc.record(
    {
      input_tokens: figure,
      cache_read_input_tokens: figure,
      cache_creation_input_tokens: figure,
      cache_creation: fc.record({
        ephemeral_1h_input_tokens: figure,
        ephemeral_5m_input_tokens: figure,
      }),
      output_tokens: figure,
      output_tokens_details: fc.record({ thinking_tokens: figure }),
    },
    { requiredKeys: [] },
  );
  test.prop([report, report])('adds up', (first, last) => {
    const reader = open();
    reader.read(started(first));
    reader.read(ended(last));
    const { usage } = reader;
    if (usage === undefined) return;
    expect(usage.cachedInputTokens + usage.cacheWriteTokens).toBeLessThanOrEqual(usage.inputTokens);
    expect(usage.cacheWrite1hTokens ?? 0).toBeLessThanOrEqual(usage.cacheWriteTokens);
    expect(usage.reasoningTokens).toBeLessThanOrEqual(usage.outputTokens);
  });
});
