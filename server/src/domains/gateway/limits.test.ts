import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayFixture, model, startGateway } from './testkit/gateway-fixture.ts';

let gateway: GatewayFixture;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.price({});
  await gateway.channel({ label: 'limits' });
});
afterAll(() => gateway.close());

/** 20 tokens at most go out; the sandbox's model says as many as it is told. */
const saying = (scenario: string, changes: object = {}) => ({
  ...{ model, max_tokens: 20 },
  messages: [{ role: 'user', content: `Hello [[sandbox: ${scenario}]]` }],
  ...changes,
});
const call = (secret: string, changes: object = {}) =>
  gateway.chat(secret, saying('tokens=1', changes));

async function refusalOf(response: Response) {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    ...error,
  };
}

describe('rates of a call', () => {
  it('are told with every answer, as OpenAI tells them', async () => {
    const { secret } = await gateway.customer({
      rates: { requestsPerMinute: 3, tokensPerMinute: 1_000 },
    });
    const { headers } = await call(secret);
    const told = (name: string) => headers.get(`x-ratelimit-${name}`);
    expect([told('limit-requests'), told('remaining-requests')]).toEqual(['3', '2']);
    expect(told('limit-tokens')).toBe('1000');
    expect(told('reset-requests')).toMatch(/^(1m\d|6\d|5\d)[\d.]*s$/);
  });

  it('refuse one request more than a minute has, and say when to come back', async () => {
    const { secret, organizationId } = await gateway.customer({ rates: { requestsPerMinute: 2 } });
    for (let made = 0; made < 2; made += 1) expect((await call(secret)).status).toBe(200);
    const refused = await refusalOf(await call(secret));
    expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
    expect(refused.message).toContain('2 requests per minute of this API key');
    expect(Number(refused.retryAfter)).toBeGreaterThan(50);
    expect(Number(refused.retryAfter)).toBeLessThanOrEqual(62);
    expect(await gateway.funds(organizationId)).toMatchObject({ held: 0n });
  });

  it('count the tokens that were used in place of those that might have been', async () => {
    const { secret } = await gateway.customer({ rates: { tokensPerMinute: 150 } });
    for (let made = 0; made < 2; made += 1) {
      const response = await gateway.chat(secret, saying('usage=10/20', { max_tokens: 90 }));
      expect(response.status).toBe(200);
      await response.text();
    }
    expect(await refusalOf(await call(secret, { max_tokens: 140 }))).toMatchObject({
      status: 429,
      type: 'tokens',
    });
  });

  it('refuse one call more than may be in flight, until one has ended', async () => {
    const { secret } = await gateway.customer({ rates: { concurrency: 1 } });
    const slow = await gateway.chat(secret, {
      ...saying('tokens=10, chunk_delay=30ms'),
      stream: true,
    });
    expect(await refusalOf(await call(secret))).toMatchObject({
      status: 429,
      code: 'concurrency_exceeded',
      retryAfter: '1',
    });
    await slow.text();
    await expect.poll(async () => (await call(secret)).status).toBe(200);
  });

  it('count no call that was refused for another reason', async () => {
    const { secret } = await gateway.customer({
      ...{ wallet: '0.000001', rates: { requestsPerMinute: 1, concurrency: 1 } },
    });
    for (let tries = 0; tries < 3; tries += 1) expect((await call(secret)).status).toBe(402);
  });
});

describe('quotas and spend caps of a call', () => {
  it('refuse with the limit and the instant it begins anew', async () => {
    const { secret, organizationId } = await gateway.customer();
    await gateway.limit(organizationId, { meter: 'requests', window: 'day', limit: '1' });
    expect((await call(secret)).status).toBe(200);
    const refused = await refusalOf(await call(secret));
    expect(refused).toMatchObject({
      status: 429,
      code: 'quota_exceeded',
      type: 'insufficient_quota',
      message: expect.stringMatching(/quota of 1 requests per day .* come back at \d{4}-/),
    });
    const seconds = Number(refused.retryAfter);
    const { clocks } = gateway.platform;
    const untilMidnight = 86_400 - ((clocks.business().getTime() / 1000) % 86_400);
    expect(Math.abs(seconds - untilMidnight)).toBeLessThan(5);
  });

  it('ask nobody to wait for more than a day, or for ever', async () => {
    const monthly = await gateway.customer();
    const once = await gateway.customer();
    for (const [customer, window] of [
      [monthly, 'year'],
      [once, 'lifetime'],
    ] as const) {
      const quota = { meter: 'tokens', window, limit: '1' };
      await gateway.limit(customer.organizationId, quota);
    }
    expect((await refusalOf(await call(monthly.secret))).retryAfter).toBe('86400');
    expect((await refusalOf(await call(once.secret))).retryAfter).toBeNull();
  });

  it('refuse what a key may not spend today', async () => {
    const { secret } = await gateway.customer({ dailyCap: '0.00001' });
    const refused = await refusalOf(await call(secret));
    expect(refused).toMatchObject({ status: 402, code: 'spend_cap_exceeded' });
    expect(refused.message).toMatch(/spend cap of 0.00001 per day .* come back at /);
    expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  });
});
