/** Known attacks on payment systems, by their numbers, as far as WeChat Pay is concerned: over HTTP, to our own address. */
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { topUpWallet } from '../../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../../invoicing/testing/books.ts';
import { readAttempt, readInbox, readUnapplied } from '../../../invoicing/testing/rows.ts';
import type { Shop } from '../../../invoicing/testing/shop.ts';
import { pollAttempts } from '../../operations/poll-attempts.ts';
import { useSimulatedShop } from '../../testing/simulated-shop.ts';
import { wechat } from './index.ts';

/** An order as the simulator shows it. */
interface SimulatedOrder {
  state: string;
  transaction_id: string;
  notifies: { event_type: string; status: string; last_answer: string }[];
}

const taken = '200 {"code":"SUCCESS","message":"成功"}';
const refused = '400 {"code":"FAIL","message":"失败"}';

describe('attacks on WeChat Pay', () => {
  const simulated = useSimulatedShop<SimulatedOrder>('wechat', { confirm_by_query: true });
  const { configure } = simulated;
  const address = (path: string) => simulated.at(`/wechat${path}`);
  const post = (path: string, body: object) => simulated.post(`/wechat${path}`, body);
  let shop: Shop;
  let organizationId: string;
  beforeEach(() => {
    ({ shop, organizationId } = simulated);
  });

  /** From now on a well signed notification is believed without asking. */
  const trust = () => configure({ confirm_by_query: false });
  /** A top-up of 20.00 USD, 144.00 CNY there. */
  const order = async (provider = 'wechat') => {
    const { payment } = await topUpWallet(shop.context, {
      ...{ organizationId, provider, returnUrl: undefined },
      ...{ amount: '20.00', currency: 'USD' },
    });
    return { payment, number: await shop.numberOf(payment.id) };
  };
  /** What we answered to the news of a payment that was made so. */
  const pay = async (number: string, steering: object = {}) => {
    const { notifies } = await post(`/orders/${number}`, { ...steering, outcome: 'paid' });
    const ofPayment = notifies.filter(({ event_type }) => event_type === 'TRANSACTION.SUCCESS');
    return ofPayment.map(({ last_answer }) => last_answer);
  };
  const status = async (id: string) => (await readAttempt(shop.db.database, id)).status;
  const books = () => readBooks(shop.db.database, organizationId);
  const parked = async () => (await readUnapplied(shop.db.database)).at(-1);
  const lastHeard = async () => (await readInbox(shop.db.database)).at(-1);
  const credited = { 'clearing:wechat CNY': '-144.00', 'wallet USD': '20.00' };
  const webhook = () => `${shop.publicUrl}/api/v1/webhooks/wechat`;

  it('credits what was paid, once, and acknowledges it', async () => {
    const { payment, number } = await order();
    expect(payment.next).toMatchObject({ type: 'qr', url: null });
    expect(await pay(number)).toEqual([taken]);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('attack 01: is not enabled with a blank secret, and hears nobody before it is set up', async () => {
    for (const key of ['api_v3_key', 'private_key']) {
      await expect(configure({ [key]: null })).rejects.toThrow('lacks required settings');
      await expect(configure({ [key]: '   ' })).rejects.toThrow();
    }
    await expect(configure({ platform_key_id: null, platform_public_key: null })).rejects.toThrow(
      'public key',
    );
    await configure({}, false);
    await configure({ api_v3_key: null });
    const { number } = await order('credit');
    const answer = await fetch(webhook(), { method: 'POST', body: JSON.stringify({ number }) });
    expect(answer.status).toBe(404);
    expect(await books()).toEqual({});
  });

  it('attack 02: an order of another provider is not paid by money at WeChat Pay', async () => {
    const { payment, number } = await order('credit');
    const outside = { resolve: (url: string) => url, get: async () => undefined };
    const { outside: real } = await import('../../outside.ts');
    const connection = wechat.online?.connect(
      { ...simulated.sandbox.wechat, api_url: address('') },
      { ...real, ...outside },
    );
    await connection?.start({
      ...{ number, title: 'Theirs', charged: { minor: 14_400n, currency: 'CNY' }, means: 'qr' },
      ...{ notifyUrl: webhook(), returnUrl: webhook(), expiresAt: null, savesMethod: false },
      payer: {
        ...{ organizationId, email: null, customer: null },
        ...{ locale: 'en', address: null },
      },
    });
    expect(await pay(number)).toEqual([taken]);
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
    expect(await parked()).toEqual({
      ...{ organization: null, reason: 'unknown_order', amount: '14400 CNY' },
    });
  });

  it.each(['1', '14399', '14401', '1440000'])(
    'attack 04: well signed news of %s fen for an order of 14400 is refused, and the truth is found',
    async (amount) => {
      const { payment, number } = await order();
      expect(await pay(number, { amount })).toEqual([refused]);
      expect(await books()).toEqual({});
      shop.platform.clocks.advance('PT5M');
      await pollAttempts(shop.context);
      expect(await status(payment.id)).toBe('succeeded');
      expect(await books()).toMatchObject(credited);
    },
  );

  it.each([
    ...['0', '-14400', '1e3', '10.001', '１０', '14400.0', ' 14400', '', '14400 '],
    '0x3840',
  ])('attack 04: %j is no amount, even where a signature is enough', async (amount) => {
    await trust();
    const { payment, number } = await order();
    expect(await pay(number, { amount })).toEqual([refused]);
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it.each(['USD', 'HKD', 'cny', ''])(
    'attack 04: money in %j is not ours, even where a signature is enough',
    async (currency) => {
      await trust();
      const { number } = await order();
      expect(await pay(number, { currency })).toEqual([refused]);
      expect(await books()).toEqual({});
    },
  );

  it.each(['14399', '14401', '28800'])(
    'attack 12: %s fen for an order of 14400 are parked and acknowledged, never dropped',
    async (amount) => {
      await trust();
      const { payment, number } = await order();
      expect(await pay(number, { amount })).toEqual([taken]);
      expect(await status(payment.id)).toBe('failed');
      expect(await parked()).toEqual({
        organization: organizationId,
        ...{ reason: 'amount_mismatch', amount: `${amount} CNY` },
      });
    },
  );

  it('attack 10: does not believe even the key while nobody can be asked', async () => {
    const { payment, number } = await order();
    expect(await pay(number, { answers: 'down' })).toEqual([refused]);
    expect(await lastHeard()).toMatchObject({ provider: 'wechat', outcome: 'unconfirmed' });
    expect(await status(payment.id)).toBe('pending');
    expect(await pay(number, { answers: 'normal', answer_sign: 'bad' })).toContain(refused);
    expect(await books()).toEqual({});
    expect(await pay(number, { answer_sign: 'good' })).toContain(taken);
    expect(await books()).toMatchObject(credited);
  });

  it.each([
    ...['bad', 'missing', 'probe', 'stale', 'unknown_serial', 'altered', 'flipped', 'other_key'],
  ])('attack 19: refuses news that is %s, though its money is real', async (sign) => {
    const { payment, number } = await order();
    expect(await pay(number, { sign })).toEqual([refused]);
    expect(await status(payment.id)).toBe('pending');
    expect(await lastHeard()).toMatchObject({ provider: 'wechat', outcome: 'refused' });
    expect(await books()).toEqual({});
  });

  it('attack 19: a coupon lowers what the payer paid, and not what the order is worth', async () => {
    const { payment, number } = await order();
    expect(await pay(number, { coupon: '500' })).toEqual([taken]);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it.each(['NOTPAY', 'USERPAYING', 'CLOSED', 'REVOKED', 'PAYERROR', 'REFUND'])(
    'attack 09: news that says %s is no payment, and does not stand in the way of one',
    async (tradeState) => {
      await trust();
      const { payment, number } = await order();
      expect(await pay(number, { trade_state: tradeState })).toEqual([taken]);
      expect(await status(payment.id)).toBe('pending');
      expect(await pay(number, { trade_state: 'SUCCESS' })).toEqual([taken, taken]);
      expect(await status(payment.id)).toBe('succeeded');
      expect(await books()).toMatchObject(credited);
    },
  );

  it('attack 20: what is replayed after the refund, in old bytes or new ones, credits nothing', async () => {
    const { number } = await order();
    await pay(number, { reorder: true });
    expect(await books()).toMatchObject(credited);
    await post(`/orders/${number}/refund`, { amount: '4400' });
    await expect
      .poll(async () => (await books())['clearing:wechat CNY'], { timeout: 8_000 })
      .toBe('-100.00');
    const before = await books();
    expect(new Set(await pay(number, { times: 20, concurrency: 10 }))).toEqual(new Set([taken]));
    shop.platform.clocks.advance('P1D');
    await pollAttempts(shop.context);
    expect(await books()).toEqual(before);
  });

  it('attack 07: a hundred identical notifications at once are one credit', async () => {
    const { number } = await order();
    const answers = await pay(number, { times: 100, concurrency: 25 });
    expect(answers).toHaveLength(100);
    expect(answers).toContain(taken);
    expect(await books()).toMatchObject(credited);
  });

  it('attack 22: a payer who comes back with a success in the address has paid nothing', async () => {
    const { payment, number } = await order();
    const forged = '?trade_state=SUCCESS&result_code=SUCCESS&total_fee=14400';
    await fetch(`${shop.publicUrl}/checkout/${payment.id}${forged}`);
    await post(`/orders/${number}`, { outcome: 'abandoned' });
    shop.platform.clocks.advance('PT5M');
    await pollAttempts(shop.context);
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it.each([
    ['another merchant', { mchid: '1900000109' }],
    ['another application', { appid: 'wx8888888888888888' }],
  ])('attack 23: refuses well signed news for %s', async (_whose, steering) => {
    await trust();
    const { number } = await order();
    expect(await pay(number, steering)).toEqual([refused]);
    expect(await books()).toEqual({});
  });

  it('attack 24: no secret is in a log, an answer, the inbox or the list of settings', async () => {
    const { number } = await order();
    await pay(number, { sign: 'bad', answers: 'down' });
    shop.platform.clocks.advance('PT5M');
    await pollAttempts(shop.context);
    await post(`/orders/${number}`, { answers: 'normal', answer_sign: 'bad' });
    shop.platform.clocks.advance('PT1H');
    await pollAttempts(shop.context);
    const said = JSON.stringify([shop.logged, await readInbox(shop.db.database)]);
    expect(shop.logged.length).toBeGreaterThan(1);
    const { private_key: pem, api_v3_key: key } = simulated.sandbox.wechat;
    for (const secret of [key, ...pem.split('\n').filter((line) => line.length === 64)]) {
      expect(said).not.toContain(secret);
    }
    expect(said).not.toContain('WECHATPAY2-SHA256-RSA2048 mchid');
  });

  it.each<[string, () => { headers?: Record<string, string>; body: Buffer }, number]>([
    ['more than a megabyte', () => ({ body: Buffer.alloc(1_100_000, 0x20) }), 413],
    [
      'a bomb',
      () => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50_000_000)) }),
      415,
    ],
    ['bytes that are no UTF-8', () => ({ body: Buffer.from([0xff, 0xfe, 0x7b, 0x7d]) }), 400],
    ['nothing', () => ({ body: Buffer.alloc(0) }), 400],
    ['a deep nest', () => ({ body: Buffer.from('['.repeat(200_000)) }), 400],
  ])('attack 26: %s is refused', async (_what, make, expected) => {
    const { headers, body } = make();
    const answer = await fetch(webhook(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(expected);
    expect(await books()).toEqual({});
  });
});
