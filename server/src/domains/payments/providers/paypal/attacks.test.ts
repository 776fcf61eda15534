/** Known attacks on payment systems, by their numbers, as far as PayPal is concerned: over HTTP, to our own address. */
import { randomUUID } from 'node:crypto';
import { crc32, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { topUpWallet } from '../../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../../invoicing/testing/books.ts';
import { readAttempt, readInbox, readUnapplied } from '../../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../../invoicing/testing/shop.ts';
import { pollAttempts } from '../../operations/poll-attempts.ts';
import { updateProvider } from '../../operations/update-provider.ts';
import { withSameChecksum } from './testing/checksum.ts';
import { moveWebhook, signIn } from './testing/webhook.ts';

interface Sent {
  status: string;
  last_answer: string | null;
  event: { event_type: string };
}
interface SimulatedOrder {
  id: string;
  status: string;
  capture: { id: string; status: string } | null;
  notifies: Sent[];
}
interface Heard {
  headers: Record<string, string>;
  body: Buffer;
}

const taken = '200 received';
const refused = '400 refused';

describe('attacks on PayPal', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  const api = () => `http://127.0.0.1:${sandbox.port}/sandbox/paypal`;
  const webhook = () => `${shop.publicUrl}/api/v1/webhooks/paypal`;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox);
    await configure({ ...sandbox.paypal, api_url: api(), rates: { CNY: '0.14' } }, true);
    await moveWebhook(api(), sandbox.paypal, webhook());
  });
  afterEach(() => shop.close());

  const configure = (settings: object, enabled?: boolean) =>
    updateProvider(shop.context, {
      provider: 'paypal',
      settings: settings as Record<string, string>,
      ...(enabled === undefined ? {} : { enabled }),
    });
  /** A top-up of 20.00 USD. */
  const order = async (provider = 'paypal') => {
    const { payment } = await topUpWallet(shop.context, {
      ...{ organizationId: shop.organizationId, provider, returnUrl: undefined },
      ...{ amount: '20.00', currency: 'USD' },
    });
    return { payment, number: await shop.numberOf(payment.id) };
  };
  const post = async (path: string, body: object = {}): Promise<SimulatedOrder> => {
    const answer = await fetch(api() + path, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    return (await answer.json()) as SimulatedOrder;
  };
  const record = async (number: string) =>
    (await (await fetch(`${api()}/orders/${number}`)).json()) as SimulatedOrder;
  const pay = (number: string, steering: object = {}) =>
    post(`/orders/${number}`, { ...steering, outcome: 'paid' });
  const answersTo = ({ notifies }: SimulatedOrder) => [
    ...new Set(notifies.map(({ last_answer }) => last_answer)),
  ];
  /** What the poller finds when nobody tells us. */
  const poll = async (after = 'PT5M') => {
    shop.platform.clocks.advance(after);
    await pollAttempts(shop.context);
  };
  const status = async (id: string) => (await readAttempt(shop.db.database, id)).status;
  const books = () => readBooks(shop.db.database);
  const unapplied = () => readUnapplied(shop.db.database);
  const lastHeard = async () => (await readInbox(shop.db.database)).at(-1);
  const credited = { 'clearing:paypal USD': '-20.00', 'wallet USD': '20.00' };
  const send = (heard: Heard) =>
    fetch(webhook(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...heard.headers },
      body: new Uint8Array(heard.body),
    });

  it('credits what was approved and captured, once, and acknowledges it', async () => {
    const { payment, number } = await order();
    expect(payment.next).toMatchObject({ type: 'redirect' });
    const paid = await pay(number);
    expect(paid.notifies.map(({ event }) => event.event_type)).toEqual([
      ...['CHECKOUT.ORDER.APPROVED', 'PAYMENT.CAPTURE.COMPLETED'],
    ]);
    expect(answersTo(await record(number))).toEqual([taken]);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('approved is not paid: without a capture nothing is credited, whatever comes', async () => {
    const { payment, number } = await order();
    await pay(number, { answers: 'down' });
    expect(await record(number)).toMatchObject({ status: 'APPROVED', capture: null });
    await poll();
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
    await post(`/orders/${number}`, {});
    await poll();
    expect(await record(number)).toMatchObject({ status: 'COMPLETED' });
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('pending is not paid: a capture that hangs is processing', async () => {
    const { payment, number } = await order();
    await pay(number, { capture: 'processing' });
    expect((await record(number)).capture).toMatchObject({ status: 'PENDING' });
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it('a payer whose card was declined approves again, and pays', async () => {
    const { payment, number } = await order();
    await post(`/orders/${number}`, { outcome: 'declined' });
    expect(await record(number)).toMatchObject({ status: 'PAYER_ACTION_REQUIRED', capture: null });
    expect(await status(payment.id)).toBe('pending');
    await pay(number);
    expect(await status(payment.id)).toBe('succeeded');
    expect(await books()).toMatchObject(credited);
  });

  it('attack 01: is not enabled with a blank secret, and hears nobody before it is set up', async () => {
    for (const key of ['client_secret', 'client_id', 'webhook_id']) {
      await expect(configure({ [key]: null })).rejects.toThrow('lacks required settings');
      await expect(configure({ [key]: '   ' })).rejects.toThrow();
    }
    const { number } = await order();
    await configure({}, false);
    await configure({ client_secret: null });
    expect(answersTo(await pay(number))).toEqual(['404 refused']);
    expect(await books()).toEqual({});
  });

  it('attack 02: an order of another provider is not paid by money at PayPal', async () => {
    const { payment, number } = await order('credit');
    const token = await signIn(api(), sandbox.paypal);
    const amount = { currency_code: 'USD', value: '144.00' };
    const authorized = { authorization: `Bearer ${token}` };
    const made = await fetch(`${api()}/v2/checkout/orders`, {
      method: 'POST',
      headers: authorized,
      body: JSON.stringify({ intent: 'CAPTURE', purchase_units: [{ custom_id: number, amount }] }),
    });
    const { id } = (await made.json()) as { id: string };
    await pay(number);
    const captured = await fetch(`${api()}/v2/checkout/orders/${id}/capture`, {
      method: 'POST',
      headers: authorized,
    });
    expect(captured.status).toBe(201);
    await expect
      .poll(unapplied)
      .toMatchObject([{ organization: null, reason: 'unknown_order', amount: '14400 USD' }]);
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it.each(['1', '1999', '2001', '200000'])(
    'attack 04: well signed news of %s cents for an order of 2000 settles nothing but the truth',
    async (amount) => {
      const { payment, number } = await order();
      await pay(number, { amount });
      expect(await status(payment.id)).toBe('succeeded');
      expect(await books()).toMatchObject(credited);
      expect(await unapplied()).toEqual([]);
    },
  );

  it.each(['1999', '2001', '4000'])(
    'attack 12: %s cents that were really captured for an order of 2000 are parked, never dropped',
    async (captured) => {
      const { payment, number } = await order();
      await pay(number, { captured });
      expect(await status(payment.id)).not.toBe('succeeded');
      expect(await unapplied()).toEqual([
        {
          organization: shop.organizationId,
          ...{ reason: 'amount_mismatch', amount: `${captured} USD` },
        },
      ]);
    },
  );

  it.each(['bad', 'missing', 'other_webhook', 'foreign_certificate'])(
    'attack 18: refuses news whose signature is %s, and finds the payment by asking',
    async (sign) => {
      const { payment, number } = await order();
      expect(answersTo(await pay(number, { sign }))).toEqual([refused]);
      expect(await lastHeard()).toMatchObject({ provider: 'paypal', outcome: 'refused' });
      expect(await status(payment.id)).toBe('pending');
      await poll();
      expect(await status(payment.id)).toBe('succeeded');
      expect(await books()).toMatchObject(credited);
    },
  );

  it('attack 18: another body under the checksum of a true one credits and takes nothing', async () => {
    const { number, payment } = await order();
    const heard = await listen(() => pay(number));
    await moveWebhook(api(), sandbox.paypal, webhook());
    const [truth] = heard;
    expect(truth).toBeDefined();
    if (!truth) return;
    const { capture } = await record(number);
    const victim = await order();
    const custom_id = victim.number;
    const up = `${api()}/v2/payments/captures/${capture?.id}`;
    const amount = { currency_code: 'USD', value: '20.00' };
    const lies = [
      {
        type: 'PAYMENT.CAPTURE.COMPLETED',
        resource: { id: 'LIE', status: 'COMPLETED', amount, custom_id },
      },
      {
        type: 'PAYMENT.CAPTURE.REFUNDED',
        resource: {
          ...{ id: 'LIE', status: 'COMPLETED', amount, custom_id: number },
          links: [{ rel: 'up', href: up }],
        },
      },
      {
        type: 'CUSTOMER.DISPUTE.CREATED',
        resource: { dispute_id: 'PP-LIE', status: 'RESOLVED', dispute_amount: amount },
      },
      { type: 'VAULT.PAYMENT-TOKEN.DELETED', resource: { id: 'LIE' } },
    ];
    const before = await books();
    for (const { type, resource } of lies) {
      const text = JSON.stringify({ id: `WH-${randomUUID()}`, event_type: type, resource });
      const body = withSameChecksum(text, truth.body);
      expect(crc32(body)).toBe(crc32(truth.body));
      expect((await send({ ...truth, body })).status, type).toBe(
        type.startsWith('VAULT') ? 200 : 400,
      );
    }
    expect(await books()).toEqual(before);
    expect(await status(victim.payment.id)).toBe('pending');
    expect(await status(payment.id)).toBe('pending');
  });

  it('attack 20: what is replayed after the refund, in old bytes or new ones, credits nothing', async () => {
    const { number } = await order();
    await pay(number, { reorder: true });
    await poll();
    expect(await books()).toMatchObject(credited);
    await post(`/orders/${number}`, {});
    await post(`/orders/${number}/refund`, { amount: '500' });
    const before = await books();
    expect(before['wallet USD']).toBe('15.00');
    expect(answersTo(await pay(number, { times: 20, concurrency: 10 }))).toContain(taken);
    await poll('P1D');
    expect((await books())['wallet USD']).toBe(before['wallet USD']);
  });

  it('attack 07: many identical notifications at once are one credit', async () => {
    const { number } = await order();
    const paid = await pay(number, { times: 40, concurrency: 20 });
    expect(paid.notifies.length).toBeGreaterThanOrEqual(40);
    await poll();
    expect(await books()).toMatchObject(credited);
  });

  it('attack 22: a payer who comes back with an approval in the address has paid nothing', async () => {
    const { payment, number } = await order();
    const { id } = await record(number);
    const forged = `?token=${id}&PayerID=QYR5Z8XDVJNXQ&status=COMPLETED`;
    await fetch(`${shop.publicUrl}/checkout/${payment.id}${forged}`);
    await post(`/orders/${number}`, { outcome: 'abandoned' });
    await poll();
    expect(await status(payment.id)).toBe('pending');
    expect(await books()).toEqual({});
  });

  it('attack 23: refuses well signed news for the webhook of another mode or another app', async () => {
    const { number } = await order();
    await configure({ webhook_id: '1AB23456CD789012E' });
    expect(answersTo(await pay(number))).toEqual([refused]);
    expect(await books()).toEqual({});
  });

  it.each([
    ['https://api-m.paypal.com', 'takes no real money'],
    ['https://api.paypal.com', 'takes no real money'],
  ])('attack 23: a sandbox is not connected to %s', async (api_url, reason) => {
    await expect(configure({ api_url })).rejects.toThrow(reason);
  });

  it('attack 24: no secret is in a log, an answer or the inbox', async () => {
    const { number } = await order();
    await pay(number, { sign: 'bad' });
    await post('/end-tokens');
    await post(`/orders/${number}`, { answers: 'down' });
    await poll();
    await configure({ client_secret: `E${'x'.repeat(52)}` });
    await poll('PT1H');
    await configure({ client_secret: sandbox.paypal.client_secret });
    await post(`/orders/${number}`, { answers: 'lost' });
    await poll('PT1H');
    const said = JSON.stringify([shop.logged, await readInbox(shop.db.database)]);
    expect(shop.logged.length).toBeGreaterThan(1);
    const { client_id, client_secret } = sandbox.paypal;
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    for (const secret of [client_secret, basic, 'A21AA', 'Bearer']) {
      expect(said).not.toContain(secret);
    }
  });

  it.each<[string, () => { headers?: Record<string, string>; body: Buffer }, number]>([
    ['more than a megabyte', () => ({ body: Buffer.alloc(1_100_000, 0x20) }), 413],
    [
      'a bomb',
      () => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50_000_000)) }),
      415,
    ],
    ['bytes that are no UTF-8', () => ({ body: Buffer.from([0xff, 0xfe, 0x7b, 0x7d]) }), 400],
    ['a byte order mark', () => ({ body: Buffer.from('\ufeff{"event_type": "x"}') }), 400],
    ['nothing', () => ({ body: Buffer.alloc(0) }), 400],
    ['a list', () => ({ body: Buffer.from('[]') }), 400],
    ['a deep nest', () => ({ body: Buffer.from('['.repeat(200_000)) }), 400],
  ])('attack 26: %s is refused', async (_what, make, expected) => {
    const { headers, body } = make();
    const signed = {
      'paypal-auth-algo': 'SHA256withRSA',
      'paypal-transmission-id': randomUUID(),
      'paypal-transmission-time': '2026-03-31T00:00:00Z',
      'paypal-transmission-sig': Buffer.alloc(256, 1).toString('base64'),
      'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-1',
    };
    expect((await send({ headers: { ...signed, ...headers }, body })).status).toBe(expected);
    expect(await books()).toEqual({});
  });

  /** Hears what is told while something happens, in the place of our own webhook. */
  async function listen(happen: () => Promise<unknown>): Promise<Heard[]> {
    const { createServer } = await import('node:http');
    const heard: Heard[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const headers = Object.fromEntries(
        Object.entries(request.headers)
          .filter(([name]) => name.startsWith('paypal-'))
          .map(([name, value]) => [name, String(value)]),
      );
      heard.push({ headers, body: Buffer.concat(parts) });
      response.end('heard');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await moveWebhook(api(), sandbox.paypal, `http://127.0.0.1:${port}/hear`);
    await happen();
    server.close();
    server.closeAllConnections();
    return heard;
  }
});
