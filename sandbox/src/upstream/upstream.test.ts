import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
});

afterAll(() => sandbox.close());

beforeEach(async () => {
  await fetch(address('/scenario'), { method: 'DELETE' });
  await fetch(address('/calls'), { method: 'DELETE' });
});

const address = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox/upstream${path}`;

interface CallOptions {
  key?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

function chat(content: string, fields: object = {}, options: CallOptions = {}): Promise<Response> {
  return fetch(address('/v1/chat/completions'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${options.key ?? sandbox.upstreamKey}`,
      'content-type': 'application/json',
      ...options.headers,
    },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content }],
      ...fields,
    }),
    signal: options.signal ?? null,
  });
}

const streamed = { stream: true, stream_options: { include_usage: true } };

interface Chunk {
  id: string;
  object: string;
  model: string;
  choices: { index: number; delta: { content?: string }; finish_reason: string | null }[];
  usage?: Record<string, unknown> | null;
  error?: object;
}

/** The events of a stream up to its end, and whether the connection broke there. */
async function readEvents(answer: Response) {
  const decoder = new TextDecoder();
  let text = '';
  let isBroken = false;
  try {
    for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
  } catch {
    isBroken = true;
  }
  const events = text.split('\n\n').filter((event) => event !== '');
  const isDone = events.at(-1) === 'data: [DONE]';
  const chunks = (isDone ? events.slice(0, -1) : events).map(
    (event) => JSON.parse(event.slice('data: '.length)) as Chunk,
  );
  return { chunks, isDone, isBroken };
}

const contentOf = (chunks: Chunk[], index = 0) =>
  chunks.flatMap((chunk) =>
    chunk.choices
      .filter((choice) => choice.index === index)
      .map((choice) => choice.delta.content ?? ''),
  );

interface LoggedCall {
  id: string;
  key: string;
  outcome: string;
  tokens_sent: number;
  client_request_id: string | null;
}

async function calls(query = '') {
  const answer = await fetch(address(`/calls${query}`));
  return (await answer.json()) as { data: LoggedCall[]; totals: Record<string, object> };
}

const post = (body: object) =>
  fetch(address('/scenario'), { method: 'POST', body: JSON.stringify(body) });

describe('chat completions', () => {
  test('answers a document with usage', async () => {
    const answer = await (await chat('hello')).json();
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'gpt-4o-mini',
      choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
    });
    const { content } = answer.choices[0].message;
    expect(answer.usage).toMatchObject({
      prompt_tokens: 2,
      completion_tokens: Math.ceil(Buffer.byteLength(content) / 4),
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    });
    expect(answer.usage.total_tokens).toBe(2 + answer.usage.completion_tokens);
    expect(await (await chat('hello')).json()).toMatchObject({ choices: answer.choices });
  });

  test('streams the same words, then usage, then the end', async () => {
    const document = await (await chat('hello')).json();
    const answer = await chat('hello', streamed);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const { chunks, isDone } = await readEvents(answer);
    expect(isDone).toBe(true);
    expect(contentOf(chunks).join('')).toBe(document.choices[0].message.content);
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: document.usage });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  });

  test('mentions usage in a stream only when asked', async () => {
    const { chunks } = await readEvents(await chat('hello', { stream: true }));
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  test.each(['max_tokens', 'max_completion_tokens'])('stops at %s', async (limit) => {
    const answer = await (await chat('hello', { [limit]: 5 })).json();
    expect(answer.choices[0].finish_reason).toBe('length');
    expect(answer.usage.completion_tokens).toBe(5);
  });

  test('counts reasoning against the maximum', async () => {
    const answer = await (await chat('[[sandbox: reasoning=20]]', { max_tokens: 22 })).json();
    expect(answer.usage).toMatchObject({
      completion_tokens: 22,
      completion_tokens_details: { reasoning_tokens: 20 },
    });
  });

  test('gives as many choices as asked and counts them all', async () => {
    const { chunks } = await readEvents(await chat('[[sandbox: tokens=4]]', { ...streamed, n: 3 }));
    expect(contentOf(chunks, 2)).toEqual(contentOf(chunks, 0));
    expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: 12 });
  });

  test('counts text parts, images and tools of the prompt', async () => {
    const content = [
      { type: 'text', text: '12345678' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
    ];
    const messages = [{ role: 'user', content }];
    const answer = await (await chat('', { messages })).json();
    expect(answer.usage.prompt_tokens).toBe(2 + 85);
  });

  test.each([
    ['not JSON', '{'],
    ['no model', JSON.stringify({ messages: [{ role: 'user', content: 'x' }] })],
    ['no messages', JSON.stringify({ model: 'm', messages: [] })],
    [
      'stream options without a stream',
      JSON.stringify({ model: 'm', messages: [{}], stream_options: {} }),
    ],
    ['no choices', JSON.stringify({ model: 'm', messages: [{}], n: 0 })],
  ])('refuses %s in the shape of OpenAI', async (_what, body) => {
    const headers = { authorization: `Bearer ${sandbox.upstreamKey}` };
    const answer = await fetch(address('/v1/chat/completions'), { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { type: 'invalid_request_error', code: null },
    });
  });

  test('refuses a wrong key and knows no model that begins with no-such-', async () => {
    for (const key of ['sk-other', `${sandbox.upstreamKey}x`, `${sandbox.upstreamKey}.a b`]) {
      const refused = await chat('hello', {}, { key });
      expect(refused.status).toBe(401);
      expect(await refused.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    }
    const unknown = await chat('hello', { model: 'no-such-model' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });
});

describe('models', () => {
  test('lists what it serves, to those who have a key', async () => {
    const headers = { authorization: `Bearer ${sandbox.upstreamKey}.channel-1` };
    const list = await (await fetch(address('/v1/models'), { headers })).json();
    expect(list.data.map((model: { id: string }) => model.id)).toEqual(
      expect.arrayContaining(['gpt-4o-mini', 'gpt-4o', 'claude-sonnet-4-5', 'gemini-2.5-flash']),
    );
    const one = await fetch(address('/v1/models/gpt-4o'), { headers });
    expect(await one.json()).toMatchObject({ id: 'gpt-4o', object: 'model' });
    expect((await fetch(address('/v1/models/other'), { headers })).status).toBe(404);
    expect((await fetch(address('/v1/models'))).status).toBe(401);
  });
});

describe('scenarios', () => {
  test('break a stream after that many tokens, all of which arrive', async () => {
    const { chunks, isBroken, isDone } = await readEvents(
      await chat('[[sandbox: break_after=3]]', streamed),
    );
    expect({ isBroken, isDone }).toEqual({ isBroken: true, isDone: false });
    expect(contentOf(chunks).filter((content) => content !== '')).toHaveLength(3);
    expect((await calls()).data[0]).toMatchObject({ outcome: 'broken', tokens_sent: 3 });
  });

  test('break a document in its middle', async () => {
    const answer = await chat('[[sandbox: break_after=1]]');
    await expect(answer.text()).rejects.toThrow();
    expect((await calls()).data[0]).toMatchObject({ outcome: 'broken' });
  });

  test('end a stream with an error event', async () => {
    const answer = await chat('[[sandbox: error_event_after=2]]', streamed);
    const { chunks, isBroken, isDone } = await readEvents(answer);
    expect({ isBroken, isDone }).toEqual({ isBroken: false, isDone: false });
    expect(chunks.at(-1)?.error).toMatchObject({ type: 'server_error' });
    expect(chunks).toHaveLength(4);
  });

  test('answer with an error', async () => {
    const answer = await chat('[[sandbox: status=429, retry_after=2, code=insufficient_quota]]');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
    expect((await calls()).data[0]).toMatchObject({ outcome: 'refused', tokens_sent: 0 });
  });

  test('claim another usage, zero, or none', async () => {
    const claimed = await (await chat('[[sandbox: usage=1000/500/100]]')).json();
    expect(claimed.usage).toMatchObject({
      prompt_tokens: 1_000,
      completion_tokens: 500,
      total_tokens: 1_500,
      prompt_tokens_details: { cached_tokens: 100 },
    });
    const zero = await (await chat('[[sandbox: zero_usage]]')).json();
    expect(zero.usage).toMatchObject({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
    expect(await (await chat('[[sandbox: no_usage]]')).json()).not.toHaveProperty('usage');
    const { chunks, isDone } = await readEvents(await chat('[[sandbox: no_usage]]', streamed));
    expect(isDone).toBe(true);
    expect(chunks.some((chunk) => chunk.usage)).toBe(false);
  });

  test('cut a stream at odd places without changing it', async () => {
    const words = '用中文回答 [[sandbox: tokens=5, split=7]]';
    const { chunks, isDone } = await readEvents(await chat(words, streamed));
    expect(isDone).toBe(true);
    expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: 5 });
  });

  test('slow down the first byte and each event', async () => {
    const begun = performance.now();
    await readEvents(await chat('[[sandbox: slow=50ms, chunk_delay=10ms, tokens=3]]', streamed));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(90);
  });

  test('hang until the caller leaves, and say who ended it', async () => {
    const leaving = new AbortController();
    const answer = await chat('[[sandbox: hang_after=2]]', streamed, { signal: leaving.signal });
    await vi.waitFor(async () => expect((await calls()).data[0]?.tokens_sent).toBe(2));
    leaving.abort();
    expect((await readEvents(answer)).isBroken).toBe(true);
    await vi.waitFor(async () =>
      expect((await calls()).data[0]).toMatchObject({
        outcome: 'aborted_by_client',
        tokens_sent: 2,
      }),
    );
  });

  test('come from model name and header too, the header winning', async () => {
    const byModel = await (await chat('x', { model: 'gpt-4o+tokens=7' })).json();
    expect(byModel).toMatchObject({ model: 'gpt-4o', usage: { completion_tokens: 7 } });
    const headers = { 'x-sandbox-scenario': 'tokens=9' };
    const byHeader = await (await chat('[[sandbox: tokens=8]]', {}, { headers })).json();
    expect(byHeader.usage.completion_tokens).toBe(9);
  });

  test('hold for one key label only, for that many calls', async () => {
    await post({ key: 'a', scenario: 'status=500', times: 2 });
    const statusOf = async (label: string) =>
      (await chat('hello', {}, { key: `${sandbox.upstreamKey}.${label}` })).status;
    expect([
      await statusOf('a'),
      await statusOf('b'),
      await statusOf('a'),
      await statusOf('a'),
    ]).toEqual([500, 200, 500, 200]);
    expect((await calls()).totals).toMatchObject({
      a: { calls: 3, refused: 2, finished: 1 },
      b: { calls: 1, finished: 1 },
    });
  });

  test('hold for everybody until cleared', async () => {
    await post({ scenario: 'status=503' });
    expect((await chat('hello')).status).toBe(503);
    await post({ scenario: '' });
    expect((await chat('hello')).status).toBe(200);
  });

  test('are refused when misspelt, wherever they come from', async () => {
    expect((await chat('[[sandbox: sttaus=500]]')).status).toBe(400);
    expect((await post({ scenario: 'sttaus=500' })).status).toBe(400);
    expect((await post({ scenario: 'status=500', label: 'a' })).status).toBe(400);
  });
});

describe('the log of calls', () => {
  test('knows an abort from an end, even where all was written at once', async () => {
    const leaving = new AbortController();
    const fields = { ...streamed, n: 4 };
    await chat('[[sandbox: tokens=20000]]', fields, { signal: leaving.signal });
    leaving.abort();
    await vi.waitFor(async () =>
      expect((await calls()).data[0]).toMatchObject({ outcome: 'aborted_by_client' }),
    );
  });

  test('names each call by label and by the caller’s own id', async () => {
    const headers = { 'x-request-id': 'req_of_gateway' };
    await (await chat('one', {}, { key: `${sandbox.upstreamKey}.a`, headers })).text();
    await (await chat('two', {}, { key: `${sandbox.upstreamKey}.b` })).text();
    const { data } = await calls('?key=a');
    expect(data).toHaveLength(1);
    expect(data[0]).toMatchObject({
      key: 'a',
      outcome: 'finished',
      client_request_id: 'req_of_gateway',
    });
  });
});
