/** The guards in real Express, Fastify and Hono apps, before a real Sluice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningApi, StartApi, Wish } from '../../sdk/testkit/api.ts';
import { startExpress } from '../../sdk/testkit/express-app.ts';
import { startFastify } from '../../sdk/testkit/fastify-app.ts';
import { startHono } from '../../sdk/testkit/hono-app.ts';
import { until } from '../client.ts';
import { type Customer, type Imaging, startImaging } from './imaging.ts';

let imaging: Imaging;

beforeAll(async () => {
  imaging = await startImaging();
});
afterAll(() => imaging?.server.dispose());

const frameworks: [string, StartApi][] = [
  ['express', startExpress],
  ['fastify', startFastify],
  ['hono', startHono],
];

describe.each(frameworks)('the guards of %s', (name, start) => {
  let api: RunningApi;
  let pro: Customer;
  let basic: Customer;

  beforeAll(async () => {
    const client = imaging.client();
    await client.subjects.register(`${name}-user`, { name: `${name} user` });
    [api, pro, basic] = await Promise.all([
      start(client),
      imaging.customer('pro', `${name}-pro`),
      imaging.customer('basic', `${name}-basic`),
    ]);
  });
  afterAll(() => api?.stop());

  const analyze = (customer: Customer, wish: Wish, init: RequestInit = {}) =>
    fetch(`${api.url}/analyses/${wish}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${customer.key}` },
      ...init,
    });

  /** How many more analyses count once nothing is in flight. */
  async function counted(customer: Customer, work: () => Promise<unknown>): Promise<number> {
    const before = Number((await customer.analyses()).used);
    await work();
    const after = await until(async () => {
      const { used, reserved } = await customer.analyses();
      return reserved === '0' && Number(used);
    });
    return after - before;
  }

  it('settle what was asked for, and show what is left', async () => {
    const work = async () => {
      const response = await analyze(pro, 'plain');
      expect(await response.json()).toEqual({ wish: 'plain' });
      expect(response.headers.get('ratelimit-limit')).toBe('1000');
      expect(Number(response.headers.get('ratelimit-remaining'))).toBeLessThan(1_000);
      expect(Number(response.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    };
    expect(await counted(pro, work)).toBe(1);
  });

  it.each<[Wish, number, number]>([
    ['three', 200, 3],
    ['free', 200, 0],
    ['refuse', 422, 1],
    ['fail', 503, 0],
    ['throw', 500, 0],
  ])('of a handler that does "%s" answer %i and count %i', async (wish, status, count) => {
    const work = async () => expect((await analyze(pro, wish)).status).toBe(status);
    expect(await counted(pro, work)).toBe(count);
  });

  it('settle a stream when it has ended', async () => {
    const work = async () => {
      const response = await analyze(pro, 'stream');
      expect((await pro.analyses()).reserved).toBe('1');
      expect(await response.text()).toMatch(/^(chunk \d\n){5}$/);
    };
    expect(await counted(pro, work)).toBe(1);
  });

  it('settle a stream that the caller leaves: hanging up makes nothing cheaper', async () => {
    const work = async () => {
      const leaving = new AbortController();
      const response = await analyze(pro, 'stream', { signal: leaving.signal });
      await response.body?.getReader().read();
      leaving.abort();
    };
    expect(await counted(pro, work)).toBe(1);
  });

  it('refuse what is more than the quota, in Sluice’s shape, and say when to come back', async () => {
    for (let call = 0; call < 3; call += 1)
      expect((await analyze(basic, 'plain')).status).toBe(200);
    const response = await analyze(basic, 'plain');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('ratelimit-remaining')).toBe('0');
    expect((await response.json()).error).toMatchObject({
      code: 'quota_exceeded',
      message: expect.any(String),
      request_id: expect.stringMatching(/^req_/),
      limit: { meter: 'imaging.analyses', limit: '3', window: 'month' },
    });
  });

  it('hold the quota when many call at once', async () => {
    const customer = await imaging.customer('basic', `${name}-crowd`);
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => analyze(customer, 'plain')),
    );
    const permitted = responses.filter(({ status }) => status === 200);
    expect(permitted.length).toBeLessThanOrEqual(3);
    await until(async () => (await customer.analyses()).reserved === '0');
    expect((await customer.analyses()).used).toBe(String(permitted.length));
  });

  it.each([
    ['no key', {}, 401, 'unauthenticated'],
    ['a key that is none', { 'x-api-key': 'sk-made-up' }, 401, 'api_key_invalid'],
  ])('refuse %s', async (_what, headers, status, code) => {
    const response = await analyze(pro, 'plain', { headers: headers as Record<string, string> });
    expect(response.status).toBe(status);
    expect((await response.json()).error.code).toBe(code);
  });

  it('let pass whose plan has the feature', async () => {
    const ask = (key: string) => fetch(`${api.url}/sso`, { headers: { 'x-api-key': key } });
    expect((await ask(pro.key)).status).toBe(200);
    const refused = await ask(basic.key);
    expect(refused.status).toBe(403);
    expect((await refused.json()).error.code).toBe('feature_not_included');
  });

  it('let so many requests pass in a minute', async () => {
    const ask = () => fetch(`${api.url}/search`, { headers: { 'x-api-key': pro.key } });
    const answers: Response[] = [];
    // A minute may turn in between: of nine, more than two are in one.
    for (let call = 0; call < 9; call += 1) answers.push(await ask());
    expect(answers.slice(0, 2).map(({ status }) => status)).toEqual([200, 200]);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    for (const { status, headers } of refused) {
      expect(status).toBe(429);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
  });

  it('take the application’s own word for who calls', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${api.url}/own`, { headers });
    expect((await ask({ 'x-user': `${name}-user` })).status).toBe(200);
    expect((await ask({ 'x-api-key': pro.key })).status).toBe(401);
  });
});
