import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { sign } from './signature.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-credit-'));
let sandbox: Sandbox;
let merchant: Awaited<ReturnType<typeof startMerchant>>;

/** A merchant that answers notifications as told and remembers them. */
async function startMerchant() {
  const received: { method: string; userAgent: string; fields: Record<string, string> }[] = [];
  const state = { answer: 'success', status: 200, received, underWay: 0, underWayMax: 0 };
  const server = createServer(async (request, response) => {
    state.underWay += 1;
    state.underWayMax = Math.max(state.underWayMax, state.underWay);
    let body = '';
    for await (const part of request) body += part;
    const query = (request.url ?? '').split('?')[1] ?? '';
    const fields = Object.fromEntries(
      new URLSearchParams(request.method === 'POST' ? body : query),
    );
    const userAgent = request.headers['user-agent'] ?? '';
    received.push({ method: request.method ?? '', userAgent, fields });
    setImmediate(() => {
      state.underWay -= 1;
      response.writeHead(state.status).end(state.answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, close: () => server.close() });
}

beforeEach(async () => {
  rmSync(dataDir, { recursive: true, force: true });
  merchant = await startMerchant();
  sandbox = await start();
});

afterEach(async () => {
  await sandbox.close();
  merchant.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (notifyRetryMs = 1) => startSandbox({ port: 0, smtpPort: 0, dataDir, notifyRetryMs });
const address = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox/credit${path}`;

function signedFields(changes: Record<string, string> = {}): Record<string, string> {
  const fields = {
    pid: sandbox.credit.pid,
    type: 'epay',
    out_trade_no: 'order1',
    name: '入门套餐',
    money: '30.00',
    notify_url: `${merchant.url}/notify`,
    return_url: `${merchant.url}/back?from=pay`,
    ...changes,
  };
  return { ...fields, sign: sign(fields, sandbox.credit.key), sign_type: 'MD5' };
}

async function submit(changes: Record<string, string> = {}) {
  const answer = await fetch(
    `${address('/pay/submit.php')}?${new URLSearchParams(signedFields(changes))}`,
    { redirect: 'manual' },
  );
  return { status: answer.status, payPage: answer.headers.get('location') ?? '' };
}

const choose = (payPage: string, outcome: string) =>
  fetch(payPage, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });

async function steer(path: string, body: object) {
  const answer = await fetch(address(path), { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function query(outTradeNo = 'order1') {
  const { pid, key } = sandbox.credit;
  const fields = new URLSearchParams({ act: 'order', pid, key, out_trade_no: outTradeNo });
  const answer = await fetch(`${address('/api.php')}?${fields}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function refund(changes: Record<string, string> = {}) {
  const { pid, key } = sandbox.credit;
  const tradeNo = String((await query()).body.trade_no);
  const form = new URLSearchParams({ pid, key, trade_no: tradeNo, money: '30.00', ...changes });
  return (await fetch(address('/api.php'), { method: 'POST', body: form })).json();
}

const received = (count: number) =>
  vi.waitFor(() => expect(merchant.received.length).toBeGreaterThanOrEqual(count), 5_000);

describe('submit.php', () => {
  test('sends the payer to the pay page of the order, by GET and by POST', async () => {
    const byGet = await submit();
    expect(byGet.status).toBe(302);
    expect(byGet.payPage).toContain('/sandbox/credit/paying?order_no=');

    const body = new URLSearchParams(signedFields({ out_trade_no: 'order2' }));
    const byPost = await fetch(address('/pay/submit.php'), {
      method: 'POST',
      body,
      redirect: 'manual',
    });
    expect(byPost.status).toBe(302);
  });

  test('answers a bad signature with 401 and its reason', async () => {
    const forged = new URLSearchParams({ ...signedFields(), money: '1' });
    const refused = await fetch(`${address('/pay/submit.php')}?${forged}`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({ error_msg: '签名验证失败', data: null });
  });

  test('takes an order number once', async () => {
    await submit();
    expect((await submit()).status).toBe(500);
  });
});

describe('the pay page', () => {
  test('shows merchant, item and amount, escaped, in either language', async () => {
    const { payPage } = await submit({ name: '<b>套餐</b>' });
    const chinese = await (await fetch(`${payPage}&lang=zh`)).text();
    expect(chinese).toContain('确认支付');
    expect(chinese).toContain('&lt;b&gt;套餐&lt;/b&gt;');
    expect(chinese).toContain('30.00');
    expect(await (await fetch(payPage)).text()).toContain('Leave without paying');
  });

  test('notifies by signed GET once paid, and sends the payer back', async () => {
    const { payPage } = await submit();
    const back = await choose(payPage, 'paid');
    expect(back.status).toBe(303);
    expect(back.headers.get('location')).toBe(`${merchant.url}/back?from=pay`);

    await received(1);
    const [notify] = merchant.received;
    expect(notify).toMatchObject({ method: 'GET', userAgent: 'LinuxDo-Credit/1.0' });
    expect(Object.keys(notify?.fields ?? {}).sort()).toEqual([
      'money',
      'name',
      'out_trade_no',
      'pid',
      'sign',
      'trade_no',
      'trade_status',
      'type',
    ]);
    expect(notify?.fields).toMatchObject({ money: '30.00', trade_status: 'TRADE_SUCCESS' });
    expect(notify?.fields.sign).toBe(sign(notify?.fields ?? {}, sandbox.credit.key));
  });

  test('pays once however often it is posted', async () => {
    const { payPage } = await submit();
    await steer('/orders/order1', { before_redirect: true });
    await choose(payPage, 'paid');
    await choose(payPage, 'paid');
    expect(merchant.received).toHaveLength(1);
  });

  test.each(['declined', 'abandoned'])('leaves an order %s unpaid and payable', async (outcome) => {
    const { payPage } = await submit();
    expect((await choose(payPage, outcome)).status).toBe(303);
    expect((await query()).body.status).toBe(0);
    await choose(payPage, 'paid');
    expect((await query()).body.status).toBe(1);
  });
});

describe('notifications', () => {
  test('are repeated until the merchant says success', async () => {
    merchant.answer = 'fail';
    const { payPage } = await submit();
    await choose(payPage, 'paid');
    await received(3);
    merchant.answer = ' SUCCESS\n';
    await vi.waitFor(async () => expect(await notifyStates()).toEqual(['accepted']), 5_000);
  });

  test('are given up after ten repetitions', async () => {
    merchant.status = 500;
    const { payPage } = await submit();
    await choose(payPage, 'paid');
    await vi.waitFor(async () => expect(await notifyStates()).toEqual(['given_up']), 5_000);
    expect(merchant.received).toHaveLength(11);
  });

  test('survive a restart while they are owed', async () => {
    merchant.answer = 'fail';
    const { payPage } = await submit();
    await choose(payPage, 'paid');
    await received(1);
    await sandbox.close();
    merchant.answer = 'success';
    const before = merchant.received.length;
    sandbox = await start();
    await received(before + 1);
    await vi.waitFor(async () => expect(await notifyStates()).toEqual(['accepted']), 5_000);
    expect((await query()).body.status).toBe(1);
  });

  async function notifyStates() {
    const order = (await (await fetch(address('/orders/order1'))).json()) as {
      notifies: { status: string }[];
    };
    return order.notifies.map((notify) => notify.status);
  }
});

describe('steering', () => {
  test.each([
    ['a bad signature', { sign: 'bad' }],
    ['no signature', { sign: 'missing' }],
    ['a signature without a key', { sign: 'empty_key' }],
  ])('sends %s', async (_what, steering) => {
    await submit();
    await steer('/orders/order1', { ...steering, before_redirect: true, outcome: 'paid' });
    const fields = merchant.received[0]?.fields ?? {};
    expect(fields.out_trade_no).toBe('order1');
    expect(fields.sign).not.toBe(sign(fields, sandbox.credit.key));
  });

  test('claims another amount and merchant, well signed, by POST', async () => {
    await submit();
    const lie = { notify: 'POST', money: '3000.00', pid: '10510', before_redirect: true };
    await steer('/orders/order1', { ...lie, outcome: 'paid' });
    const [notify] = merchant.received;
    expect(notify?.method).toBe('POST');
    expect(notify?.fields).toMatchObject({ money: '3000.00', pid: '10510' });
    expect(notify?.fields.sign).toBe(sign(notify?.fields ?? {}, sandbox.credit.key));
  });

  test('repeats a notification many times, several at once', async () => {
    await submit();
    const storm = { times: 30, concurrency: 10, before_redirect: true, outcome: 'paid' };
    await steer('/orders/order1', storm);
    expect(merchant.received).toHaveLength(30);
    expect(merchant.underWayMax).toBeGreaterThan(1);
  });

  test('keeps silent when told, and the query still knows', async () => {
    await submit();
    await steer('/orders/order1', { notify: 'none', before_redirect: true, outcome: 'paid' });
    expect(merchant.received).toHaveLength(0);
    expect((await query()).body.status).toBe(1);
  });

  test('pays and notifies before the submission is answered, for every order', async () => {
    await steer('/steering', { pay_at_submit: true });
    await submit();
    expect(merchant.received).toHaveLength(1);
  });

  test('denies by query what the notification says, or does not answer the query at all', async () => {
    await submit();
    await steer('/orders/order1', { query: 'unpaid', before_redirect: true, outcome: 'paid' });
    expect(merchant.received[0]?.fields.trade_status).toBe('TRADE_SUCCESS');
    expect((await query()).body.status).toBe(0);
    await steer('/orders/order1', { query: 'down' });
    expect((await query()).status).toBe(500);
    await steer('/orders/order1', {});
    expect((await query()).body.status).toBe(1);
  });

  test('refuses a refund, or makes it without an answer', async () => {
    await submit();
    await steer('/orders/order1', { refund: 'refuse', outcome: 'paid' });
    expect(await refund()).toMatchObject({ code: -1 });
    expect((await query()).body.status).toBe(1);
    await steer('/orders/order1', { refund: 'lost' });
    await expect(refund()).rejects.toThrow();
    expect((await query()).body.status).toBe(0);
  });

  test('replays the notification of a paid order', async () => {
    await submit();
    await steer('/orders/order1', { before_redirect: true, outcome: 'paid' });
    await steer('/orders/order1', { outcome: 'paid' });
    expect(merchant.received).toHaveLength(2);
    expect(merchant.received[1]).toEqual(merchant.received[0]);
  });

  test.each([{ notifiy: 'none' }, { times: 0 }, { sign: 'worse' }, { outcome: 'maybe' }])(
    'refuses %o',
    async (body) => {
      expect((await steer('/orders/order1', body)).status).toBe(400);
    },
  );
});

describe('api.php', () => {
  test('tells the state of an order, and 404 for one it does not know', async () => {
    await submit();
    await steer('/orders/order1', { outcome: 'paid' });
    expect((await query()).body).toMatchObject({
      code: 1,
      out_trade_no: 'order1',
      type: 'epay',
      name: '入门套餐',
      money: '30.00',
      status: 1,
    });
    expect(await query('other')).toMatchObject({ status: 404, body: { code: -1 } });
  });

  test('refunds in full, once', async () => {
    await submit();
    expect(await refund()).toMatchObject({ code: -1 });
    await steer('/orders/order1', { outcome: 'paid' });
    expect(await refund({ money: '10.00' })).toMatchObject({ code: -1 });
    expect(await refund({ key: 'guess' })).toMatchObject({ code: -1 });
    expect(await refund()).toEqual({ code: 1, msg: '退款成功' });
    expect(await refund()).toMatchObject({ code: -1 });
    expect((await query()).body.status).toBe(0);
  });
});
