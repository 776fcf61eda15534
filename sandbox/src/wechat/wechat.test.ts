import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { answerText, isSignedBy, requestText, signText } from './signature.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-wechat-'));
let sandbox: Sandbox;
let merchant: Awaited<ReturnType<typeof startMerchant>>;
let orders = 0;
let number = '';

interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A merchant that answers news as told and remembers it. */
async function startMerchant() {
  const heard: Heard[] = [];
  const state = { status: 200, heard };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    heard.push({ headers: request.headers, body });
    response.writeHead(state.status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, close: () => server.close() });
}

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  merchant = await startMerchant();
  orders += 1;
  number = `order${String(orders).padStart(6, '0')}`;
});
afterEach(() => merchant.close());

const origin = () => `http://127.0.0.1:${sandbox.port}`;
const place = '/sandbox/wechat';

interface Answer {
  status: number;
  text: string;
  body: Record<string, unknown>;
  headers: Headers;
}

/** What the merchant signs of a call. */
function authorize(method: 'GET' | 'POST', path: string, body = ''): string {
  const { mchid, merchant_serial, private_key } = sandbox.wechat;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const nonce = randomBytes(16).toString('hex');
  const text = requestText({ method, url: place + path, timestamp, nonce, body });
  return `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",serial_no="${merchant_serial}",timestamp="${timestamp}",nonce_str="${nonce}",signature="${signText(text, private_key)}"`;
}

/** Calls the API as the merchant does. */
async function call(
  method: 'GET' | 'POST',
  path: string,
  sent?: object,
  authorization?: string,
): Promise<Answer> {
  const body = sent === undefined ? '' : JSON.stringify(sent);
  const answer = await fetch(`${origin()}${place}${path}`, {
    method,
    headers: { authorization: authorization ?? authorize(method, path, body) },
    ...(sent === undefined ? {} : { body }),
  });
  const text = await answer.text();
  const { status, headers } = answer;
  return { status, text, body: text.startsWith('{') ? JSON.parse(text) : {}, headers };
}

const ordered = (changes: object = {}) => ({
  ...{ appid: sandbox.wechat.appid, mchid: sandbox.wechat.mchid },
  ...{ description: '入门套餐', out_trade_no: number, notify_url: `${merchant.url}/notify` },
  amount: { total: 3000, currency: 'CNY' },
  ...changes,
});
const submit = (changes: object = {}) =>
  call('POST', '/v3/pay/transactions/native', ordered(changes));
const query = () =>
  call('GET', `/v3/pay/transactions/out-trade-no/${number}?mchid=${sandbox.wechat.mchid}`);
const refund = (id: string, fen: number, total = 3000) =>
  call('POST', '/v3/refund/domestic/refunds', {
    ...{ out_trade_no: number, out_refund_no: id, reason: '退货' },
    ...{ notify_url: `${merchant.url}/refunded`, amount: { refund: fen, total, currency: 'CNY' } },
  });

async function post(path: string, body: object) {
  const answer = await fetch(`${origin()}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const steer = (steering: object) => post(`${place}/orders/${number}`, steering);
const moveClock = (to: Date) => post('/sandbox/clock', { to: to.toISOString() });
const show = async () => {
  const answer = await fetch(`${origin()}${place}/orders/${number}`);
  return (await answer.json()) as {
    pay_page: string;
    notifies: { attempts: number; status: string; due_at: string }[];
  };
};

describe('the API', () => {
  test('answers an order with a code, the same for the same words', async () => {
    const first = await submit();
    expect(first).toMatchObject({
      status: 200,
      body: { code_url: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\?pr=\w{20,}$/) },
    });
    expect((await submit()).body).toEqual(first.body);
    expect((await submit({ description: 'other' })).body).toMatchObject({
      code: 'OUT_TRADE_NO_USED',
    });
  });

  test('signs every answer over its very bytes, an empty one too', async () => {
    await submit();
    const answers = [
      await query(),
      await call('POST', `/v3/pay/transactions/out-trade-no/${number}/close`, {
        mchid: sandbox.wechat.mchid,
      }),
    ];
    expect(answers.map(({ status, text }) => [status, text === ''])).toEqual([
      [200, false],
      [204, true],
    ]);
    for (const { headers, text } of answers) {
      const [timestamp = '', nonce = '', signature = '', serial] = [
        ...['timestamp', 'nonce', 'signature', 'serial'],
      ].map((name) => headers.get(`wechatpay-${name}`) ?? '');
      expect(serial).toBe(sandbox.wechat.platform_key_id);
      const signed = answerText(timestamp, nonce, text);
      expect(isSignedBy(signed, signature, sandbox.wechat.platform_public_key)).toBe(true);
    }
  });

  test('lets nobody in who is not the merchant, and sees a call that is sent twice', async () => {
    const stranger = await fetch(`${origin()}${place}/v3/pay/transactions/native`, {
      ...{ method: 'POST', body: JSON.stringify(ordered()) },
    });
    expect([stranger.status, await stranger.json()]).toMatchObject([401, { code: 'SIGN_ERROR' }]);
    await submit();
    const path = `/v3/pay/transactions/out-trade-no/${number}?mchid=${sandbox.wechat.mchid}`;
    const authorization = authorize('GET', path);
    expect((await call('GET', path, undefined, authorization)).status).toBe(200);
    expect((await call('GET', path, undefined, authorization)).status).toBe(401);
    expect((await call('GET', `${path}&a=1`, undefined, authorize('GET', path))).status).toBe(401);
  });

  test.each<[string, object]>([
    ['amount.total', { amount: { total: 0, currency: 'CNY' } }],
    ['amount.total', { amount: { total: 1.5, currency: 'CNY' } }],
    ['amount.total', { amount: { total: '3000', currency: 'CNY' } }],
    ['amount.currency', { amount: { total: 3000, currency: 'USD' } }],
    ['notify_url', { notify_url: 'http://127.0.0.1/notify?a=1' }],
    ['notify_url', { notify_url: 'not an address' }],
    ['description', { description: '字'.repeat(128) }],
    ['out_trade_no', { out_trade_no: 'short' }],
    ['out_trade_no', { out_trade_no: 'n'.repeat(33) }],
    ['time_expire', { time_expire: '2020-01-01T00:00:00+08:00' }],
    ['time_expire', { time_expire: '2099-01-01 00:00:00' }],
    ['time_expire', { time_expire: '2099-01-01T00:00:00+08:00' }],
  ])('refuses an order for its %s: %j', async (name, changes) => {
    const answer = await submit(changes);
    expect(answer).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } });
    expect(answer.body.message).toContain(name);
  });

  test('wants the payer’s address for a phone’s page', async () => {
    const h5 = (scene: object) =>
      call('POST', '/v3/pay/transactions/h5', ordered({ scene_info: scene }));
    expect(await h5({ h5_info: { type: 'Wap' } })).toMatchObject({ status: 400 });
    const scene = { payer_client_ip: '198.51.100.7', h5_info: { type: 'Wap' } };
    expect(await h5(scene)).toMatchObject({
      body: { h5_url: expect.stringContaining('/sandbox/wechat/h5?prepay_id=') },
    });
  });

  test('knows paid, closed and expired orders', async () => {
    expect(await query()).toMatchObject({ status: 404, body: { code: 'ORDER_NOT_EXIST' } });
    const soon = new Date(Date.now() + 120_000);
    await submit({ time_expire: `${soon.toISOString().slice(0, 19)}Z` });
    expect((await query()).body).toMatchObject({ trade_state: 'NOTPAY' });
    await moveClock(new Date(soon.getTime() + 1_000));
    expect((await query()).body).toMatchObject({ trade_state: 'CLOSED' });
    expect(await steer({ outcome: 'paid' })).toMatchObject({ status: 409 });
    await moveClock(new Date());
    await steer({ outcome: 'paid', notify: 'none', coupon: '100' });
    expect((await query()).body).toMatchObject({
      ...{ trade_state: 'SUCCESS', transaction_id: expect.stringMatching(/^4200\d{24}$/) },
      amount: { total: 3000, payer_total: 2900, currency: 'CNY' },
    });
    expect((await submit()).body).toMatchObject({ code: 'ORDERPAID' });
  });
});

describe('refunds', () => {
  beforeEach(async () => {
    await submit();
    await steer({ outcome: 'paid', notify: 'none' });
  });

  test('are under way first, then done, and never more than was paid', async () => {
    expect(await refund(`${number}r1`, 1000)).toMatchObject({ body: { status: 'PROCESSING' } });
    expect(await refund(`${number}r1`, 1000)).toMatchObject({ status: 200 });
    expect(await refund(`${number}r1`, 999)).toMatchObject({ body: { code: 'INVALID_REQUEST' } });
    expect(await refund(`${number}r2`, 2001)).toMatchObject({ body: { code: 'INVALID_REQUEST' } });
    expect(await refund(`${number}r2`, 2000, 4000)).toMatchObject({ status: 400 });
    const find = () => call('GET', `/v3/refund/domestic/refunds/${number}r1`);
    await expect.poll(async () => (await find()).body.status, { timeout: 5_000 }).toBe('SUCCESS');
    expect((await query()).body).toMatchObject({ trade_state: 'REFUND' });
  });

  test('wait where they are steered so, and end as they are told', async () => {
    await steer({ refund: 'pending' });
    const [closed, stuck] = [`${number}r1`, `${number}r2`];
    await refund(closed, 3000);
    expect(await post(`${place}/refunds/${closed}`, { status: 'CLOSED' })).toMatchObject({
      body: { status: 'CLOSED' },
    });
    expect((await query()).body).toMatchObject({ trade_state: 'SUCCESS' });
    await refund(stuck, 3000);
    await post(`${place}/refunds/${stuck}`, { status: 'ABNORMAL' });
    await post(`${place}/refunds/${stuck}`, { status: 'SUCCESS' });
    expect(await post(`${place}/refunds/${stuck}`, { status: 'CLOSED' })).toMatchObject({
      status: 409,
    });
    const told = merchant.heard.map(({ body }) => JSON.parse(body).event_type);
    expect(told).toEqual(['REFUND.CLOSED', 'REFUND.ABNORMAL', 'REFUND.SUCCESS']);
  });

  test('are refused, or made without a word', async () => {
    await steer({ refund: 'refuse' });
    expect(await refund(`${number}r1`, 1)).toMatchObject({ body: { code: 'NOT_ENOUGH' } });
    await steer({ refund: 'lost' });
    await expect(refund(`${number}r1`, 1)).rejects.toThrow();
    expect(await call('GET', `/v3/refund/domestic/refunds/${number}r1`)).toMatchObject({
      status: 200,
    });
  });
});

describe('news', () => {
  test('is repeated on the platform’s schedule, for a day and four minutes', async () => {
    await submit();
    merchant.status = 500;
    await steer({ outcome: 'paid' });
    const waits: number[] = [];
    for (;;) {
      const { notifies } = await show();
      const [only] = notifies;
      if (only?.status !== 'waiting') break;
      const before = Date.now() + waits.reduce((sum, wait) => sum + wait, 0);
      waits.push(Math.round((Date.parse(only.due_at) - before) / 1_000) * 1_000);
      await moveClock(new Date(only.due_at));
      await expect.poll(async () => (await show()).notifies[0]?.attempts).toBe(only.attempts + 1);
    }
    await moveClock(new Date());
    const minutes = waits.map((wait) => Math.round(wait / 1_000));
    expect(minutes).toEqual([
      ...[15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600],
      ...[10800, 10800, 10800, 21600, 21600],
    ]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe((24 * 60 + 4) * 60_000);
    expect((await show()).notifies).toMatchObject([{ status: 'given_up', attempts: 16 }]);
    expect(new Set(merchant.heard.map(({ body }) => body)).size).toBe(1);
  });

  test('comes as often and as bent as it is steered', async () => {
    await submit();
    const { body } = await steer({ outcome: 'paid', times: 3, reorder: true, sign: 'probe' });
    expect(body.notifies).toHaveLength(4);
    expect(new Set(merchant.heard.map(({ body: text }) => text)).size).toBe(2);
    const [first] = merchant.heard;
    expect(first?.headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\//);
  });

  test('outlives the process', async () => {
    await submit();
    merchant.status = 503;
    await steer({ outcome: 'paid' });
    await sandbox.close();
    merchant.status = 204;
    sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
    await moveClock(new Date(Date.now() + 20_000));
    await expect.poll(async () => (await show()).notifies[0]?.status).toBe('accepted');
    await moveClock(new Date());
  });

  test.each([
    ['no such field', { color: 'red' }, 'color'],
    ['no such value', { sign: 'well' }, 'sign'],
    ['too many', { times: 101 }, 'times'],
    ['no outcome', { outcome: 'won' }, 'outcome'],
  ])('is not steered by what is %s', async (_what, steering, name) => {
    await submit();
    const answer = await steer(steering);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(name);
  });
});

describe('the pages', () => {
  const get = async (path: string, language = 'en') => {
    const headers = { 'accept-language': language };
    return (await fetch(`${origin()}${path}`, { headers })).text();
  };
  const choose = (path: string, outcome: string) =>
    fetch(`${origin()}${path}`, {
      ...{ method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' },
    });

  test('a code is scanned, declined, and paid, in either language', async () => {
    await submit({ description: '<b>套餐</b>' });
    expect(await get(`${place}/scan`)).toContain(number);
    const { pay_page: page } = await show();
    expect(await get(page)).toContain('Pay ¥30.00');
    expect(await get(page, 'zh-CN')).toContain('&lt;b&gt;套餐&lt;/b&gt;');
    await choose(page, 'declined');
    expect(await get(page)).toContain('Declined; you may try again');
    expect((await choose(page, 'paid')).headers.get('location')).toBe(page);
    await choose(page, 'paid');
    expect(await get(page)).toContain('Paid');
    await expect.poll(() => merchant.heard.length).toBe(1);
    expect(await get(`${place}/scan`)).not.toContain(number);
  });

  test('a phone is led back to the merchant, and nowhere else', async () => {
    const scene = { payer_client_ip: '2001:db8::7', h5_info: { type: 'Wap' } };
    const answer = await call('POST', '/v3/pay/transactions/h5', ordered({ scene_info: scene }));
    const page = new URL(String(answer.body.h5_url));
    page.searchParams.set('redirect_url', `${merchant.url}/back`);
    const path = page.pathname + page.search;
    expect(await get(path)).toContain('Leave without paying');
    expect((await choose(path, 'paid')).headers.get('location')).toBe(`${merchant.url}/back`);
    expect(await get(path)).toContain(`href="${merchant.url}/back"`);
    page.searchParams.set('redirect_url', 'javascript:alert(1)');
    expect(await get(page.pathname + page.search)).not.toContain('javascript:');
  });
});

describe('the bill', () => {
  test('is of one Beijing day, is made by ten the next morning, and has the digest that was named', async () => {
    await submit();
    await moveClock(new Date('2026-03-31T15:59:00Z'));
    await steer({ outcome: 'paid', notify: 'none' });
    await refund(`${number}r1`, 1000);
    const ask = (date: string) =>
      call('GET', `/v3/bill/tradebill?bill_date=${date}&bill_type=ALL&tar_type=GZIP`);
    expect((await ask('2026-03-31')).body).toMatchObject({ code: 'PARAM_ERROR' });
    await moveClock(new Date('2026-04-01T01:59:59Z'));
    expect((await ask('2026-03-31')).body).toMatchObject({ code: 'STATEMENT_CREATING' });
    await moveClock(new Date('2026-04-01T02:00:00Z'));
    expect((await ask('2026-03-30')).body).toMatchObject({ code: 'NO_STATEMENT_EXIST' });
    const { body } = await ask('2026-03-31');
    const address = new URL(String(body.download_url));
    const unsigned = await fetch(`${origin()}${address.pathname}${address.search}`);
    expect(unsigned.status).toBe(401);
    const text = await downloadAs(address.pathname.slice(place.length) + address.search);
    await moveClock(new Date());
    expect(createHash('sha1').update(text).digest('hex')).toBe(body.hash_value);
    const lines = text.toString('utf8').split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines.slice(1, 3).map((line) => line.split(',`').length)).toEqual([27, 27]);
    expect(lines[1]).toMatch(/^`2026-03-31 23:59:01,.*`REFUND.*`10\.00.*`-0\.06000,`0\.60%/);
    expect(lines[2]).toMatch(/^`2026-03-31 23:59:00,.*`SUCCESS.*`0\.18000,`0\.60%,`30\.00/);
    expect(lines[4]).toBe('`2,`30.00,`10.00,`0.00,`0.12000,`30.00,`10.00');
  });

  async function downloadAs(path: string): Promise<Buffer> {
    const authorization = authorize('GET', path);
    const answer = await fetch(`${origin()}${place}${path}`, { headers: { authorization } });
    return gunzipSync(Buffer.from(await answer.arrayBuffer()));
  }
});
