import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFixture, startGateway } from './testkit/gateway-fixture.ts';
import {
  answers,
  chunk,
  end,
  type ScriptedUpstream,
  startScriptedUpstream,
  streams,
  usageChunk,
} from './testkit/scripted-upstream.ts';

let gateway: GatewayFixture;
let upstream: ScriptedUpstream;
let model: string;
let models = 0;

beforeAll(async () => {
  gateway = await startGateway({ limits: { drainBytesMax: 100_000 } });
  upstream = await startScriptedUpstream();
});
beforeEach(async () => {
  models += 1;
  model = `model-${models}`;
  await gateway.price({ model });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const call = (rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: 'Hello [[sandbox: tokens=2, usage=10/2]]' }],
  ...rest,
});
const whole = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2 },
};
/** A scripted channel that is tried first, and a sound one behind it. */
async function twoChannels() {
  await gateway.channel({
    baseUrl: upstream.baseUrl,
    apiKey: 'sk-secret',
    models: [model],
    priority: 9,
  });
  return gateway.channel({ label: 'sound', models: [model] });
}
const onlyScripted = (rest: object = {}) =>
  gateway.channel({ baseUrl: upstream.baseUrl, apiKey: 'sk-secret', models: [model], ...rest });

describe('failover', () => {
  it.each([
    ['500', answers(500, {})],
    ['429', answers(429, {}, { 'retry-after': '3' })],
    ['401, our key', answers(401, { error: { message: 'Incorrect API key sk-secret' } })],
    ['402, our account', answers(402, {})],
    ['404, our name of the model', answers(404, {})],
    ['a reset', (response) => response.destroy()],
    ['a compressed answer', answers(200, whole, { 'content-encoding': 'gzip' })],
    ['an error under status 200', answers(200, { error: { message: 'overloaded' } })],
    [
      'an answer cut short',
      (response) => {
        response.writeHead(200, { 'content-length': '1000', 'content-type': 'application/json' });
        response.write('{"choices":');
        setImmediate(() => response.destroy());
      },
    ],
    ['an empty stream', streams()],
    ['a stream that begins with an error', streams('data: {"error":{"message":"no"}}\n\n')],
  ] as [string, ScriptedUpstream['script']][])(
    'tries the next channel after %s',
    async (_, script) => {
      const sound = await twoChannels();
      upstream.script = script;
      const customer = await gateway.customer();
      const response = await gateway.chat(customer.secret, call());
      expect(response.status).toBe(200);
      await response.text();
      const bills = await gateway.bills(customer.organizationId);
      expect(bills).toMatchObject([
        { channel_id: sound.id, amount: 30_000n, outcome: 'completed' },
      ]);
    },
  );

  it('tries the next channel when nobody listens', async () => {
    await gateway.channel({ baseUrl: 'http://127.0.0.1:9/v1', models: [model], priority: 9 });
    await gateway.channel({ label: 'sound', models: [model] });
    const { secret } = await gateway.customer();
    expect((await gateway.chat(secret, call())).status).toBe(200);
  });

  it.each([
    ['429', answers(429, { error: { code: 'insufficient_quota' } }), 429, 'rate_limit_exceeded'],
    ['500', answers(500, { error: { message: 'account acme' } }), 502, 'upstream_failed'],
    ['401', answers(401, { error: { message: 'key sk-secret' } }), 502, 'upstream_failed'],
    ['503', answers(503, { error: { message: 'account acme' } }), 503, 'upstream_overloaded'],
    ['529', answers(529, { error: { message: 'account acme' } }), 503, 'upstream_overloaded'],
  ] as [string, ScriptedUpstream['script'], number, string][])(
    'answers in our own words when every channel failed with %s, and bills nothing',
    async (_, script, status, code) => {
      await onlyScripted();
      upstream.script = script;
      const customer = await gateway.customer();
      const response = await gateway.chat(customer.secret, call());
      expect(response.status).toBe(status);
      const text = await response.text();
      expect(JSON.parse(text).error.code).toBe(code);
      expect(text).not.toMatch(/sk-secret|acme|insufficient_quota/);
      expect(await gateway.bills(customer.organizationId)).toEqual([]);
      expect(await gateway.funds(customer.organizationId)).toMatchObject({ held: 0n });
    },
  );

  it.each([400, 413, 422])(
    'passes on %i in the upstream’s words, without another try',
    async (status) => {
      await twoChannels();
      const error = { message: 'max_tokens is too large', type: 'invalid_request_error' };
      upstream.script = answers(status, { error });
      const customer = await gateway.customer();
      const response = await gateway.chat(customer.secret, call());
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ error });
      expect(await gateway.bills(customer.organizationId)).toEqual([]);
      expect(await gateway.funds(customer.organizationId)).toMatchObject({ held: 0n });
    },
  );

  it('keeps the channel’s key out of words that are passed on', async () => {
    await onlyScripted();
    upstream.script = answers(400, { error: { message: 'bad request by sk-secret' } });
    const { secret } = await gateway.customer();
    const response = await gateway.chat(secret, call());
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('sk-secret');
  });

  it('tries a lone channel once more when its connection was reset', async () => {
    await onlyScripted();
    const replies = [(response: ServerResponse) => response.destroy(), answers(200, whole)];
    upstream.script = (...call) => replies.shift()?.(...call);
    const { secret } = await gateway.customer();
    expect((await gateway.chat(secret, call())).status).toBe(200);
    expect(replies).toEqual([]);
  });

  it('leaves a busy channel alone for as long as it asked', async () => {
    await onlyScripted();
    upstream.script = answers(429, {}, { 'retry-after': '30' });
    const { secret } = await gateway.customer();
    expect((await gateway.chat(secret, call())).status).toBe(429);
    upstream.script = answers(200, whole);
    expect((await gateway.chat(secret, call())).status).toBe(503);
    gateway.platform.clocks.advance('PT31S');
    expect((await gateway.chat(secret, call())).status).toBe(200);
  });

  it('keeps to a channel’s concurrency', async () => {
    await onlyScripted({ concurrency: 1 });
    const release = Promise.withResolvers<void>();
    upstream.script = async (response, request, body) => {
      await release.promise;
      answers(200, whole)(response, request, body);
    };
    const { secret } = await gateway.customer();
    const first = gateway.chat(secret, call());
    while (gateway.gateway.inFlight() === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await gateway.chat(secret, call())).status).toBe(503);
    release.resolve();
    expect((await first).status).toBe(200);
    expect((await gateway.chat(secret, call())).status).toBe(200);
  });

  it('never tries again once the caller has seen a byte', async () => {
    await twoChannels();
    const before = upstream.bodies.length;
    upstream.script = streams(chunk('One'), chunk(' two'), 'data: {"error":{"message":"no"}}\n\n');
    const customer = await gateway.customer();
    const text = await (await gateway.chat(customer.secret, call({ stream: true }))).text();
    expect(text).toContain('upstream_failed');
    expect(upstream.bodies.length).toBe(before + 1);
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ outcome: 'upstream_error', estimated: true }]);
  });
});

describe('what is forwarded', () => {
  it('is the caller’s bytes, with the usage asked for and the alias in place', async () => {
    await onlyScripted({ models: ['x'], aliases: { [model]: 'upstream-name' } });
    upstream.script = answers(200, whole);
    const { secret } = await gateway.customer();
    const body = `{ "messages" : [],\n "weird":1e2, "stream":true , "model":"${model}","ü":"\\u00fc"}`;
    await (await gateway.chat(secret, body)).text();
    const usage = '"stream_options":{"include_usage":true},';
    const forwarded = body.replace('{', `{${usage}`).replace(`"${model}"`, '"upstream-name"');
    expect(upstream.bodies.at(-1)?.toString()).toBe(forwarded);
  });

  it('is the upstream’s stream, byte for byte, but for the usage that nobody asked for', async () => {
    await onlyScripted();
    const parts = [
      ': ping\r\n\r\n',
      chunk('a'),
      'data: {"choices":[{"delta":{"content":"é"}}]}\r\n\r\n',
    ];
    upstream.script = streams(...parts, usageChunk(5, 2), end);
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, call({ stream: true }));
    expect(await response.text()).toBe(parts.join('') + end);
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ input_tokens: 5n, output_tokens: 2n, outcome: 'completed' }]);
  });

  it('keeps the order when usage is reported again and again, and bills the last report', async () => {
    await onlyScripted();
    const parts = [
      usageChunk(5, 1),
      chunk('a'),
      usageChunk(5, 2),
      chunk('b'),
      usageChunk(5, 3),
      end,
    ];
    upstream.script = streams(...parts);
    const customer = await gateway.customer();
    const body = call({ stream: true, stream_options: { include_usage: true } });
    const response = await gateway.chat(customer.secret, body);
    expect(await response.text()).toBe(parts.join(''));
    expect(await gateway.bills(customer.organizationId)).toMatchObject([{ output_tokens: 3n }]);
  });

  it('bills what was delivered where an early report is all that came', async () => {
    await onlyScripted();
    const words = Array.from({ length: 30 }, (_, index) => chunk(`word${index} `));
    upstream.script = streams(usageChunk(5, 1), ...words, 'data: {"error":{"message":"no"}}\n\n');
    const customer = await gateway.customer();
    await (await gateway.chat(customer.secret, call({ stream: true }))).text();
    const [bill] = await gateway.bills(customer.organizationId);
    expect(bill).toMatchObject({ outcome: 'upstream_error', estimated: true, input_tokens: 5n });
    expect(Number(bill?.output_tokens)).toBeGreaterThanOrEqual(30);
  });

  it('ends a stream without an end mark as whole when it said why it ended', async () => {
    await onlyScripted();
    const last = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
    upstream.script = streams(chunk('Hello'), last);
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, call({ stream: true }));
    expect(await response.text()).toBe(chunk('Hello') + last);
    const bills = await gateway.bills(customer.organizationId);
    expect(bills).toMatchObject([{ outcome: 'completed', estimated: true }]);
  });

  it('passes an event of a megabyte', async () => {
    await onlyScripted();
    const large = chunk('x'.repeat(1024 * 1024));
    upstream.script = streams(large, usageChunk(1, 1), end);
    const { secret } = await gateway.customer();
    const response = await gateway.chat(secret, call({ stream: true }));
    expect(await response.text()).toBe(large + end);
  });
});

describe('after the caller left', () => {
  it('reads the upstream on within a bound of bytes, then bills what was delivered', async () => {
    await onlyScripted();
    upstream.script = async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(chunk('Hello there'));
      while (!response.destroyed) {
        response.write(chunk('more and more '));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const customer = await gateway.customer();
    const abort = new AbortController();
    const body = call({ stream: true });
    const response = await gateway.chat(customer.secret, body, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    const [bill] = await gateway.bills(customer.organizationId);
    expect(bill).toMatchObject({ outcome: 'aborted', estimated: true });
    expect(Number(bill?.output_tokens)).toBeGreaterThan(0);
  });
});
