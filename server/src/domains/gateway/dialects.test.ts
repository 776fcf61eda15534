/** Every dialect through one gateway: who is asked what, in which shape each is answered, and what is billed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from './core/dialect.ts';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';
import {
  answers,
  type ScriptedUpstream,
  startScriptedUpstream,
  streams,
} from './testkit/scripted-upstream.ts';

let gateway: GatewayFixture;
let upstream: ScriptedUpstream;
let secret: string;
let organizationId: string;

/** Each is served by a channel of its own dialect. */
const models = { openai: 'of-openai', anthropic: 'of-anthropic', gemini: 'of-gemini' } as const;

beforeAll(async () => {
  gateway = await startGateway();
  upstream = await startScriptedUpstream();
  for (const [dialect, model] of Object.entries(models) as [Dialect, string][]) {
    await gateway.price({ model });
    const path = dialect === 'openai' ? '/v1' : `/${dialect}`;
    const baseUrl = `${gateway.sandbox.origin}/sandbox/upstream${path}`;
    await gateway.channel({ name: dialect, dialect, baseUrl, label: dialect, models: [model] });
  }
  ({ secret, organizationId } = await gateway.customer({ wallet: '10' }));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

function post(path: string, body: object, headers: Record<string, string> = {}) {
  return fetch(gateway.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, ...headers },
    body: JSON.stringify(body),
  });
}
const told = (scenario: string) => `Hello [[sandbox: ${scenario}]]`;
const scripted = async (script: ScriptedUpstream['script'], dialect: Dialect = 'openai') => {
  const model = `scripted-${upstream.bodies.length}-${Math.round(performance.now())}`;
  await gateway.price({ model });
  upstream.script = script;
  const baseUrl = upstream.baseUrl;
  await gateway.channel({ name: model, dialect, baseUrl, apiKey: 'sk-up', models: [model] });
  return model;
};
const billOf = async (response: Response) => {
  await response.text();
  const receipt = await gateway.receipt(response.headers.get('x-request-id'));
  return receipt?.usage;
};

describe('calls in each dialect', () => {
  const calls: [string, string, object][] = [
    [
      'a chat completion',
      '/v1/chat/completions',
      { model: models.openai, messages: [{ role: 'user', content: told('usage=20/5') }] },
    ],
    ['a response', '/v1/responses', { model: models.openai, input: told('usage=20/5') }],
    [
      'a message',
      '/v1/messages',
      {
        model: models.anthropic,
        max_tokens: 50,
        messages: [{ role: 'user', content: told('usage=20/5') }],
      },
    ],
    [
      'generated content',
      `/v1beta/models/${models.gemini}:generateContent`,
      { contents: [{ role: 'user', parts: [{ text: told('usage=20/5') }] }] },
    ],
  ];

  it.each(calls)('bill %s by what its own upstream reports', async (_, path, body) => {
    const response = await post(path, body, { 'anthropic-version': '2023-06-01' });
    expect(response.status).toBe(200);
    const bill = await billOf(response);
    expect(bill).toMatchObject({ amount: 70_000n, outcome: 'completed', estimated: false });
  });

  it.each(calls)('bill %s as a stream alike', async (_, path, body) => {
    const isGemini = path.includes('generateContent');
    const streamed = isGemini
      ? path.replace('generateContent', 'streamGenerateContent?alt=sse')
      : path;
    const rest = isGemini ? {} : { stream: true };
    const headers = { 'anthropic-version': '2023-06-01' };
    const response = await post(streamed, { ...body, ...rest }, headers);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const bill = await billOf(response);
    expect(bill).toMatchObject({ amount: 70_000n, outcome: 'completed', estimated: false });
  });

  it('bill embeddings for their input', async () => {
    const response = await post('/v1/embeddings', { model: models.openai, input: 'four' });
    expect(await billOf(response)).toMatchObject({
      ...{ amount: 1000n, input_tokens: 1n, output_tokens: 0n, estimated: false },
    });
  });

  it.each([
    [
      '/v1/messages/count_tokens',
      { model: models.anthropic, messages: [{ role: 'user', content: 'Hello' }] },
    ],
    [
      `/v1beta/models/${models.gemini}:countTokens`,
      { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
    ],
  ])('count tokens at %s for nothing, for a customer who has nothing', async (path, body) => {
    const poor = await gateway.customer({ wallet: '0' });
    const response = await post(path, body, {
      ...{ authorization: `Bearer ${poor.secret}`, 'anthropic-version': '2023-06-01' },
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/[tT]okens"?:\s*\d/);
    expect(await gateway.bills(poor.organizationId)).toEqual([]);
    expect(await gateway.holds()).toBe(0);
  });

  it('of a kind that is not converted are told so, not to wait', async () => {
    const response = await post('/v1/responses', { model: models.anthropic, input: 'Hello' });
    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatchObject({
      ...{ code: 'unsupported_address', param: 'model' },
      message: expect.stringContaining('chat completion'),
    });
    expect(await gateway.holds()).toBe(0);
  });

  it('count tokens themselves where only another dialect serves the model', async () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const message = await post('/v1/messages/count_tokens', { model: models.openai, messages });
    const { input_tokens: counted } = await message.json();
    expect(counted).toBeGreaterThan(1);
    const longer = [{ role: 'user', content: 'Hello '.repeat(500) }];
    const body = { model: models.openai, messages: longer };
    const { input_tokens: more } = await (await post('/v1/messages/count_tokens', body)).json();
    expect(more).toBeGreaterThan(counted + 400);
    const contents = [{ role: 'user', parts: [{ text: 'Hello' }] }];
    const content = await post(`/v1beta/models/${models.openai}:countTokens`, { contents });
    expect((await content.json()).totalTokens).toBeGreaterThan(0);
  });
});

describe('refusals', () => {
  it.each([
    ['/v1/chat/completions', 'error.code', 'invalid_api_key'],
    ['/v1/messages', 'error.type', 'authentication_error'],
    ['/v1beta/models/m:generateContent', 'error.status', 'UNAUTHENTICATED'],
  ])('of %s say it in the shape of their dialect', async (path, field, word) => {
    const response = await post(path, {}, { authorization: 'Bearer sk-wrong' });
    expect(response.status).toBe(401);
    expect(await response.json()).toHaveProperty(field, word);
  });

  it.each([
    ['/v1/messages/none', 'error.type', 'not_found_error'],
    ['/v1beta/none', 'error.status', 'NOT_FOUND'],
    ['/v1beta/models/m:predict', 'error.status', 'NOT_FOUND'],
    ['/v1/none', 'error.code', 'unknown_url'],
  ])('of %s, which is no path, too', async (path, field, word) => {
    const response = await post(path, {});
    expect(response.status).toBe(404);
    expect(await response.json()).toHaveProperty(field, word);
  });

  it('keep keys out of addresses', async () => {
    const path = `/v1beta/models/${models.gemini}:generateContent?key=${secret}`;
    const response = await fetch(gateway.url + path, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('x-goog-api-key');
  });

  it.each([
    ['/v1/messages', 402, 'error.type', 'billing_error'],
    [`/v1beta/models/${models.gemini}:generateContent`, 402, 'error.status', 'RESOURCE_EXHAUSTED'],
    ['/v1/responses', 402, 'error.code', 'insufficient_quota'],
  ])('of %s for want of funds have %i', async (path, status, field, word) => {
    const poor = await gateway.customer({ wallet: '0' });
    const model = path.includes('messages') ? models.anthropic : models.openai;
    const body = path.includes('beta')
      ? { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }
      : { model, max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }], input: 'Hi' };
    const headers = { authorization: `Bearer ${poor.secret}`, 'anthropic-version': '2023-06-01' };
    const response = await post(
      path,
      path.includes('responses') ? { model, input: 'Hi' } : body,
      headers,
    );
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty(field, word);
  });

  it.each([{ 'x-api-key': 'x' }, { 'x-goog-api-key': 'x' }])(
    'take the key from %j',
    async (header) => {
      const [name = ''] = Object.keys(header);
      const body = { model: models.openai, messages: [{ role: 'user', content: 'Hi' }] };
      const response = await post('/v1/chat/completions', body, {
        authorization: '',
        [name]: secret,
      });
      expect(response.status).toBe(200);
    },
  );

  it.each([
    [{ service_tier: 'flex' }, 'service_tier'],
    [{ store: true }, 'store'],
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
  ])('name what a response may not ask for: %j', async (asked, param) => {
    const response = await post('/v1/responses', { model: models.openai, input: 'Hi', ...asked });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});

describe('lists of models', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(gateway.url + path, { headers: { authorization: `Bearer ${secret}`, ...headers } });

  it('are in the shape of each dialect', async () => {
    const openai = await (await get('/v1/models')).json();
    expect(openai).toMatchObject({ object: 'list' });
    expect(openai.data).toContainEqual(expect.objectContaining({ id: models.openai }));
    const anthropic = await (await get('/v1/models', { 'anthropic-version': '2023-06-01' })).json();
    expect(anthropic).toMatchObject({ has_more: false });
    expect(anthropic.data).toContainEqual(
      expect.objectContaining({ type: 'model', id: models.anthropic }),
    );
    const gemini = await (await get('/v1beta/models')).json();
    expect(gemini.models).toContainEqual(
      expect.objectContaining({ name: `models/${models.gemini}`, outputTokenLimit: 100 }),
    );
    expect(await (await get(`/v1beta/models/${models.gemini}`)).json()).toMatchObject({
      name: `models/${models.gemini}`,
    });
  });
});

describe('ways of serving', () => {
  const flexModel = 'served-two-ways';
  beforeAll(async () => {
    await gateway.price({
      model: flexModel,
      service_tiers: { flex: { input: '0.5', output: '5' } },
    });
    await gateway.channel({ label: 'tiers', models: [flexModel] });
  });
  const chat = (rest: object) =>
    post('/v1/chat/completions', {
      ...{ model: flexModel, messages: [{ role: 'user', content: told('usage=20/6') }] },
      ...rest,
    });

  it('have the price that the upstream says it served', async () => {
    const usual = await billOf(await chat({}));
    const flex = await billOf(await chat({ service_tier: 'flex' }));
    expect([usual?.amount, flex?.amount]).toEqual([80_000n, 40_000n]);
  });

  it('cost as usual where nobody asked for another', async () => {
    const usage = { prompt_tokens: 20, completion_tokens: 6 };
    const message = { role: 'assistant', content: 'Hi' };
    const model = await scripted(
      answers(200, { choices: [{ index: 0, message }], usage, service_tier: 'flex' }),
    );
    const body = { model, messages: [{ role: 'user', content: 'Hi' }] };
    expect((await billOf(await post('/v1/chat/completions', body)))?.amount).toBe(80_000n);
  });

  it('are refused by name where they have no price', async () => {
    const response = await chat({ service_tier: 'priority' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'service_tier' } });
  });
});

describe('streams of responses', () => {
  const event = (type: string, rest: object = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
  const usage = { input_tokens: 7, output_tokens: 3 };

  it('pass as they come, and end once they are paid for', async () => {
    const parts = [
      event('response.created', { response: {} }),
      event('response.output_text.delta', { delta: 'Hi' }),
      event('response.completed', { response: { usage } }),
    ];
    const model = await scripted(streams(...parts));
    const response = await post('/v1/responses', { model, input: 'Hi', stream: true });
    expect(await response.clone().text()).toBe(parts.join(''));
    expect(await billOf(response)).toMatchObject({ amount: 37_000n, outcome: 'completed' });
    expect(JSON.parse(upstream.bodies.at(-1)?.toString() ?? '')).toMatchObject({ store: false });
  });

  it('that fail midway are billed by their report, and told in our words', async () => {
    const error = { code: 'server_error', message: 'account acme-17 is broken' };
    const model = await scripted(
      streams(
        event('response.output_text.delta', { delta: 'Hi' }),
        event('response.failed', { response: { error, usage } }),
      ),
    );
    const response = await post('/v1/responses', { model, input: 'Hi', stream: true });
    const text = await response.clone().text();
    expect(text).toContain('upstream_failed');
    expect(text).not.toContain('acme-17');
    expect(await billOf(response)).toMatchObject({
      ...{ amount: 37_000n, outcome: 'upstream_error', estimated: false },
    });
  });

  it('that break off are billed for what was delivered', async () => {
    const words = Array.from({ length: 30 }, (_, at) =>
      event('response.output_text.delta', { delta: `word${at} ` }),
    );
    const model = await scripted(streams(...words));
    const response = await post('/v1/responses', { model, input: 'Hi', stream: true });
    const bill = await billOf(response);
    expect(bill).toMatchObject({ outcome: 'upstream_error', estimated: true });
    expect(Number(bill?.output_tokens)).toBeGreaterThanOrEqual(30);
  });
});

it('leaves no hold behind', async () => {
  expect(await gateway.holds()).toBe(0);
  expect((await gateway.funds(organizationId)).held).toBe(0n);
});
