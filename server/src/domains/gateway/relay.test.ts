import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.price({});
  await gateway.channel({ label: 'relay' });
});
afterAll(() => gateway.close());

/** A call that the sandbox bends as told. */
const bent = (scenario: string, rest: object = {}) => ({
  model,
  messages: [{ role: 'user', content: `Tell me a story. [[sandbox: ${scenario}]]` }],
  ...rest,
});
const streamed = (scenario: string, rest: object = {}) => bent(scenario, { stream: true, ...rest });

/** The payloads of a whole stream. */
async function eventsOf(response: Response): Promise<string[]> {
  const text = await response.text();
  return text.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? event.slice(6) : []));
}
const requestIdOf = (response: Response) => response.headers.get('x-request-id');

describe('POST /v1/chat/completions', () => {
  it('answers, bills what the upstream reported, and gives the rest of the hold back', async () => {
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, bent('usage=1000/50/400'));
    expect(response.status).toBe(200);
    const body = (await response.json()) as { usage: object; choices: unknown[] };
    expect(body.choices).toHaveLength(1);
    const receipt = await gateway.receipt(requestIdOf(response));
    expect(receipt?.usage).toMatchObject({
      outcome: 'completed',
      input_tokens: 1000n,
      cached_input_tokens: 400n,
      output_tokens: 50n,
      estimated: false,
      // 600 × 1 + 400 × 0.5 + 50 × 10 micro-dollars
      amount: 1_300_000n,
      shortfall: 0n,
    });
    const funds = await gateway.funds(customer.organizationId);
    expect(funds).toMatchObject({ available: 998_700_000n, held: 0n });
  });

  it('bills before the last bytes: the receipt is there when the answer has ended', async () => {
    const customer = await gateway.customer();
    for (const body of [bent('tokens=3'), streamed('tokens=3')]) {
      const response = await gateway.chat(customer.secret, body);
      await response.text();
      const bills = await gateway.platform.database
        .withTables<{ metering_usage: { request_id: string } }>()
        .selectFrom('metering_usage')
        .select('request_id')
        .where('request_id', '=', requestIdOf(response) ?? '')
        .execute();
      expect(bills).toHaveLength(1);
    }
  });

  it('streams the upstream’s bytes, hides the usage that the caller did not ask for, and bills it', async () => {
    const customer = await gateway.customer();
    const response = await gateway.chat(customer.secret, streamed('tokens=5, usage=20/5'));
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = await eventsOf(response);
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
    expect(chunks.filter((chunk) => chunk.choices.length === 0)).toEqual([]);
    const receipt = await gateway.receipt(requestIdOf(response));
    expect(receipt?.usage).toMatchObject({
      input_tokens: 20n,
      output_tokens: 5n,
      estimated: false,
    });
    expect(receipt?.usage.first_token_ms).not.toBeNull();
  });

  it('shows the usage chunk to a caller who asked for it, before the end mark', async () => {
    const customer = await gateway.customer();
    const body = streamed('tokens=5, usage=20/5', { stream_options: { include_usage: true } });
    const events = await eventsOf(await gateway.chat(customer.secret, body));
    expect(events.at(-1)).toBe('[DONE]');
    const { choices, usage } = JSON.parse(events.at(-2) ?? '');
    expect(choices).toEqual([]);
    expect(usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 5 });
  });

  it.each([5, 7, 64])('reads a stream that arrives in pieces of %i bytes', async (size) => {
    const customer = await gateway.customer();
    const body = streamed('', {
      messages: [{ role: 'user', content: `你好,讲个故事。[[sandbox: tokens=8, split=${size}]]` }],
    });
    const response = await gateway.chat(customer.secret, body);
    const events = await eventsOf(response);
    const text = events
      .slice(0, -1)
      .map((event) => JSON.parse(event).choices[0].delta.content ?? '')
      .join('');
    expect(text).not.toBe('');
    expect(text).not.toContain('\ufffd');
    const receipt = await gateway.receipt(requestIdOf(response));
    expect(receipt?.usage).toMatchObject({ outcome: 'completed', output_tokens: 8n });
  });

  it('counts tokens itself where the upstream reports none, and says so', async () => {
    const customer = await gateway.customer();
    for (const body of [bent('no_usage, tokens=20'), streamed('no_usage, tokens=20')]) {
      const response = await gateway.chat(customer.secret, body);
      expect(response.status).toBe(200);
      await response.text();
      const { usage } = (await gateway.receipt(requestIdOf(response))) ?? {};
      expect(usage).toMatchObject({ outcome: 'completed', estimated: true });
      expect(Number(usage?.input_tokens)).toBeGreaterThan(5);
      expect(Number(usage?.output_tokens)).toBeGreaterThan(5);
    }
  });

  it('serves an alias under the name that was asked for', async () => {
    await gateway.price({ model: 'nice-name' });
    await gateway.channel({ label: 'alias', models: ['x'], aliases: { 'nice-name': 'real-name' } });
    const customer = await gateway.customer();
    const body = { ...bent('tokens=1'), model: 'nice-name' };
    const response = await gateway.chat(customer.secret, body);
    expect(response.status).toBe(200);
    await response.text();
    const receipt = await gateway.receipt(requestIdOf(response));
    expect(receipt?.usage.model).toBe('nice-name');
    expect((await gateway.sandbox.calls('alias'))[0]?.model).toBe('real-name');
  });

  it('forwards a large body and answers a fast one slowly read, without losing a byte', async () => {
    const customer = await gateway.customer({ wallet: '100' });
    const content = `${'x'.repeat(2_000_000)} [[sandbox: tokens=3, usage=5/3]]`;
    const large = await gateway.chat(customer.secret, {
      model,
      messages: [{ role: 'user', content }],
    });
    expect(large.status).toBe(200);
    const slow = await gateway.chat(customer.secret, streamed('tokens=20000, usage=1/20000'));
    const events = await eventsOf(slow);
    expect(events.filter((event) => event !== '[DONE]').length).toBeGreaterThan(20_000);
    const receipt = await gateway.receipt(requestIdOf(slow));
    expect(receipt?.usage).toMatchObject({ outcome: 'completed', output_tokens: 20_000n });
  });
});

describe('GET /v1/models', () => {
  const get = async (path: string, secret: string) => {
    const headers = { authorization: `Bearer ${secret}` };
    return fetch(`${gateway.url}/v1${path}`, { headers });
  };

  it('lists what has a price and a channel, and what the key may call', async () => {
    await gateway.price({ model: 'priced-only' });
    const anyone = await gateway.customer();
    const list = (await (await get('/models', anyone.secret)).json()) as {
      object: string;
      data: { id: string; object: string }[];
    };
    expect(list.object).toBe('list');
    expect(list.data.map(({ id }) => id)).toContain(model);
    expect(list.data.map(({ id }) => id)).not.toContain('priced-only');
    const limited = await gateway.customer({ allowedModels: ['other'] });
    expect(await (await get('/models', limited.secret)).json()).toEqual({
      object: 'list',
      data: [],
    });
  });

  it('shows one model, and 404 for another', async () => {
    const { secret } = await gateway.customer();
    const found = await get(`/models/${model}`, secret);
    expect(await found.json()).toMatchObject({ id: model, object: 'model' });
    const missing = await get('/models/org%2Fnone', secret);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it('asks for a key', async () => {
    expect((await get('/models', 'sk-wrong')).status).toBe(401);
  });
});
