/** Answers as Anthropic sends them, and what they cost: each feature whole, and as a stream. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../../../metering/index.ts';
import { EventScanner } from '../event-stream.ts';
import { messages } from './index.ts';

interface Vector {
  feature: string;
  content: object[];
  stopReason: string;
  /** Of the whole answer. */
  usage: object;
  /** Where the stream tells it otherwise: at its start, and at its end. */
  started?: object;
  ended?: object;
  expected: Partial<Usage>;
  text: string;
}

const noCache = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
const split = (fiveMinutes: number, oneHour: number) => ({
  cache_creation: {
    ephemeral_5m_input_tokens: fiveMinutes,
    ephemeral_1h_input_tokens: oneHour,
  },
});
const usage = (fields: object): object => ({
  ...{ input_tokens: 25, ...noCache, ...split(0, 0), output_tokens: 15 },
  ...{ service_tier: 'standard', inference_geo: 'not_available', ...fields },
});
const text = (words: string) => ({ type: 'text', text: words, citations: null });

const vectors: Vector[] = [
  {
    feature: 'plain text',
    content: [text('Hello there')],
    stopReason: 'end_turn',
    usage: usage({}),
    expected: { inputTokens: 25, cachedInputTokens: 0, cacheWriteTokens: 0, outputTokens: 15 },
    text: 'Hello there',
  },
  {
    feature: 'an answer of nothing',
    content: [],
    stopReason: 'end_turn',
    usage: usage({ input_tokens: 0, output_tokens: 0 }),
    expected: { inputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
    text: '',
  },
  {
    feature: 'calls of tools',
    content: [
      text('Let me see.'),
      { type: 'tool_use', id: 'toolu_1', name: 'get', input: { a: 1 } },
    ],
    stopReason: 'tool_use',
    usage: usage({ input_tokens: 472, output_tokens: 89 }),
    ended: { output_tokens: 89 },
    expected: { inputTokens: 472, outputTokens: 89 },
    text: 'Let me see.get{"a":1}',
  },
  {
    feature: 'thoughts',
    content: [{ type: 'thinking', thinking: 'Hm.', signature: 'EqQB' }, text('Yes')],
    stopReason: 'end_turn',
    usage: usage({ output_tokens: 300, output_tokens_details: { thinking_tokens: 250 } }),
    expected: { inputTokens: 25, outputTokens: 300, reasoningTokens: 250 },
    text: 'Hm.Yes',
  },
  {
    feature: 'a write that is kept for five minutes',
    content: [text('Ok')],
    stopReason: 'end_turn',
    usage: usage({ input_tokens: 21, cache_creation_input_tokens: 2048, ...split(2048, 0) }),
    ended: { output_tokens: 15 },
    expected: { inputTokens: 2069, cachedInputTokens: 0, cacheWriteTokens: 2048 },
    text: 'Ok',
  },
  {
    feature: 'writes that are kept for an hour, and for five minutes',
    content: [text('Ok')],
    stopReason: 'end_turn',
    usage: usage({ input_tokens: 10, cache_creation_input_tokens: 556, ...split(456, 100) }),
    expected: { inputTokens: 566, cacheWriteTokens: 556, cacheWrite1hTokens: 100 },
    text: 'Ok',
  },
  {
    feature: 'a read of the cache',
    content: [text('Ok')],
    stopReason: 'max_tokens',
    usage: usage({ input_tokens: 50, cache_read_input_tokens: 100_000 }),
    ended: { output_tokens: 15 },
    expected: { inputTokens: 100_050, cachedInputTokens: 100_000, cacheWriteTokens: 0 },
    text: 'Ok',
  },
  {
    feature: 'a read and a write',
    content: [text('Ok')],
    stopReason: 'stop_sequence',
    usage: usage({
      ...{ input_tokens: 50, cache_read_input_tokens: 1800, cache_creation_input_tokens: 248 },
      ...split(148, 100),
    }),
    expected: {
      ...{ inputTokens: 2098, cachedInputTokens: 1800 },
      ...{ cacheWriteTokens: 248, cacheWrite1hTokens: 100 },
    },
    text: 'Ok',
  },
  {
    feature: 'searches, which grow the input',
    content: [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
      text('Found'),
    ],
    stopReason: 'end_turn',
    usage: usage({
      ...{ input_tokens: 105, cache_read_input_tokens: 7123, cache_creation_input_tokens: 7345 },
      ...{ ...split(7345, 0), output_tokens: 6039 },
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
    }),
    started: usage({ input_tokens: 2679, output_tokens: 3 }),
    ended: {
      ...{ input_tokens: 105, cache_read_input_tokens: 7123, cache_creation_input_tokens: 7345 },
      ...{ output_tokens: 6039, server_tool_use: { web_search_requests: 2 } },
    },
    expected: {
      ...{ inputTokens: 14_573, cachedInputTokens: 7123, cacheWriteTokens: 7345 },
      ...{ outputTokens: 6039, searches: 2 },
    },
    text: 'web_search{"query":"x"}Found',
  },
  {
    feature: 'a refusal',
    content: [text('I')],
    stopReason: 'refusal',
    usage: usage({ output_tokens: 1 }),
    expected: { inputTokens: 25, outputTokens: 1 },
    text: 'I',
  },
  {
    feature: 'an upstream that knows the input only at the end',
    content: [text('Ok')],
    stopReason: 'end_turn',
    usage: usage({ input_tokens: 33, output_tokens: 7 }),
    started: { input_tokens: 0, output_tokens: 0 },
    ended: { input_tokens: 33, output_tokens: 7 },
    expected: { inputTokens: 33, outputTokens: 7 },
    text: 'Ok',
  },
  {
    feature: 'an upstream that says zeros at the end',
    content: [text('Ok')],
    stopReason: 'end_turn',
    usage: usage({ input_tokens: 33, cache_read_input_tokens: 4, output_tokens: 7 }),
    ended: { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 7 },
    expected: { inputTokens: 37, cachedInputTokens: 4, outputTokens: 7 },
    text: 'Ok',
  },
  {
    feature: 'priority capacity, at the usual price',
    content: [text('Ok')],
    stopReason: 'end_turn',
    usage: usage({ service_tier: 'priority' }),
    expected: { inputTokens: 25, outputTokens: 15 },
    text: 'Ok',
  },
];

const event = (data: { type: string; [field: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

function documentOf(vector: Vector): string {
  return JSON.stringify({
    ...{ model: 'claude-sonnet-4-5', id: 'msg_1', type: 'message', role: 'assistant' },
    ...{ content: vector.content, stop_reason: vector.stopReason, stop_sequence: null },
    usage: vector.usage,
  });
}

/** The deltas that make up a block, begun as the vendor begins it. */
function eventsOfBlock(block: Record<string, unknown>, index: number): string[] {
  const delta = (fields: object) => event({ type: 'content_block_delta', index, delta: fields });
  const start = (fields: object) =>
    event({ type: 'content_block_start', index, content_block: { ...block, ...fields } });
  const stop = event({ type: 'content_block_stop', index });
  if (block.type === 'text') {
    return [start({ text: '' }), delta({ type: 'text_delta', text: block.text }), stop];
  }
  if (block.type === 'thinking') {
    const thinking = delta({ type: 'thinking_delta', thinking: block.thinking });
    const signature = delta({ type: 'signature_delta', signature: block.signature });
    return [start({ thinking: '', signature: '' }), thinking, signature, stop];
  }
  if (block.input === undefined) return [start({}), stop];
  const json = JSON.stringify(block.input);
  const parts = [json.slice(0, 3), json.slice(3)].map((partial_json) =>
    delta({ type: 'input_json_delta', partial_json }),
  );
  return [start({ input: {} }), ...parts, stop];
}

function eventsOf(vector: Vector): string[] {
  const started = vector.started ?? { ...vector.usage, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', content: [], stop_reason: null, usage: started };
  const delta = { stop_reason: vector.stopReason, stop_sequence: null };
  return [
    event({ type: 'message_start', message }),
    event({ type: 'ping' }),
    ...vector.content.flatMap((block, index) => eventsOfBlock({ ...block }, index)),
    event({ type: 'message_delta', delta, usage: vector.ended ?? vector.usage }),
    event({ type: 'message_stop' }),
  ];
}

/** Reads a stream as the relay does, and everything that was delivered of it. */
function readStream(bytes: Buffer[]) {
  const reader = messages.openStream({ wantsUsage: true });
  const scanner = new EventScanner();
  const kinds: string[] = [];
  let delivered = '';
  for (const chunk of bytes) {
    scanner.push(chunk, (whole, start, end) => {
      const one = whole.subarray(start, end);
      kinds.push(reader.read(one));
      const data = /^data: (.*)$/m.exec(one.toString())?.[1];
      if (data) delivered += messages.readDelivered(data).text;
    });
  }
  return { reader, kinds, delivered };
}

describe.each(vectors)('$feature', (vector) => {
  const usual = { estimated: false, outputTokens: 15, reasoningTokens: 0, ...vector.expected };

  it('is read from a whole answer', () => {
    const body = documentOf(vector);
    const report = messages.readAnswer(Buffer.from(body));
    expect(report).toMatchObject({ isFailure: false, usage: usual });
    expect(report.usage?.serviceTier).toBeUndefined();
    expect(messages.answerText(body)).toBe(vector.text);
  });

  it('is read from a stream, wherever that is cut', () => {
    const events = eventsOf(vector);
    const bytes = Buffer.from(events.join(''));
    const whole = readStream([bytes]);
    expect(whole.reader).toMatchObject({ isUsageFinal: true, isWhole: true, usage: usual });
    expect(whole.kinds.slice(0, 2)).toEqual(['silent', 'silent']);
    expect(whole.kinds.slice(-2)).toEqual(['held', 'end']);
    expect(whole.delivered).toBe(vector.text);
    for (const size of [1, 7, 100]) {
      const count = Math.ceil(bytes.length / size);
      const cut = Array.from({ length: count }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(readStream(cut)).toEqual(whole);
    }
  });

  it('is the same with other line ends, and without the names of events', () => {
    const usages = [
      eventsOf(vector).map((one) => one.replaceAll('\n', '\r\n')),
      eventsOf(vector).map((one) => one.replace(/^event: .*\n/, '')),
      eventsOf(vector).map((one) => one.replaceAll(': ', ':')),
    ].map((events) => readStream([Buffer.from(events.join(''))]).reader.usage);
    for (const found of usages) expect(found).toMatchObject(usual);
  });
});

describe('any stream', () => {
  /** The bytes, cut at these places. */
  function cutAt(bytes: Buffer, places: number[]): Buffer[] {
    const cuts = [0, ...places.map((place) => place % bytes.length), bytes.length];
    cuts.sort((a, b) => a - b);
    return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
  }

  const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant('"usage":'));
  const places = fc.array(fc.nat(), { maxLength: 30 });
  test.prop([fc.constantFrom(...vectors), fc.array(words, { maxLength: 5 }), places, fc.boolean()])(
    'costs the same wherever it is cut, whatever is said in it',
    (vector, said, at, hasReturns) => {
      const content = [...vector.content, ...said.filter((one) => one !== '').map(text)];
      const events = eventsOf({ ...vector, content }).flatMap((one) => [one, ': keep-alive\n\n']);
      const joined = hasReturns ? events.join('').replaceAll('\n', '\r\n') : events.join('');
      const { reader } = readStream(cutAt(Buffer.from(joined), at));
      const { reader: usual } = readStream([Buffer.from(eventsOf(vector).join(''))]);
      expect(reader.usage).toEqual(usual.usage);
      expect(reader).toMatchObject({ isUsageFinal: true, isWhole: true });
    },
  );

  it('may have an event of a megabyte', () => {
    const [vector] = vectors;
    if (vector === undefined) throw new Error('there is a vector');
    const long = 'é"\\'.repeat(250_000);
    const bytes = Buffer.from(eventsOf({ ...vector, content: [text(long)] }).join(''));
    const halves = [bytes.subarray(0, 500_001), bytes.subarray(500_001)];
    const { reader, delivered } = readStream(halves);
    expect(delivered).toBe(long);
    expect(reader.usage).toMatchObject({ inputTokens: 25, outputTokens: 15 });
  });
});
