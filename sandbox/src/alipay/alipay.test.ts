import { createSign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { beijingTime } from './beijing.ts';

type Fields = Record<string, string>;

const heard: Fields[] = [];
let answer = 'success';
let merchantUrl = '';
const merchant = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  heard.push(Object.fromEntries(new URLSearchParams(body)));
  response.end(answer);
});
let sandbox: Sandbox;

beforeAll(async () => {
  merchant.listen(0, '127.0.0.1');
  await once(merchant, 'listening');
  merchantUrl = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}`;
});
afterAll(() => {
  merchant.close();
});
beforeEach(async () => {
  heard.length = 0;
  answer = 'success';
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
});
afterEach(() => sandbox.close());

const address = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox/alipay${path}`;
const post = async (path: string, body: object) => {
  const said = await fetch(address(path), { method: 'POST', body: JSON.stringify(body) });
  return { status: said.status, body: (await said.json()) as Record<string, unknown> };
};
const moveClock = (to: Date) =>
  fetch(`http://127.0.0.1:${sandbox.port}/sandbox/clock`, {
    method: 'POST',
    body: JSON.stringify({ to: to.toISOString() }),
  });

/** A request as a merchant signs it. */
function signed(method: string, biz: object, changes: Fields = {}): Fields {
  const fields: Fields = {
    method,
    app_id: sandbox.alipay.app_id,
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
    timestamp: beijingTime(new Date()),
    notify_url: `${merchantUrl}/notify`,
    return_url: `${merchantUrl}/back?order=1`,
    biz_content: JSON.stringify(biz),
    ...changes,
  };
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const sign = createSign('RSA-SHA256').update(text).sign(sandbox.alipay.private_key, 'base64');
  return { ...fields, sign };
}
const call = async (fields: Fields): Promise<Record<string, string>> => {
  const said = await fetch(address('/gateway.do'), {
    ...{ method: 'POST', body: new URLSearchParams(fields) },
  });
  const { sign: _sign, ...rest } = (await said.json()) as Record<string, Record<string, string>>;
  return Object.values(rest)[0] ?? {};
};
const order = { out_trade_no: 'order1', total_amount: '88.00', subject: '<b>套餐' };
const page = { ...order, product_code: 'FAST_INSTANT_TRADE_PAY' };
const visit = (fields: Fields) =>
  fetch(`${address('/gateway.do')}?${new URLSearchParams(fields)}`, { redirect: 'manual' });
const visitPage = async () => {
  const said = await visit(signed('alipay.trade.page.pay', page));
  return said.headers.get('location') ?? '';
};
const query = (number = 'order1') => call(signed('alipay.trade.query', { out_trade_no: number }));

describe('the gateway', () => {
  test.each<[string, () => Fields, string]>([
    [
      'a changed content',
      () => ({ ...signed('alipay.trade.query', {}), biz_content: '{}1' }),
      'isv.invalid-signature',
    ],
    [
      'another application',
      () => signed('alipay.trade.query', {}, { app_id: '1' }),
      'isv.invalid-app-id',
    ],
    [
      'SHA-1',
      () => signed('alipay.trade.query', {}, { sign_type: 'RSA' }),
      'isv.invalid-signature-type',
    ],
    [
      'no signature',
      () => ({ ...signed('alipay.trade.query', {}), sign: '' }),
      'isv.invalid-signature',
    ],
    [
      'the time of another zone',
      () =>
        signed(
          'alipay.trade.query',
          {},
          { timestamp: new Date().toISOString().slice(0, 19).replace('T', ' ') },
        ),
      'isv.invalid-timestamp',
    ],
    ['a method that it has not', () => signed('alipay.trade.gift', {}), 'isv.invalid-method'],
  ])('refuses %s', async (_what, make, subCode) => {
    expect(await call(make())).toMatchObject({ code: '40002', sub_code: subCode });
  });

  test('shows a payer why an order is not taken', async () => {
    const forged = { ...signed('alipay.trade.page.pay', page), biz_content: '{}' };
    const said = await visit(forged);
    expect(said.status).toBe(400);
    expect(await said.text()).toContain('isv.invalid-signature');
  });

  test.each(['0', '0.001', '-1', '1e3', '100000000.01'])(
    'takes no amount of %s',
    async (total_amount) => {
      const said = await call(signed('alipay.trade.precreate', { ...order, total_amount }));
      expect(said).toMatchObject({ code: '40004', sub_code: 'ACQ.TOTAL_FEE_EXCEED' });
    },
  );

  test('makes one trade of a number, and none of a number with another amount', async () => {
    const first = await call(signed('alipay.trade.precreate', order));
    expect(await call(signed('alipay.trade.precreate', order))).toEqual(first);
    const other = await call(signed('alipay.trade.precreate', { ...order, total_amount: '1.00' }));
    expect(other.sub_code).toBe('ACQ.CONTEXT_INCONSISTENT');
  });
});

describe('the pages', () => {
  test('are good long after their links were signed, and no link is from the future', async () => {
    const hour = 3_600_000;
    const at = (ms: number) => ({ timestamp: beijingTime(new Date(Date.now() + ms)) });
    expect((await visit(signed('alipay.trade.page.pay', page, at(-48 * hour)))).status).toBe(302);
    expect((await visit(signed('alipay.trade.page.pay', page, at(hour)))).status).toBe(400);
  });

  test('lead a payer through a payment, escaped, in either language', async () => {
    const cashier = await visitPage();
    const chinese = await (await fetch(`${cashier}&lang=zh`)).text();
    expect(chinese).toContain('确认付款 ¥ 88.00');
    expect(chinese).toContain('&lt;b&gt;套餐');
    expect(await (await fetch(cashier)).text()).toContain('Leave without paying');
    expect((await query()).trade_status).toBe('WAIT_BUYER_PAY');

    const left = await fetch(cashier, {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ outcome: 'paid' }) },
    });
    const back = new URL(left.headers.get('location') ?? '');
    expect(back.href.startsWith(`${merchantUrl}/back?order=1&`)).toBe(true);
    expect(back.searchParams.get('total_amount')).toBe('88.00');
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ trade_status: 'TRADE_SUCCESS', total_amount: '88.00' });
    expect(await query()).toMatchObject({ trade_status: 'TRADE_SUCCESS' });
  });

  test('tell of a payment once, however often the button is pressed', async () => {
    const cashier = await visitPage();
    const body = new URLSearchParams({ outcome: 'paid' });
    for (let click = 0; click < 3; click += 1) {
      await fetch(cashier, { method: 'POST', redirect: 'manual', body });
    }
    expect(heard).toHaveLength(1);
  });

  test('know a trade of a code only once it is scanned', async () => {
    const { qr_code: code = '' } = await call(signed('alipay.trade.precreate', order));
    expect((await query()).sub_code).toBe('ACQ.TRADE_NOT_EXIST');
    expect(await (await fetch(code)).text()).toContain('You scanned the code');
    expect((await query()).trade_status).toBe('WAIT_BUYER_PAY');
  });

  test('let a declined payer try again, and nobody after the term', async () => {
    const cashier = await visitPage();
    await post('/orders/order1', { outcome: 'declined' });
    expect(await (await fetch(cashier)).text()).toContain('you may try again');

    const term = new Date(Date.now() + 60_000);
    const short = { ...page, out_trade_no: 'order2', time_expire: beijingTime(term) };
    await visit(signed('alipay.trade.page.pay', short));
    await moveClock(new Date(term.getTime() + 1_000));
    expect((await query('order2')).trade_status).toBe('TRADE_CLOSED');
    expect((await post('/orders/order2', { outcome: 'paid' })).status).toBe(409);
  });
});

describe('notifications', () => {
  test('are repeated for a day along Alipay’s schedule until the answer is success', async () => {
    await visitPage();
    answer = 'SUCCESS';
    await post('/orders/order1', { outcome: 'paid' });
    const start = Date.now();
    let passedMinutes = 0;
    for (const [repeats, minutes] of [4, 10, 10, 60, 120, 360, 900].entries()) {
      passedMinutes += minutes;
      await moveClock(new Date(start + passedMinutes * 60_000 - 30_000));
      expect(heard).toHaveLength(repeats + 1);
      await moveClock(new Date(start + passedMinutes * 60_000 + 30_000));
      await expect.poll(() => heard.length).toBe(repeats + 2);
    }
    const ids = new Set(heard.map(({ notify_id }) => notify_id));
    expect(ids.size).toBe(1);
    await moveClock(new Date(start + 10 * 86_400_000));
    const { body } = await post('/orders/order1', {});
    expect(body.notifies).toMatchObject([{ status: 'given_up', attempts: 8 }]);
  });

  test('are still owed after a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-alipay-'));
    await sandbox.close();
    sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
    const before = sandbox.alipay;
    await visitPage();
    await post('/orders/order1', { delay_ms: 60_000 });
    await post('/orders/order1', { outcome: 'paid' });
    expect(heard).toHaveLength(0);
    await sandbox.close();
    sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
    expect(sandbox.alipay).toEqual(before);
    expect((await query()).trade_status).toBe('TRADE_SUCCESS');
    await moveClock(new Date(Date.now() + 61_000));
    await expect.poll(() => heard.length).toBe(1);
  });

  test.each(['bad', 'missing', 'sha1', 'unknown_type'])('can be signed %s', async (sign) => {
    await visitPage();
    await post('/orders/order1', { outcome: 'paid', sign });
    const types = { bad: 'RSA2', missing: 'RSA2', sha1: 'RSA', unknown_type: 'RSA3' };
    expect(heard[0]?.sign_type).toBe(types[sign as keyof typeof types]);
    expect(heard[0]?.sign === undefined).toBe(sign === 'missing');
  });
});

describe('refunds', () => {
  const refund = (amount: string, request: string) =>
    call(
      signed('alipay.trade.refund', {
        ...{ out_trade_no: 'order1', refund_amount: amount, out_request_no: request },
      }),
    );

  test('move money once for each number, and never more than is left', async () => {
    await visitPage();
    await post('/orders/order1', { outcome: 'paid', notify: 'none' });
    expect(await refund('30.00', 'r1')).toMatchObject({ fund_change: 'Y', refund_fee: '30.00' });
    expect(await refund('30.00', 'r1')).toMatchObject({ fund_change: 'N', refund_fee: '30.00' });
    expect((await refund('31.00', 'r1')).sub_code).toBe('ACQ.DISCORDANT_REPEAT_REQUEST');
    expect((await refund('58.01', 'r2')).sub_code).toBe('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL');
    expect(await refund('58.00', 'r2')).toMatchObject({ fund_change: 'Y', refund_fee: '88.00' });
    expect((await query()).trade_status).toBe('TRADE_CLOSED');
  });

  test('can be under way for an hour', async () => {
    await visitPage();
    await post('/orders/order1', { outcome: 'paid', notify: 'none', refund: 'pending' });
    expect(await refund('30.00', 'r1')).toMatchObject({ fund_change: 'N' });
    const ask = () =>
      call(
        signed('alipay.trade.fastpay.refund.query', {
          ...{ out_trade_no: 'order1', out_request_no: 'r1' },
        }),
      );
    expect(await ask()).toMatchObject({ refund_status: 'REFUND_PROCESSING' });
    await moveClock(new Date(Date.now() + 3_600_000));
    expect(await ask()).toMatchObject({ refund_status: 'REFUND_SUCCESS' });
  });
});

describe('steering', () => {
  test.each([
    ['a field that is none', { sing: 'bad' }, '`sing`'],
    ['a value that a field cannot have', { refund: 'maybe' }, '`refund`'],
    ['an amount that is none', { amount: '1.5' }, '`amount`'],
    ['an outcome that is none', { outcome: 'won' }, 'outcome'],
  ])('refuses %s', async (_what, body, word) => {
    await visitPage();
    const refused = await post('/orders/order1', body);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain(word);
  });

  test('of every order gives way to the order’s own', async () => {
    await post('/steering', { notify: 'none' });
    await visitPage();
    await post('/orders/order1', { times: 2, outcome: 'paid' });
    expect(heard).toHaveLength(2);
    expect((await post('/orders/order9', { outcome: 'paid' })).status).toBe(404);
  });
});
