/** OpenAI's own SDK, unchanged but for its address and key. */
import OpenAI, {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, type Customer, done, newCustomer, newKey, payIn, until } from '../client.ts';
import type { ServerProcess } from '../server.ts';
import { failureOf, receiptFor, startCaller } from './caller.ts';

const model = 'gpt-4o-mini';
let server: ServerProcess;
let operator: Client;
let customer: Customer;
let openai: OpenAI;

beforeAll(async () => {
  const caller = await startCaller('5');
  ({ server, operator, customer } = caller);
  openai = sdk(caller.apiKey);
});
afterAll(() => server?.dispose());

function sdk(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
}

/** A prompt that makes the sandbox's model behave as told. */
const saying = (scenario: string) => [
  { role: 'user' as const, content: `Tell me a story. [[sandbox: ${scenario}]]` },
];
const receiptOf = (requestId: string | null | undefined) => receiptFor(customer, requestId);

describe('openai SDK', () => {
  it('lists and retrieves models', async () => {
    const names: string[] = [];
    for await (const { id } of openai.models.list()) names.push(id);
    expect(names).toContain(model);
    expect(await openai.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    expect(await failureOf(openai.models.retrieve('none'))).toBeInstanceOf(NotFoundError);
  });

  it('completes a chat, and the receipt says what it cost', async () => {
    const messages = saying('usage=1000/500/200');
    const completion = await openai.chat.completions.create({ model, messages });
    expect(completion.choices[0]?.message.content).toBeTruthy();
    const receipt = await receiptOf(completion._request_id);
    expect(receipt).toMatchObject({
      model,
      outcome: 'completed',
      usage: { input_tokens: 1000, cached_input_tokens: 200, output_tokens: 500, estimated: false },
    });
    const { input, cached_input: cached, output } = receipt.prices;
    const expected = (800 * Number(input) + 200 * Number(cached) + 500 * Number(output)) / 1e6;
    expect(Number(receipt.amount)).toBeCloseTo(expected, 9);
  });

  it('streams without a usage chunk by default', async () => {
    const stream = await openai.chat.completions.create({
      model,
      messages: saying('tokens=10'),
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      expect(chunk.usage ?? null).toBeNull();
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).not.toBe('');
  });

  it('streams with the usage that was asked for, and bills the same', async () => {
    const { data: stream, request_id: requestId } = await openai.chat.completions
      .create({
        model,
        messages: saying('tokens=10'),
        stream: true,
        stream_options: { include_usage: true },
      })
      .withResponse();
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) usage = chunk.usage ?? usage;
    expect(usage?.completion_tokens).toBe(10);
    const receipt = await receiptOf(requestId);
    expect(receipt.usage).toMatchObject({
      input_tokens: usage?.prompt_tokens,
      output_tokens: 10,
      estimated: false,
    });
    expect(receipt.first_token_ms).toBeTypeOf('number');
  });

  it('works through the SDK’s own stream runner', async () => {
    const runner = openai.chat.completions.stream({ model, messages: saying('tokens=5') });
    expect(await runner.finalContent()).toBeTruthy();
  });

  it('throws the SDK’s typed errors', async () => {
    const create = (client: OpenAI, body: object) =>
      failureOf(client.chat.completions.create({ model, messages: saying('tokens=1'), ...body }));

    const invalid = await create(sdk('sk-wrong'), {});
    expect(invalid).toBeInstanceOf(AuthenticationError);
    expect(invalid).toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect((invalid as APIError).requestID).toMatch(/^req_/);

    expect(await create(openai, { model: 'no-price' })).toBeInstanceOf(NotFoundError);
    const negative = await create(openai, { max_tokens: -1 });
    expect(negative).toBeInstanceOf(BadRequestError);
    expect(negative).toMatchObject({ param: 'max_tokens' });

    const busy = await create(openai, { messages: saying('status=429, retry_after=1') });
    expect(busy).toBeInstanceOf(RateLimitError);
    await until(async () => (await create(openai, {})) === undefined);
    const failed = await create(openai, { messages: saying('status=500') });
    expect(failed).toBeInstanceOf(InternalServerError);
    await until(async () => (await create(openai, {})) === undefined);
  });

  it.each([
    ['requests per minute', { rpm: 1 }, 'rate_limit_exceeded'],
    ['tokens per minute', { tpm: 1 }, 'rate_limit_exceeded'],
  ])('is told of too many %s, and for how long', async (_, rate_limits, code) => {
    const { key } = await done(
      customer.client.post('/api/v1/api-keys', { name: 'paced', rate_limits }),
    );
    const create = () =>
      failureOf(sdk(key).chat.completions.create({ model, messages: saying('tokens=1') }));
    expect(await create()).toBeUndefined();
    const refused = (await create()) as APIError;
    expect(refused).toBeInstanceOf(RateLimitError);
    expect(refused).toMatchObject({ status: 429, code });
    expect(Number(refused.headers?.get('retry-after'))).toBeGreaterThan(30);
  });

  it('waits by itself for a call in flight to end', async () => {
    const rate_limits = { concurrency: 1 };
    const { key } = await done(
      customer.client.post('/api/v1/api-keys', { name: 'single', rate_limits }),
    );
    const slow = sdk(key).chat.completions.create({
      model,
      messages: saying('tokens=10, chunk_delay=100ms'),
    });
    await until(async () => {
      const refused = await failureOf(
        sdk(key).chat.completions.create({ model, messages: saying('tokens=1') }),
      );
      return refused instanceof RateLimitError && refused.code === 'concurrency_exceeded';
    });
    const patient = new OpenAI({ apiKey: key, baseURL: `${server.url}/v1`, maxRetries: 5 });
    const [first, second] = await Promise.all([
      slow,
      patient.chat.completions.create({ model, messages: saying('tokens=1') }),
    ]);
    expect([first.choices.length, second.choices.length]).toEqual([1, 1]);
  });

  it('is told of a quota that is used up, and when it begins anew', async () => {
    const limited = await newCustomer(server, 'limited');
    await payIn(operator, limited.organization, '5');
    await done(
      operator.put(`/api/v1/admin/organizations/${limited.organization}/quotas/overrides`, {
        ...{ meter: 'requests', window: 'day', limit: '1', hard: true },
      }),
    );
    const client = sdk(await newKey(limited.client));
    const create = () =>
      failureOf(client.chat.completions.create({ model, messages: saying('tokens=1') }));
    expect(await create()).toBeUndefined();
    const refused = (await create()) as APIError;
    expect(refused).toBeInstanceOf(RateLimitError);
    expect(refused).toMatchObject({
      code: 'quota_exceeded',
      message: expect.stringMatching(/quota of 1 requests per day .* come back at/),
    });
    expect(Number(refused.headers?.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is told of a suspended organization, and served again afterwards', async () => {
    const create = () =>
      failureOf(openai.chat.completions.create({ model, messages: saying('tokens=1') }));
    const path = `/api/v1/admin/organizations/${customer.organization}`;
    await done(operator.patch(path, { status: 'suspended' }));
    const refused = await until(create);
    expect(refused).toBeInstanceOf(PermissionDeniedError);
    await done(operator.patch(path, { status: 'active' }));
    await until(async () => (await create()) === undefined);
  });

  it('is out of funds with 402 insufficient_quota', async () => {
    const poor = await newCustomer(server, 'poor');
    const client = sdk(await newKey(poor.client));
    const refused = await failureOf(
      client.chat.completions.create({ model, messages: saying('tokens=1') }),
    );
    expect(refused).toBeInstanceOf(APIError);
    expect(refused).toMatchObject({ status: 402, code: 'insufficient_quota' });
  });

  it('ends a stream that broke with an error, and bills what was delivered', async () => {
    const { data: stream, request_id: requestId } = await openai.chat.completions
      .create({ model, messages: saying('tokens=50, break_after=10'), stream: true })
      .withResponse();
    let text = '';
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    expect(await failureOf(read())).toMatchObject({ code: 'upstream_failed' });
    expect(text).not.toBe('');
    const receipt = await receiptOf(requestId);
    expect(receipt).toMatchObject({ outcome: 'upstream_error', usage: { estimated: true } });
    expect(receipt.usage.output_tokens).toBeGreaterThan(0);
  });

  it('is billed for a stream that it aborts', async () => {
    const { data: stream, request_id: requestId } = await openai.chat.completions
      .create({
        model,
        messages: saying('tokens=40, chunk_delay=10ms'),
        stream: true,
      })
      .withResponse();
    for await (const chunk of stream) {
      if (!chunk.choices[0]?.delta.content) continue;
      stream.controller.abort();
      break;
    }
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
    const call = openai.chat.completions.create(
      { model, messages: saying('slow=2s, tokens=1') },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 200);
    expect(await failureOf(call)).toBeInstanceOf(APIUserAbortError);
  });
});
