/** Known attacks on payment systems, by their numbers, as far as Alipay is concerned: over HTTP, to our own address. */
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { topUpWallet } from '../../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../../invoicing/testing/books.ts';
import { readAttempt, readInbox, readUnapplied } from '../../../invoicing/testing/rows.ts';
import type { Shop } from '../../../invoicing/testing/shop.ts';
import { pollAttempts } from '../../operations/poll-attempts.ts';
import { outside } from '../../outside.ts';
import { useSimulatedShop } from '../../testing/simulated-shop.ts';
import { alipay } from './index.ts';

/** An order as the simulator shows it. */
interface SimulatedOrder {
  status: string;
  notifies: { payload: { fields: Record<string, string> }; last_answer: string }[];
}

const taken = '200 success';
const refused = '200 failure';

describe('attacks on Alipay', () => {
  const simulated = useSimulatedShop<SimulatedOrder>('alipay', { confirm_by_query: true });
  const { configure } = simulated;
  const address = (path: string) => simulated.at(`/alipay${path}`);
  const post = (path: string, body: object) => simulated.post(`/alipay${path}`, body);
  let shop: Shop;
  let organizationId: string;
  beforeEach(() => {
    ({ shop, organizationId } = simulated);
  });

  /** From now on a well signed notification is believed without asking. */
  const trust = () => configure({ confirm_by_query: false });
  /** A top-up of 20.00 USD, 144.00 CNY there, whose payer has come to Alipay's page. */
  const order = async (provider = 'alipay') => {
    const { payment } = await topUpWallet(shop.context, {
      ...{ organizationId, provider, returnUrl: undefined },
      ...{ amount: '20.00', currency: 'USD' },
    });
    const { next } = payment;
    if (next.type === 'redirect') await fetch(next.url, { redirect: 'manual' });
    return { payment, number: await shop.numberOf(payment.id) };
  };
  /** What we answered to the news of a payment that was made so. */
  const pay = async (number: string, steering: object = {}) => {
    const { notifies } = await post(`/orders/${number}`, { ...steering, outcome: 'paid' });
    return notifies.map(({ last_answer }) => last_answer);
  };
  const send = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    fetch(webhook(), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: body as never,
    });
  const status = async (id: string) => (await readAttempt(shop.db.database, id)).status;
  const books = () => readBooks(shop.db.database, organizationId);
  const parked = async () => (await readUnapplied(shop.db.database)).at(-1);
  const lastHeard = async () => (await readInbox(shop.db.database)).at(-1);
  const pollLater = async () => {
    shop.platform.clocks.advance('PT5M');
    await pollAttempts(shop.context);
  };
  const credited = { 'clearing:alipay CNY': '-144.00', 'wallet USD': '20.00' };
  const webhook = () => `${shop.publicUrl}/api/v1/webhooks/alipay`;

  it('credits what was paid, once, and acknowledges it', async () => {
    const { payment, number } = await order();
    expect(payment.next).toMatchObject({ type: 'redirect' });
    expect(await pay(number)).toEqual([taken]);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('attack 01: is not enabled with a blank key, and hears nobody before it is set up', async () => {
    for (const key of ['private_key', 'alipay_public_key']) {
      await expect(configure({ [key]: null })).rejects.toThrow('lacks required settings');
      await expect(configure({ [key]: ' \n ' })).rejects.toThrow();
      await expect(configure({ [key]: 'x' })).rejects.toThrow('cannot be read');
    }
    const { payment, number } = await order();
    await configure({}, false);
    await configure({ alipay_public_key: null });
    expect(await pay(number)).toEqual(['404 failure']);
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it('attack 02: an order of another provider is not paid by money at Alipay', async () => {
    const { payment, number } = await order('credit');
    const settings = { ...simulated.sandbox.alipay, api_url: address('') };
    const started = await alipay.online?.connect(settings, outside).start({
      ...{ number, title: 'Theirs', charged: { minor: 14_400n, currency: 'CNY' }, means: 'qr' },
      ...{ notifyUrl: webhook(), returnUrl: webhook(), expiresAt: null, savesMethod: false },
      payer: {
        ...{ organizationId, email: null, customer: null },
        ...{ locale: 'en', address: null },
      },
    });
    expect(started).toMatchObject({ status: 'pending', next: { type: 'qr' } });
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
      await pollLater();
      expect(await status(payment.id)).toBe('succeeded');
      expect(await books()).toMatchObject(credited);
    },
  );

  it.each([
    ...['0', '0.00', '-144.00', '1e3', '10.001', '１０', '144,00', ' 144.00', '144.00 ', ''],
    ...['0x90', '100000000.01', 'NaN', '144.00.00', '+144.00'],
  ])('attack 04: %j is no amount, even where a signature is enough', async (total_amount) => {
    await trust();
    const { payment, number } = await order();
    expect(await pay(number, { total_amount })).toEqual([refused]);
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it.each(['14399', '14401', '28800'])(
    'attack 12: %s fen paid for an order of 14400 are parked and acknowledged, never dropped',
    async (amount) => {
      const { payment, number } = await order();
      expect(await pay(number, { paid: amount })).toEqual([taken]);
      expect(await status(payment.id)).toBe('failed');
      expect(await parked()).toEqual({
        organization: organizationId,
        ...{ reason: 'amount_mismatch', amount: `${amount} CNY` },
      });
    },
  );

  it.each(['WAIT_BUYER_PAY', 'TRADE_PENDING', 'trade_success'])(
    'attack 09: news that says %j is no payment, and does not stand in the way of one',
    async (trade_status) => {
      await trust();
      const { payment, number } = await order();
      expect(await pay(number, { trade_status })).toEqual([taken]);
      expect(await status(payment.id)).toBe('pending');
      expect(await pay(number, { trade_status: 'TRADE_SUCCESS' })).toEqual([taken, taken]);
      expect(await status(payment.id)).toBe('succeeded');
      expect(await books()).toMatchObject(credited);
    },
  );

  it('attack 09: news of a closing only makes us ask, and what Alipay says then counts', async () => {
    const { payment, number } = await order();
    expect(await pay(number, { trade_status: 'TRADE_CLOSED' })).toEqual([taken]);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('attack 09: older news after newer leads nowhere back', async () => {
    const { payment, number } = await order();
    expect(await pay(number, { reorder: true })).toEqual([taken, taken]);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('attack 16: nothing can be put behind the fields of a true notification', async () => {
    const { payment, number } = await order();
    // It is true, and not believed yet: Alipay cannot be asked.
    expect(await pay(number, { answers: 'down' })).toEqual([refused]);
    const truth = String((await lastHeard())?.body);
    expect(truth).toContain(number);
    await post(`/orders/${number}`, { answers: 'normal' });
    for (const more of ['total_amount=144.00', 'total_amount[]=1', 'total%5Famount=1', '%=1']) {
      expect(await (await send(`${truth}&${more}`)).text()).toBe('failure');
      expect(await (await send(`${more}&${truth}`)).text()).toBe('failure');
    }
    expect(await status(payment.id)).toBe('pending');
    expect(await (await send(truth)).text()).toBe('success');
    expect(await status(payment.id)).toBe('succeeded');
  });

  it.each(['bad', 'missing', 'sha1', 'unknown_type'])(
    'attack 17: refuses news whose signature is %s, though its money is real',
    async (sign) => {
      await trust();
      const { payment, number } = await order();
      expect(await pay(number, { sign })).toEqual([refused]);
      expect(await status(payment.id)).toBe('pending');
      expect(await lastHeard()).toMatchObject({ provider: 'alipay', outcome: 'refused' });
      expect(await books()).toEqual({});
    },
  );

  it('attack 20: what is replayed after the refund, in old bytes or new ones, credits nothing', async () => {
    const { number } = await order();
    await pay(number, { reorder: true });
    expect(await books()).toMatchObject(credited);
    await post(`/orders/${number}/refund`, { amount: '4400' });
    await expect
      .poll(async () => (await books())['clearing:alipay CNY'], { timeout: 8_000 })
      .toBe('-100.00');
    const before = await books();
    const answers = await pay(number, { times: 20, concurrency: 10 });
    expect(new Set(answers)).toEqual(new Set([taken]));
    shop.platform.clocks.advance('P1D');
    await pollAttempts(shop.context);
    expect(await books()).toEqual(before);
  });

  it('attack 20: refunds in parts at Alipay are each booked for what they were', async () => {
    const { number } = await order();
    await pay(number);
    for (const [amount, left] of [
      ['4400', '-100.00'],
      ['2500', '-75.00'],
      ['7500', '0.00'],
    ]) {
      await post(`/orders/${number}/refund`, { amount });
      expect((await books())['clearing:alipay CNY'] ?? '0.00').toBe(left);
    }
    const { notifies } = await post(`/orders/${number}`, {});
    // Alipay speaks of the sum of all refunds each time.
    const said = notifies.map(({ payload }) => payload.fields.refund_fee);
    expect(said).toEqual(['0.00', '44.00', '69.00', '144.00']);
    expect(notifies.map(({ last_answer }) => last_answer)).toEqual(Array(4).fill(taken));
  });

  it('attack 07: a hundred notifications at once are one credit', async () => {
    const { number } = await order();
    const answers = await pay(number, { times: 100, concurrency: 25 });
    expect(answers).toHaveLength(100);
    expect(answers).toContain(taken);
    expect(await books()).toMatchObject(credited);
  });

  it('attack 22: a payer who comes back with a success in the address has paid nothing', async () => {
    const { payment, number } = await order();
    const forged = `?out_trade_no=${number}&trade_status=TRADE_SUCCESS&total_amount=144.00`;
    await fetch(`${shop.publicUrl}/checkout/${payment.id}${forged}`);
    await post(`/orders/${number}`, { outcome: 'abandoned' });
    await pollLater();
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it('attack 22: the signed way back, posted as a notification, is no payment', async () => {
    await trust();
    const { payment, number } = await order();
    const { next } = payment;
    await post(`/orders/${number}`, { notify: 'none' });
    const arrived = await fetch(next.type === 'redirect' ? next.url : '', { redirect: 'manual' });
    const left = await fetch(arrived.headers.get('location') ?? '', {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ outcome: 'paid' }) },
    });
    const back = new URL(left.headers.get('location') ?? '');
    expect(back.searchParams.get('sign')).toBeTruthy();
    expect(await (await send(back.search.slice(1))).text()).toBe('success');
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it.each([
    ['another application', { app_id: '2021888888888888' }],
    ['another merchant', { seller_id: '2088888888888888' }],
  ])('attack 23: refuses well signed news for %s', async (_whose, steering) => {
    await trust();
    const { number } = await order();
    expect(await pay(number, steering)).toEqual([refused]);
    expect(await books()).toEqual({});
  });

  it('attack 24: no secret is in a log, an answer, the inbox or the list of settings', async () => {
    const { number } = await order();
    await pay(number, { sign: 'bad', answers: 'down' });
    await pollLater();
    await post(`/orders/${number}`, { answers: 'lost' });
    shop.platform.clocks.advance('PT1H');
    await pollAttempts(shop.context);
    const said = JSON.stringify([shop.logged, await readInbox(shop.db.database)]);
    expect(shop.logged.length).toBeGreaterThan(1);
    const secrets = simulated.sandbox.alipay.private_key
      .split('\n')
      .filter((line) => line.length === 64);
    expect(secrets.length).toBeGreaterThan(20);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it.each<[string, () => { headers?: Record<string, string>; body: Buffer }, string]>([
    ['more than a megabyte', () => ({ body: Buffer.alloc(1_100_000, 0x61) }), '413'],
    [
      'a bomb',
      () => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50_000_000)) }),
      '415',
    ],
    ['bytes that are no UTF-8', () => ({ body: Buffer.from('a=\xff\xfe', 'latin1') }), refused],
    ['nothing', () => ({ body: Buffer.alloc(0) }), refused],
    ['a million fields', () => ({ body: Buffer.from('a=1&'.repeat(200_000)) }), refused],
    ['percent signs', () => ({ body: Buffer.from('sign_type=RSA2&sign=%&a=%%%') }), refused],
    [
      'JSON',
      () => ({ headers: { 'content-type': 'application/json' }, body: Buffer.from('{"sign":1}') }),
      refused,
    ],
  ])('attack 26: %s is refused', async (_what, make, expected) => {
    const { headers, body } = make();
    const answer = await send(new Uint8Array(body), headers);
    expect(`${answer.status} ${await answer.text()}`.slice(0, expected.length)).toBe(expected);
    expect(await books()).toEqual({});
  });
});
