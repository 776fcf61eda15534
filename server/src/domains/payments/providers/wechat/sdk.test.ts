/** The SDK as a merchant uses it, and our provider beside it, against the simulator, under either name of the platform's key. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Decorator, Formatter, Hash } from 'wechatpay-axios-plugin';
import { loadCredentials } from '../../../../../../sandbox/src/credentials.ts';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { outside } from '../../outside.ts';
import type { Notification, Order } from '../../provider.ts';
import { type Ear, openEar } from '../../testing/provider-suite/ear.ts';
import { drawNumber } from '../../testing/provider-suite/stage.ts';
import { wechat } from './index.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'wechat-sdk-'));
let sandbox: Sandbox;
let ear: Ear;
let number: string;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, dataDir });
  ear = await openEar({ status: 204, contentType: 'text/plain', body: '' });
});
afterAll(async () => {
  await sandbox.close();
  await ear.close();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  number = drawNumber();
});

const apiUrl = () => `http://127.0.0.1:${sandbox.port}/sandbox/wechat`;
const post = async (url: string, body: object) => {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
};
const steer = (steering: object) => post(`${apiUrl()}/orders/${number}`, steering);
const moveClock = (to: Date) => post(`${apiUrl().replace('wechat', 'clock')}`, { to });

/** The platform's key under one of its two names. */
const keyOf = {
  'its public key': () => ({
    [sandbox.wechat.platform_key_id]: sandbox.wechat.platform_public_key,
  }),
  'its certificate': () => {
    const { platformSerial, platformCertificate } = loadCredentials(dataDir).wechat;
    return { [platformSerial]: platformCertificate };
  },
};

function openSdk(certs: Record<string, string>): Decorator {
  const { mchid, merchant_serial: serial, private_key: privateKey } = sandbox.wechat;
  const headers = { 'Wechatpay-Serial': Object.keys(certs)[0] ?? '' };
  return new Decorator({ mchid, serial, privateKey, certs, headers, baseURL: `${apiUrl()}/` });
}

const ordered = () => ({
  ...{ appid: sandbox.wechat.appid, mchid: sandbox.wechat.mchid, out_trade_no: number },
  ...{ description: '入门套餐', notify_url: ear.url, amount: { total: 8800, currency: 'CNY' } },
});
const path = () => `v3/pay/transactions/out-trade-no/${number}`;
const params = () => ({ params: { mchid: sandbox.wechat.mchid } });

describe.each(Object.entries(keyOf))('the SDK that knows the platform by %s', (_name, certs) => {
  it('orders, asks, closes and refunds with its verification on', async () => {
    const sdk = openSdk(certs());
    const made = await sdk.request('v3/pay/transactions/native', 'post', ordered());
    expect(made.data).toMatchObject({ code_url: expect.stringMatching(/^weixin:/) });
    const asked = await sdk.request(path(), 'get', undefined, params());
    expect(asked.data).toMatchObject({ trade_state: 'NOTPAY', amount: { total: 8800 } });
    await steer({ outcome: 'paid', notify: 'none' });
    const refund = await sdk.request('v3/refund/domestic/refunds', 'post', {
      ...{ out_trade_no: number, out_refund_no: drawNumber(), notify_url: ear.url },
      amount: { refund: 1, total: 8800, currency: 'CNY' },
    });
    expect(refund.data).toMatchObject({ status: 'PROCESSING' });
  });

  it('verifies an answer without a body', async () => {
    const sdk = openSdk(certs());
    await sdk.request('v3/pay/transactions/native', 'post', ordered());
    const { mchid } = sandbox.wechat;
    expect(await sdk.request(`${path()}/close`, 'post', { mchid })).toMatchObject({ status: 204 });
  });

  it.each([
    ['bad', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['missing', 'EV3_RES_HEADERS_INCOMPLATE'],
  ])('does not believe an answer whose signature is %s', async (sign, code) => {
    const sdk = openSdk(certs());
    await sdk.request('v3/pay/transactions/native', 'post', ordered());
    await steer({ answer_sign: sign });
    const asking = sdk.request(path(), 'get', undefined, params());
    await expect(asking).rejects.toMatchObject({ code });
  });

  it('reads the bill', async () => {
    const sdk = openSdk(certs());
    await sdk.request('v3/pay/transactions/native', 'post', ordered());
    await steer({ outcome: 'paid', notify: 'none' });
    const now = new Date();
    const date = now.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
    await moveClock(new Date(now.getTime() + 34 * 3_600_000));
    const query = { bill_date: date, tar_type: 'GZIP' };
    const { data } = await sdk.request('v3/bill/tradebill', 'get', undefined, { params: query });
    const { searchParams } = new URL(data.download_url);
    const file = await sdk.request('v3/billdownload/file', 'get', undefined, {
      ...{ params: Object.fromEntries(searchParams), responseType: 'arraybuffer' },
    });
    await moveClock(now);
    const bill = gunzipSync(file.data);
    expect(Hash.sha1(bill)).toBe(data.hash_value);
    const { rows, summary } = Formatter.castCsvBill(bill) as {
      rows: Record<string, string>[];
      summary: Record<string, string>;
    };
    const row = rows.find((each) => each.商户订单号 === number);
    expect(row).toMatchObject({ 订单金额: '88.00', 货币种类: 'CNY', 交易类型: 'NATIVE' });
    expect(summary.总交易单数).toBe(String(rows.length));
  });
});

const order = (): Order => ({
  ...{ number, title: 'Starter', charged: { minor: 8800n, currency: 'CNY' }, means: 'qr' },
  ...{ notifyUrl: ear.url, returnUrl: 'https://shop.example/', savesMethod: false },
  expiresAt: null,
  payer: {
    ...{ organizationId: 'org_1', email: null, customer: null, locale: 'zh-CN', address: null },
  },
});
const asked = () => ({
  ...{ number, reference: null, charged: order().charged, mayCapture: true },
});

describe('our provider that knows the platform by its certificates', () => {
  const connect = (changes: Record<string, string> = {}) => {
    const settings = {
      ...{ ...sandbox.wechat, platform_key_id: '', platform_public_key: '' },
      platform_certificates: loadCredentials(dataDir).wechat.platformCertificate,
      ...{ api_url: apiUrl(), ...changes },
    };
    const connection = wechat.online?.connect(settings, outside);
    if (!connection) throw new Error('WeChat Pay is a provider of the outside world');
    return connection;
  };
  const heardOf = async (steering: object): Promise<Notification> => {
    const before = ear.heard().length;
    await steer({ outcome: 'paid', ...steering });
    const heard = ear.heard()[before];
    if (!heard) throw new Error('nothing was heard');
    return heard;
  };

  it('is accepted, orders, and finds what was paid', async () => {
    const connection = connect();
    expect(await connection.probe()).toEqual({ answers: true });
    expect(await connection.start(order())).toMatchObject({ status: 'pending' });
    const notification = await heardOf({ signed_by: 'certificate' });
    const verification = await connection.verify(notification);
    expect(verification.verified && connection.translate(verification.claims)).toMatchObject({
      kind: 'collected',
      money: { number, amount: { minor: 8800n, currency: 'CNY' } },
    });
    expect(await connection.find(asked())).toMatchObject({ status: 'succeeded' });
  });

  it('refuses news under the public key’s name until it knows that too', async () => {
    await connect().start(order());
    const notification = await heardOf({ signed_by: 'public_key' });
    expect(await connect().verify(notification)).toMatchObject({ verified: false });
    const { platform_key_id, platform_public_key } = sandbox.wechat;
    const both = connect({ platform_key_id, platform_public_key });
    expect(await both.verify(notification)).toMatchObject({ verified: true });
  });

  it('says so where the platform signs by a key that was not entered', async () => {
    const other = 'PUB_KEY_ID_0000000000000000000000000000';
    const stranger = connect({
      ...{ platform_certificates: '', platform_key_id: other },
      platform_public_key: sandbox.wechat.platform_public_key,
    });
    expect(await stranger.probe()).toMatchObject({
      reason: expect.stringContaining('a key that is not entered'),
    });
    expect(await stranger.start(order())).toEqual({ status: 'unknown' });
    expect(await stranger.find(asked())).toEqual({ status: 'unknown' });
  });

  it('keeps the money of an order whose answer it could not believe', async () => {
    await steer({ answer_sign: 'bad' });
    expect(await connect().start(order())).toEqual({ status: 'unknown' });
    await steer({});
    await steer({ outcome: 'paid', notify: 'none' });
    expect(await connect().find(asked())).toMatchObject({ status: 'succeeded' });
  });
});

describe('what the API refuses', () => {
  const connect = () => {
    const connection = wechat.online?.connect({ ...sandbox.wechat, api_url: apiUrl() }, outside);
    if (!connection) throw new Error('WeChat Pay is a provider of the outside world');
    return connection;
  };

  it('is an end for an order that was not made', async () => {
    const mobile = { ...order(), means: 'mobile' };
    expect(await connect().start(mobile)).toEqual({ status: 'declined', code: 'provider_error' });
    const badly = { ...order(), notifyUrl: `${ear.url}?a=1` };
    expect(await connect().start(badly)).toEqual({ status: 'declined', code: 'provider_error' });
    expect(await connect().find(asked())).toEqual({ status: 'absent' });
  });

  it('is avoided for a long term, which is longer than it takes: the usual one is left to it', async () => {
    const daysOn = (days: number) => new Date(Date.now() + days * 86_400_000);
    for (const [days, term] of [
      [6, /\+08:00$/],
      [30, null],
    ] as const) {
      number = drawNumber();
      const expiresAt = daysOn(days);
      expect(await connect().start({ ...order(), expiresAt })).toMatchObject({ status: 'pending' });
      const shown = await (await fetch(`${apiUrl()}/orders/${number}`)).json();
      if (term) {
        expect(shown.time_expire).toMatch(term);
        expect(Date.parse(shown.time_expire)).toBe(Math.floor(expiresAt.getTime() / 1_000) * 1_000);
      } else expect(shown.time_expire).toBeNull();
    }
  });

  it('is none for one that is there already, in other words or paid', async () => {
    await connect().start(order());
    const other = { ...order(), title: 'Another title' };
    expect(await connect().start(other)).toEqual({ status: 'unknown' });
    await steer({ outcome: 'paid', notify: 'none' });
    expect(await connect().start(order())).toEqual({ status: 'unknown' });
    expect(await connect().find(asked())).toMatchObject({ status: 'succeeded' });
  });

  it('is an end for a refund, unless an earlier call of its number was taken', async () => {
    await connect().start(order());
    await steer({ outcome: 'paid', notify: 'none' });
    const found = await connect().find(asked());
    const payment = {
      ...{ number, reference: null, charged: order().charged },
      providerTransaction: found.status === 'succeeded' ? found.money.providerTransaction : '',
    };
    const refund = {
      ...{ number: drawNumber(), payment, amount: { minor: 100n, currency: 'CNY' } },
      ...{ reason: '退货'.repeat(40), notifyUrl: ear.url },
    };
    await steer({ refund: 'lost' });
    expect(await connect().refund?.(refund)).toEqual({ status: 'unknown' });
    await steer({ refund: 'refuse' });
    expect(await connect().refund?.(refund)).toMatchObject({
      status: expect.stringMatching(/^(pending|succeeded)$/),
    });
    const another = { ...refund, number: drawNumber() };
    expect(await connect().refund?.(another)).toMatchObject({
      ...{ status: 'failed', reason: expect.stringContaining('holds too little') },
    });
    const larger = { ...refund, amount: { minor: 101n, currency: 'CNY' } };
    expect(await connect().refund?.(larger)).toEqual({ status: 'unknown' });
  });

  it.each([
    ['ABNORMAL', 'pending'],
    ['CLOSED', 'failed'],
    ['SUCCESS', 'succeeded'],
  ])('says of a refund that is %s that it is %s', async (state, expected) => {
    await connect().start(order());
    await steer({ outcome: 'paid', notify: 'none' });
    await steer({ refund: 'pending' });
    const refund = {
      number: drawNumber(),
      payment: { ...asked(), providerTransaction: 'x' },
      ...{ amount: order().charged, reason: 'Canceled', notifyUrl: ear.url },
    };
    expect(await connect().refund?.(refund)).toMatchObject({ status: 'pending' });
    const before = ear.heard().length;
    await post(`${apiUrl()}/refunds/${refund.number}`, { status: state });
    expect(await connect().findRefund?.(refund)).toMatchObject({ status: expected });
    const verification = await connect().verify(ear.heard()[before] as Notification);
    expect(verification.verified && connect().translate(verification.claims)).toMatchObject({
      ...{ kind: 'refund', refund: { number: refund.number, status: expected } },
    });
  });
});
