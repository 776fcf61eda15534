/** Anthropic's own SDK, unchanged but for its address and key. */
import Anthropic, {
  type APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  type Customer,
  done,
  type Json,
  newCustomer,
  newKey,
  until,
} from '../client.ts';
import type { ServerProcess } from '../server.ts';
import { failureOf, receiptFor, startCaller } from './caller.ts';

const model = 'claude-sonnet-4-5';
let server: ServerProcess;
let operator: Client;
let customer: Customer;
let anthropic: Anthropic;

beforeAll(async () => {
  const caller = await startCaller('50');
  ({ server, operator, customer } = caller);
  anthropic = sdk(caller.apiKey);
});
afterAll(() => server?.dispose());

function sdk(apiKey: string): Anthropic {
  return new Anthropic({ apiKey, baseURL: server.url, maxRetries: 0 });
}

type Asked = Anthropic.MessageCreateParamsNonStreaming;
type Block = Anthropic.ContentBlockParam;

/** A question that makes the sandbox's model behave as told. */
function asking(scenario: string, fields: Partial<Asked> = {}): Asked {
  const content = `Tell me a story. [[sandbox: ${scenario}]]`;
  return { model, max_tokens: 1024, messages: [{ role: 'user', content }], ...fields };
}

const showing = (scenario: string, ...blocks: Block[]): Asked =>
  asking('', {
    messages: [
      { role: 'user', content: [...blocks, { type: 'text', text: `[[sandbox: ${scenario}]]` }] },
    ],
  });

const receiptOf = (requestId: string | null | undefined) => receiptFor(customer, requestId);

/** The whole message of a stream, and the id of its call. */
async function streamed(asked: Asked) {
  const stream = anthropic.messages.stream(asked);
  const message = await stream.finalMessage();
  return { ...message, _request_id: stream.request_id };
}

/** Puts a model into the price book and the channel of this dialect. */
async function offer(name: string, prices: Json): Promise<void> {
  await done(operator.post('/api/v1/admin/models', { model: name, prices }));
  const { data } = await done(operator.get('/api/v1/admin/channels'));
  const channel = data.find((one: Json) => one.dialect === 'anthropic');
  const models = [...channel.models, name];
  await done(operator.patch(`/api/v1/admin/channels/${channel.id}`, { models }));
}

/** A price per million tokens as whole nano-units. */
const nanos = (price: string) => BigInt(Math.round(Number(price) * 1e9));

/** What a receipt has to say, computed from its prices alone. */
function amountDue({ usage, prices }: Json): bigint {
  const write1h = usage.cache_write_1h_tokens ?? 0;
  const uncached = usage.input_tokens - usage.cached_input_tokens - usage.cache_write_tokens;
  const parts: [number, string][] = [
    [uncached, prices.input],
    [usage.cached_input_tokens, prices.cached_input],
    [usage.cache_write_tokens - write1h, prices.cache_write],
    [write1h, prices.cache_write_1h ?? prices.cache_write],
    [usage.output_tokens, prices.output],
  ];
  const sum = parts
    .filter(([tokens]) => tokens > 0)
    .reduce((total, [tokens, price]) => total + BigInt(tokens) * nanos(price), 0n);
  return (sum + 500_000n) / 1_000_000n;
}

describe('anthropic SDK', () => {
  it('lists and retrieves models', async () => {
    const names: string[] = [];
    for await (const { id } of anthropic.models.list()) names.push(id);
    expect(names).toContain(model);
    expect(await anthropic.models.retrieve(model)).toMatchObject({ id: model, type: 'model' });
    expect(await failureOf(anthropic.models.retrieve('none'))).toBeInstanceOf(NotFoundError);
  });

  it('creates a message, and the receipt says to the nano what it cost', async () => {
    const message = await anthropic.messages.create(asking('usage=1000/500/200, written=300'));
    expect(message).toMatchObject({ role: 'assistant', model, stop_reason: 'end_turn' });
    expect(message.content[0]).toMatchObject({ type: 'text' });
    expect(message.usage).toMatchObject({ input_tokens: 500, cache_read_input_tokens: 200 });
    const receipt = await receiptOf(message._request_id);
    expect(receipt).toMatchObject({
      ...{ model, outcome: 'completed' },
      usage: {
        ...{ input_tokens: 1000, cached_input_tokens: 200, cache_write_tokens: 300 },
        ...{ output_tokens: 500, estimated: false },
      },
    });
    expect(nanos(receipt.amount)).toBe(amountDue(receipt));
  });

  it('is known by either header of a key', async () => {
    const { apiKey } = anthropic;
    const old = new Anthropic({
      ...{ apiKey: null, authToken: null, baseURL: server.url, maxRetries: 0 },
      defaultHeaders: { 'x-api-key': apiKey },
    });
    expect(await old.messages.create(asking('tokens=1'))).toMatchObject({ type: 'message' });
  });

  it('streams events as they come, and bills the same', async () => {
    const { data: stream, request_id: requestId } = await anthropic.messages
      .create({ ...asking('tokens=10'), stream: true })
      .withResponse();
    const types: string[] = [];
    let text = '';
    for await (const event of stream) {
      types.push(event.type);
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
        text += event.delta.text;
      }
    }
    expect(text).not.toBe('');
    expect([types[0], ...types.slice(-2)]).toEqual([
      'message_start',
      'message_delta',
      'message_stop',
    ]);
    const receipt = await receiptOf(requestId);
    expect(receipt.usage).toMatchObject({ output_tokens: 10, estimated: false });
    expect(receipt.first_token_ms).toBeTypeOf('number');
    expect(nanos(receipt.amount)).toBe(amountDue(receipt));
  });

  it('works through the SDK’s own helper for streams', async () => {
    const stream = anthropic.messages.stream(asking('tokens=5'));
    let text = '';
    stream.on('text', (part) => {
      text += part;
    });
    const message = await stream.finalMessage();
    expect(message.usage.output_tokens).toBe(5);
    expect(message.content).toMatchObject([{ type: 'text', text }]);
  });

  it('calls tools, whole and streamed, and takes their results', async () => {
    const tools: Anthropic.Tool[] = [
      {
        name: 'get_weather',
        description: 'The weather of a place',
        input_schema: {
          type: 'object',
          properties: { place: { type: 'string' }, type: { type: 'string' } },
          required: ['place'],
        },
      },
    ];
    const asked = asking('call', { tools });
    const message = await anthropic.messages.create(asked);
    const helped = await streamed(asked);
    for (const { content, stop_reason } of [message, helped]) {
      expect(stop_reason).toBe('tool_use');
      expect(content.at(-1)).toMatchObject({ name: 'get_weather', input: { place: 'sandbox' } });
    }
    const [use] = message.content;
    const tool_use_id = use?.type === 'tool_use' ? use.id : '';
    const answered = await anthropic.messages.create({
      ...asked,
      messages: [
        ...asked.messages,
        { role: 'assistant', content: message.content as Block[] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id, content: 'Sunny' }] },
      ],
    });
    expect(answered.stop_reason).toBe('end_turn');
  });

  it('thinks, and is billed for its thoughts as output', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const asked = asking('tokens=6, reasoning=20', { thinking, max_tokens: 2048 });
    const message = await streamed(asked);
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    const receipt = await receiptOf(message._request_id);
    expect(receipt.usage).toMatchObject({ output_tokens: 26, reasoning_tokens: 20 });
  });

  it('looks at images and documents', async () => {
    const image: Block = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
    };
    const linked: Block = { type: 'image', source: { type: 'url', url: 'https://e.com/a.png' } };
    const message = await anthropic.messages.create(showing('tokens=3', image, linked));
    const receipt = await receiptOf(message._request_id);
    expect(receipt.usage.input_tokens).toBe(message.usage.input_tokens);
    expect(receipt.usage.input_tokens).toBeGreaterThanOrEqual(2 * 85);
  });

  it('searches the web as often as it was allowed, where a search has a price', async () => {
    const searching = 'claude-searching';
    await offer(searching, { input: '3', output: '15', search: '0.01' });
    const tool = { type: 'web_search_20250305' as const, name: 'web_search' as const };
    const create = (fields: Partial<Asked>) =>
      anthropic.messages.create(asking('searches=5', fields));
    const unbounded = await failureOf(create({ model: searching, tools: [tool] }));
    expect(unbounded).toMatchObject({
      status: 400,
      apiMessage: expect.stringContaining('max_uses'),
    });
    const tools = [{ ...tool, max_uses: 2 }];
    await until(async () => (await failureOf(create({ model: searching, tools }))) === undefined);
    const message = await create({ model: searching, tools });
    const receipt = await receiptOf(message._request_id);
    expect(receipt.usage.searches).toBe(2);
    expect(nanos(receipt.amount)).toBe(amountDue(receipt) + 20_000_000n);

    const unpriced = 'claude-unpriced';
    await offer(unpriced, { input: '3', output: '15' });
    await until(async () => (await failureOf(create({ model: unpriced }))) === undefined);
    expect(await failureOf(create({ model: unpriced, tools }))).toBeInstanceOf(BadRequestError);
  });

  it.each(['5m', '1h'] as const)('writes a cache for %s, then reads it', async (ttl) => {
    const text = `A very long book, kept for ${ttl}. `.repeat(50);
    const cache_control = { type: 'ephemeral' as const, ttl };
    const asked = asking('tokens=4', { system: [{ type: 'text', text, cache_control }] });
    const first = await anthropic.messages.create(asked);
    const second = await streamed(asked);
    const written = first.usage.cache_creation_input_tokens ?? 0;
    expect(written).toBeGreaterThan(300);
    expect(second.usage.cache_read_input_tokens).toBe(written);

    const [wrote, read] = [await receiptOf(first._request_id), await receiptOf(second._request_id)];
    expect(wrote.usage).toMatchObject({ cache_write_tokens: written, cached_input_tokens: 0 });
    expect(wrote.usage.cache_write_1h_tokens ?? 0).toBe(ttl === '1h' ? written : 0);
    expect(read.usage).toMatchObject({ cache_write_tokens: 0, cached_input_tokens: written });
    for (const receipt of [wrote, read]) expect(nanos(receipt.amount)).toBe(amountDue(receipt));
    expect(Number(read.amount)).toBeLessThan(Number(wrote.amount));
  });

  it('counts tokens for nothing', async () => {
    const { max_tokens: _, ...asked } = asking('');
    const counted = await anthropic.messages.countTokens(asked);
    const message = await anthropic.messages.create(asking('tokens=1'));
    expect(counted.input_tokens).toBeGreaterThan(0);
    expect(counted.input_tokens).toBeLessThanOrEqual(message.usage.input_tokens);
    const poor = await newCustomer(server, 'counting');
    const free = await sdk(await newKey(poor.client)).messages.countTokens(asked);
    expect(free).toEqual(counted);
    expect((await done(poor.client.get('/api/v1/billing/usage/events'))).data).toEqual([]);
  });

  it('throws the SDK’s typed errors', async () => {
    const create = (client: Anthropic, fields: object) =>
      failureOf(client.messages.create({ ...asking('tokens=1'), ...fields }));

    const invalid = (await create(sdk('sk-wrong'), {})) as APIError;
    expect(invalid).toBeInstanceOf(AuthenticationError);
    expect(invalid).toMatchObject({ status: 401, type: 'authentication_error' });
    expect(invalid.requestID).toMatch(/^req_/);
    expect(await create(anthropic, { model: 'no-price' })).toBeInstanceOf(NotFoundError);
    expect(await create(anthropic, { max_tokens: -1 })).toBeInstanceOf(BadRequestError);
    const fast = await create(anthropic, { speed: 'fast' });
    expect(fast).toMatchObject({
      errorCode: 'unsupported_parameter',
      apiMessage: expect.stringContaining('"speed"'),
    });
  });

  it.each([
    ['of rates', 'status=429, retry_after=1', RateLimitError],
    ['of failures', 'status=500', InternalServerError],
    ['of load', 'status=529', InternalServerError],
  ])('is told %s by the upstream, and served again afterwards', async (_, scenario, kind) => {
    const create = (words: string) => failureOf(anthropic.messages.create(asking(words)));
    expect(await create(scenario)).toBeInstanceOf(kind);
    await until(async () => (await create('tokens=1')) === undefined);
  });

  it('is told of too many requests, and for how long', async () => {
    const { key } = await done(
      customer.client.post('/api/v1/api-keys', { name: 'paced', rate_limits: { rpm: 1 } }),
    );
    const create = () => failureOf(sdk(key).messages.create(asking('tokens=1')));
    expect(await create()).toBeUndefined();
    const refused = (await create()) as APIError;
    expect(refused).toBeInstanceOf(RateLimitError);
    expect(refused).toMatchObject({ type: 'rate_limit_error', errorCode: 'rate_limit_exceeded' });
    expect(Number(refused.headers?.get('retry-after'))).toBeGreaterThan(30);
  });

  it('is told of a suspended organization', async () => {
    const suspended = await newCustomer(server, 'suspended');
    const client = sdk(await newKey(suspended.client));
    const path = `/api/v1/admin/organizations/${suspended.organization}`;
    await done(operator.patch(path, { status: 'suspended' }));
    const create = () => failureOf(client.messages.create(asking('tokens=1')));
    await until(async () => (await create()) instanceof PermissionDeniedError);
  });

  it('is out of funds with 402 billing_error', async () => {
    const poor = await newCustomer(server, 'poor');
    const client = sdk(await newKey(poor.client));
    const refused = await failureOf(client.messages.create(asking('tokens=1')));
    expect(refused).toBeInstanceOf(PaymentRequiredError);
    expect(refused).toMatchObject({ status: 402, type: 'billing_error' });
  });

  it.each(['break_after=10', 'error_event_after=10'])(
    'ends a stream that broke (%s) with an error, and bills what was delivered',
    async (scenario) => {
      const { data: stream, request_id: requestId } = await anthropic.messages
        .create({ ...asking(`tokens=50, ${scenario}`), stream: true })
        .withResponse();
      let deltas = 0;
      const read = async () => {
        for await (const { type } of stream) if (type === 'content_block_delta') deltas += 1;
      };
      expect(await failureOf(read())).toMatchObject({ errorCode: 'upstream_failed' });
      expect(deltas).toBe(10);
      const receipt = await receiptOf(requestId);
      expect(receipt).toMatchObject({ outcome: 'upstream_error', usage: { estimated: true } });
      expect(receipt.usage.output_tokens).toBeGreaterThan(0);
    },
  );

  it('is billed for a stream that it aborts', async () => {
    const asked = asking('tokens=40, chunk_delay=10ms');
    const { data: stream, request_id: requestId } = await anthropic.messages
      .create({ ...asked, stream: true })
      .withResponse();
    for await (const { type } of stream) if (type === 'content_block_delta') break;
    const receipt = await until(async () => {
      const { status, body } = await customer.client.get(
        `/api/v1/billing/usage/events/${requestId}`,
      );
      return status === 200 && body;
    });
    expect(receipt).toMatchObject({ outcome: 'aborted' });
    expect(receipt.usage.output_tokens).toBeGreaterThan(0);
  });

  it('may abort before anything came', async () => {
    const abort = new AbortController();
    const call = anthropic.messages.create(asking('slow=2s, tokens=1'), { signal: abort.signal });
    setTimeout(() => abort.abort(), 200);
    expect(await failureOf(call)).toBeInstanceOf(APIUserAbortError);
  });
});
