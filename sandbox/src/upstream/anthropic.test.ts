import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { createPromptCache } from './prompt-cache.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
});

afterAll(() => sandbox.close());

beforeEach(async () => {
  await fetch(`${root()}/scenario`, { method: 'DELETE' });
  await fetch(`${root()}/calls`, { method: 'DELETE' });
});

const root = () => `http://127.0.0.1:${sandbox.port}/sandbox/upstream`;

function headersFor(key = sandbox.upstreamKey): Record<string, string> {
  return { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
}

function send(body: object, headers = headersFor(), path = '/messages'): Promise<Response> {
  return fetch(`${root()}/anthropic/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const asking = (words: string, fields: object = {}) => ({
  ...{ model: 'claude-sonnet-4-5', max_tokens: 100 },
  ...{ messages: [{ role: 'user', content: words }], ...fields },
});
const bent = (scenario: string, fields: object = {}) =>
  send(asking(`Hi [[sandbox: ${scenario}]]`, fields));

// Bodies of answers are read as the loose JSON that they are.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Json = any;
const json = async (answer: Promise<Response>): Promise<Json> => (await answer).json();

async function events(answer: Response): Promise<Json[]> {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
  } catch {
    // A broken connection: what came counts.
  }
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      const parsed = JSON.parse(data);
      expect(parsed.type).toBe(name);
      return parsed;
    });
}

describe('messages', () => {
  test('answer in the shape of Anthropic, counted by hand', async () => {
    const answer = await send(asking('12345678'));
    expect(answer.headers.get('request-id')).toMatch(/^msg_/);
    const message = (await answer.json()) as Json;
    expect(message).toMatchObject({
      ...{ type: 'message', role: 'assistant', stop_reason: 'end_turn', stop_sequence: null },
      content: [{ type: 'text' }],
      usage: { input_tokens: 2, cache_read_input_tokens: 0, service_tier: 'standard' },
    });
    const { text } = message.content[0];
    expect(message.usage.output_tokens).toBe(Math.ceil(Buffer.byteLength(text) / 4));
  });

  test('stream the same words, their usage at both ends', async () => {
    const message = await json(send(asking('hello')));
    const all = await events(await send(asking('hello', { stream: true })));
    const deltas = all.filter(({ type }) => type === 'content_block_delta');
    expect(deltas.map(({ delta }) => delta.text).join('')).toBe(message.content[0].text);
    expect(all[0].message).toMatchObject({
      content: [],
      usage: { input_tokens: 2, output_tokens: 1 },
    });
    expect(all.slice(1, 3).map(({ type }) => type)).toEqual(['ping', 'content_block_start']);
    expect(all.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: message.usage.output_tokens, input_tokens: 2 },
    });
    expect(all.at(-1)).toEqual({ type: 'message_stop' });
  });

  test('stop at max_tokens, thoughts included', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const message = await json(bent('reasoning=2000, tokens=100', { thinking, max_tokens: 2050 }));
    expect(message).toMatchObject({
      content: [{ type: 'thinking' }, { type: 'text' }],
      stop_reason: 'max_tokens',
      usage: { output_tokens: 2050, output_tokens_details: { thinking_tokens: 2000 } },
    });
  });

  test('call the first tool with what it must have', async () => {
    const input_schema = {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { enum: ['x'] }, c: { type: 'boolean' } },
      required: ['a', 'b'],
    };
    const tools = [{ name: 'do_it', input_schema }];
    const message = await json(bent('call', { tools }));
    expect(message).toMatchObject({
      content: [{ type: 'tool_use', name: 'do_it', input: { a: 7, b: 'x' } }],
      stop_reason: 'tool_use',
    });
    const all = await events(await bent('call', { tools, stream: true }));
    const written = all.flatMap(({ delta }) => delta?.partial_json ?? []).join('');
    expect(JSON.parse(written)).toEqual({ a: 7, b: 'x' });
  });

  test('search no more often than they may', async () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search', max_uses: 2 }];
    const { usage, content } = await json(bent('searches=5, tokens=2', { tools }));
    expect(usage.server_tool_use.web_search_requests).toBe(2);
    expect(content).toHaveLength(5);
    expect((await json(bent('searches=5'))).usage.server_tool_use).toBeNull();
  });

  test('write to the cache of an account what the next call reads', async () => {
    const cache_control = { type: 'ephemeral', ttl: '1h' };
    const system = [{ type: 'text', text: 'x'.repeat(400), cache_control }];
    const call = (key?: string) => json(send(asking('Hello', { system }), headersFor(key)));
    const [first, second] = [(await call()).usage, (await call()).usage];
    expect(first).toMatchObject({
      ...{ input_tokens: 2, cache_creation_input_tokens: 100, cache_read_input_tokens: 0 },
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 100 },
    });
    expect(second).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 100 });
    const other = await call(`${sandbox.upstreamKey}.other`);
    expect(other.usage.cache_creation_input_tokens).toBe(100);
  });

  test('claim what a scenario says', async () => {
    const claimed = await json(bent('usage=1000/500/100, written=50, written_1h=20'));
    expect(claimed.usage).toMatchObject({
      ...{ input_tokens: 850, cache_read_input_tokens: 100, cache_creation_input_tokens: 50 },
      cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 20 },
      output_tokens: 500,
    });
    const zero = await json(bent('zero_usage'));
    expect(zero.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
    expect(await json(bent('no_usage'))).not.toHaveProperty('usage');
    const silent = await events(await bent('no_usage', { stream: true }));
    expect(JSON.stringify(silent)).not.toContain('usage');
    expect((await json(bent('stop=refusal'))).stop_reason).toBe('refusal');
  });

  test('break, or end with an error, where a scenario says it', async () => {
    const broken = await events(await bent('break_after=3', { stream: true }));
    expect(broken.filter(({ type }) => type === 'content_block_delta')).toHaveLength(3);
    const failed = await events(await bent('error_event_after=2', { stream: true }));
    expect(failed.at(-1)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
    const { data } = await json(fetch(`${root()}/calls`));
    expect(data).toMatchObject([
      { dialect: 'anthropic', outcome: 'broken', tokens_sent: 2 },
      { dialect: 'anthropic', outcome: 'broken', tokens_sent: 3 },
    ]);
  });

  test.each([
    [429, 'rate_limit_error'],
    [529, 'overloaded_error'],
    [500, 'api_error'],
    [402, 'billing_error'],
  ])('answer %i as %s', async (status, type) => {
    const answer = await bent(`status=${status}, retry_after=3`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(await answer.json()).toMatchObject({ type: 'error', error: { type } });
  });
});

describe('what is refused', () => {
  test.each([
    ['no model', { model: undefined }],
    ['no limit', { max_tokens: undefined }],
    ['no messages', { messages: [] }],
    ['another role', { messages: [{ role: 'tool', content: '' }] }],
    ['too much thinking', { thinking: { type: 'enabled', budget_tokens: 4000 } }],
    ['too little thinking', { thinking: { type: 'enabled', budget_tokens: 1 } }],
    ['a misspelt scenario', { model: 'claude+slwo=1' }],
  ])('%s', async (_, fields) => {
    const answer = await send(asking('Hello', fields));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test('a wrong key, a call without a version, a model that nobody has', async () => {
    expect((await send(asking('Hi'), headersFor('sk-other'))).status).toBe(401);
    const bare = { authorization: `Bearer ${sandbox.upstreamKey}` };
    expect((await send(asking('Hi'), bare)).status).toBe(400);
    const versioned = { ...bare, 'anthropic-version': '2023-06-01' };
    expect((await send(asking('Hi'), versioned)).status).toBe(200);
    expect((await send(asking('Hi', { model: 'no-such-model' }))).status).toBe(404);
  });
});

describe('beside messages', () => {
  test('tokens are counted', async () => {
    const counted = send(
      { model: 'm', messages: [{ role: 'user', content: '12345' }] },
      headersFor(),
      '/messages/count_tokens',
    );
    expect(await json(counted)).toEqual({ input_tokens: 2 });
  });

  test('models are listed', async () => {
    const get = (path: string) => fetch(`${root()}/anthropic/v1${path}`, { headers: headersFor() });
    const { data, has_more } = await json(get('/models'));
    expect(data.map(({ id }: { id: string }) => id)).toContain('claude-sonnet-4-5');
    expect(has_more).toBe(false);
    expect(await json(get('/models/claude-sonnet-4-5'))).toMatchObject({ type: 'model' });
    expect((await get('/models/other')).status).toBe(404);
  });
});

describe('the cache of prompts', () => {
  test('forgets after its time, which reading renews', () => {
    let now = 0;
    const cache = createPromptCache(() => now);
    const use = (isKeptAnHour: boolean) =>
      cache.use('', { digest: String(isKeptAnHour), tokens: 9, isKeptAnHour }).read;
    expect([use(false), use(true)]).toEqual([0, 0]);
    now = 4 * 60_000;
    expect([use(false), use(true)]).toEqual([9, 9]);
    now = 8 * 60_000;
    expect(use(false)).toBe(9);
    now = 14 * 60_000;
    expect([use(false), use(true)]).toEqual([0, 9]);
  });
});
