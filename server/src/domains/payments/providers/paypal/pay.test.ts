import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { outside } from '../../outside.ts';
import type { Connection, Order, RefundOrder, SavedMethod, StoredMethods } from '../../provider.ts';
import { drawNumber } from '../../testing/provider-suite/stage.ts';
import { paypal } from './index.ts';
import { signIn } from './testing/webhook.ts';

const hourMs = 3_600_000;
const charged = { minor: 2000n, currency: 'USD' };

let sandbox: Sandbox;
let api = '';
let connection: Connection;
let methods: StoredMethods;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  api = `http://127.0.0.1:${sandbox.port}/sandbox/paypal`;
  const settings = { ...sandbox.paypal, api_url: api, currency: 'USD', rates: { CNY: '0.14' } };
  const connected = paypal.online?.connect(settings, outside);
  if (!connected?.methods) throw new Error('PayPal stores methods');
  connection = connected;
  methods = connected.methods;
});
afterAll(() => sandbox.close());

async function post(path: string, body: object = {}): Promise<void> {
  const answer = await fetch(api + path, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

/** Lets time pass at PayPal, for as long as something takes. */
async function later<T>(hours: number, run: () => Promise<T>): Promise<T> {
  const to = new Date(Date.now() + hours * hourMs).toISOString();
  await post('/../clock', { to });
  try {
    return await run();
  } finally {
    await post('/../clock', { to: new Date().toISOString() });
  }
}

function orderOf(changes: Partial<Order> = {}): Order {
  return {
    ...{ number: drawNumber(), title: 'Top-up', charged, means: null, expiresAt: null },
    ...{ notifyUrl: 'https://shop.example/hook', returnUrl: 'https://shop.example/back' },
    payer: {
      ...{ organizationId: 'org_pay', email: null, customer: null },
      ...{ locale: 'zh-CN', address: null },
    },
    savesMethod: false,
    ...changes,
  };
}

async function started(order = orderOf()) {
  const outcome = await connection.start(order);
  if (outcome.status !== 'pending') throw new Error(`the order is ${outcome.status}`);
  const { number } = order;
  const reference = outcome.reference ?? null;
  return { order, asked: { number, reference, charged: order.charged, mayCapture: true } };
}

async function approved(order = orderOf()) {
  const begun = await started(order);
  await post(`/orders/${order.number}`, { outcome: 'paid', notify: 'none' });
  return begun;
}

async function storedMethod(): Promise<SavedMethod> {
  const { charged: _charged, savesMethod: _saves, ...order } = orderOf();
  const begun = await methods.setUp({ ...order, currency: 'USD' });
  const reference = (begun.status === 'pending' && begun.reference) || null;
  await post(`/orders/${order.number}`, { outcome: 'paid' });
  const found = await methods.findSetup({ number: order.number, reference, mayCapture: true });
  if (found.status !== 'stored') throw new Error(`the method is ${found.status}`);
  return found.method;
}

const writeBigint = (_key: string, value: unknown) =>
  typeof value === 'bigint' ? String(value) : value;

describe('find', () => {
  it('finds money whose order id was lost, once PayPal lists it', async () => {
    const { asked } = await approved();
    const money = await connection.find(asked);
    const lost = { ...asked, reference: null };
    // PayPal lists it three hours late, and until then nothing is certain.
    expect(await connection.find(lost)).toEqual({ status: 'unknown' });
    expect(money).toMatchObject(await later(4, () => connection.find(lost)));
  });

  it('captures nothing but what was agreed on', async () => {
    const { asked } = await approved();
    const other = { ...asked, charged: { minor: 1999n, currency: 'USD' } };
    expect(await connection.find(other)).toEqual({ status: 'unknown' });
    expect(await connection.find({ ...asked, charged: { ...charged, currency: 'EUR' } })).toEqual({
      status: 'unknown',
    });
    expect(await connection.find(asked)).toMatchObject({ status: 'succeeded' });
  });

  it('captures once, however many ask at the same time', async () => {
    const { asked } = await approved();
    const found = await Promise.all(Array.from({ length: 8 }, () => connection.find(asked)));
    expect(found[0]).toMatchObject({ status: 'succeeded' });
    expect(new Set(found.map((each) => JSON.stringify(each, writeBigint))).size).toBe(1);
  });

  it('captures nothing twice after an answer that was lost', async () => {
    const { asked } = await approved();
    await post(`/orders/${asked.number}`, { answers: 'lost', notify: 'none' });
    expect(await connection.find(asked)).toEqual({ status: 'unknown' });
    await post(`/orders/${asked.number}`, {});
    expect(await connection.find(asked)).toMatchObject({ status: 'succeeded' });
  });

  it('says nothing of an order that is not ours', async () => {
    const { asked } = await approved();
    expect(await connection.find({ ...asked, number: drawNumber() })).toEqual({
      status: 'unknown',
    });
  });

  it('takes only PayPal’s own word for an order that is not there', async () => {
    const { asked } = await started();
    expect(await connection.find({ ...asked, reference: '0AB12345CD678901E' })).toEqual({
      status: 'absent',
    });
    // The sandbox itself says 404 to a path that it does not have.
    const elsewhere = { ...sandbox.paypal, api_url: `${api}/../upstream`, currency: 'USD' };
    const astray = paypal.online?.connect(elsewhere, outside);
    expect(await astray?.find(asked)).toEqual({ status: 'unknown' });
  });

  it('finds what was paid for the first of two orders that PayPal made of one number', async () => {
    const first = await approved();
    const money = await connection.find(first.asked);
    // Request ids are kept for six hours.
    const found = await later(7, async () => {
      const second = await started(first.order);
      expect(second.asked.reference).not.toBe(first.asked.reference);
      await fetch(`${api}/checkoutnow?token=${second.asked.reference}`, {
        ...{ method: 'POST', redirect: 'manual' },
        body: new URLSearchParams({ outcome: 'paid' }),
      });
      return connection.find(second.asked);
    });
    expect(money).toMatchObject(found);
  });

  it('says why a card was declined, and lets the payer take another', async () => {
    const { asked } = await started();
    await post(`/orders/${asked.number}`, { outcome: 'declined', notify: 'none' });
    expect(await connection.find(asked)).toEqual({ status: 'pending', declined: 'card_declined' });
    expect(await connection.find(asked)).toEqual({ status: 'pending' });
    await post(`/orders/${asked.number}`, { outcome: 'paid' });
    expect(await connection.find(asked)).toMatchObject({ status: 'succeeded' });
  });

  it('calls a capture that hangs processing, and a hard decline what it is', async () => {
    const { asked } = await approved();
    await post(`/orders/${asked.number}`, { capture: 'decline:COMPLIANCE_VIOLATION' });
    expect(await connection.find(asked)).toEqual({ status: 'declined', code: 'suspected_fraud' });
    await post(`/orders/${asked.number}`, { outcome: 'paid', capture: 'processing' });
    expect(await connection.find(asked)).toEqual({ status: 'processing' });
    expect(await connection.find(asked)).toEqual({ status: 'processing' });
  });
});

describe('charge', () => {
  it('answers what became of a charge whose first answer was lost', async () => {
    const method = await storedMethod();
    const order = orderOf();
    let calls = 0;
    const cut = paypal.online?.connect(
      { ...sandbox.paypal, api_url: api, currency: 'USD' },
      {
        ...outside,
        async send(call) {
          const answer = await outside.send(call);
          calls += call.url.endsWith('/orders') ? 1 : 0;
          return call.url.endsWith('/orders') && calls === 1 ? undefined : answer;
        },
      },
    );
    const outcome = await cut?.methods?.charge(order, method);
    expect(outcome).toMatchObject({ status: 'succeeded', money: { number: order.number } });
    expect(calls).toBe(2);
  });

  it('is found by its number alone when no answer ever came', async () => {
    const method = await storedMethod();
    const order = orderOf();
    await post(`/orders/${order.number}`, { answers: 'lost', notify: 'none' });
    expect(await methods.charge(order, method)).toEqual({ status: 'unknown' });
    await post(`/orders/${order.number}`, {});
    const asked = { number: order.number, reference: null, charged, mayCapture: true };
    const found = await later(4, () => connection.find(asked));
    expect(found).toMatchObject({ status: 'succeeded', money: { amount: charged } });
  });

  it('is not made a second time after PayPal forgot the first', async () => {
    const method = await storedMethod();
    const order = orderOf();
    await methods.charge(order, method);
    const again = await later(7, () => methods.charge(order, method));
    expect(again).toEqual({ status: 'unknown' });
  });
});

describe('findSetup', () => {
  it('finds the kept account when what was asked first is forgotten', async () => {
    const { charged: _charged, savesMethod: _saves, ...order } = orderOf();
    order.payer = { ...order.payer, organizationId: 'org_once' };
    const begun = await methods.setUp({ ...order, currency: 'USD' });
    const reference = (begun.status === 'pending' && begun.reference) || null;
    await post(`/orders/${order.number}`, { outcome: 'paid' });
    const asked = { number: order.number, reference, mayCapture: true };
    const stored = await methods.findSetup(asked);
    expect(stored).toMatchObject({
      status: 'stored',
      method: { kind: 'account', label: 'PayPal b•••@personal.example.com', expires: null },
    });
    expect(await later(4, () => methods.findSetup(asked))).toEqual(stored);
  });

  it('keeps nothing for which nobody waits any more', async () => {
    const { charged: _charged, savesMethod: _saves, ...order } = orderOf();
    const begun = await methods.setUp({ ...order, currency: 'USD' });
    const reference = (begun.status === 'pending' && begun.reference) || null;
    await post(`/orders/${order.number}`, { outcome: 'paid' });
    const asked = { number: order.number, reference, mayCapture: false };
    expect(await methods.findSetup(asked)).toEqual({ status: 'pending' });
  });
});

describe('refund', () => {
  const refundOf = async (changes: Partial<RefundOrder['payment']> = {}): Promise<RefundOrder> => {
    const { asked } = await approved();
    const found = await connection.find(asked);
    const providerTransaction = found.status === 'succeeded' ? found.money.providerTransaction : '';
    const { number, reference } = asked;
    return {
      ...{ number: drawNumber(), reason: 'Too much', notifyUrl: 'https://shop.example/hook' },
      payment: { number, reference, providerTransaction, charged, ...changes },
      amount: charged,
    };
  };

  it('is found after PayPal forgot the request, and is not made again', async () => {
    const order = await refundOf();
    const first = await connection.refund?.(order);
    expect(first).toMatchObject({ status: 'succeeded' });
    expect(await later(46 * 24, () => connection.refund?.(order) ?? Promise.reject())).toEqual(
      first,
    );
  });

  it('is found without the order’s id', async () => {
    const order = await refundOf({ reference: null });
    expect(await connection.findRefund?.(order)).toEqual({ status: 'absent' });
    const made = await connection.refund?.(order);
    expect(await connection.findRefund?.(order)).toEqual(made);
  });

  it('takes a reason of any length, on any number of lines', async () => {
    const order = { ...(await refundOf()), reason: `Too\nmuch\u2028${'退款'.repeat(200)}` };
    expect(await connection.refund?.(order)).toMatchObject({ status: 'succeeded' });
  });

  it('under way is under way', async () => {
    const order = await refundOf();
    await post(`/orders/${order.payment.number}`, { refund: 'pending' });
    const outcome = await connection.refund?.(order);
    expect(outcome).toMatchObject({ status: 'pending' });
    expect(await connection.findRefund?.(order)).toEqual(outcome);
    const { reference } = outcome as { reference: string };
    expect(await connection.findRefund?.({ ...order, reference })).toEqual(outcome);
    // Somebody else's refund is none of ours, whatever name we asked by.
    const stranger = { ...order, number: drawNumber(), reference };
    expect(await connection.findRefund?.(stranger)).toEqual({ status: 'absent' });
  });

  it('is not said to be absent of a payment that cannot be read', async () => {
    const order = await refundOf({ providerTransaction: 'NOSUCHCAPTURE' });
    expect(await connection.findRefund?.(order)).toEqual({ status: 'unknown' });
  });
});

describe('statement', () => {
  it('names disputes and refunds by the payment that they take back', async () => {
    const { asked } = await approved();
    const { number } = asked;
    await connection.find(asked);
    await post(`/orders/${number}/refund`, { amount: '500' });
    await post(`/orders/${number}/dispute`, { amount: '700' });
    await post(`/orders/${number}/dispute`, {
      status: 'RESOLVED',
      outcome: 'RESOLVED_BUYER_FAVOUR',
    });
    const date = new Date().toISOString().slice(0, 10);
    const read = async () => (await connection.statement?.({ date })) ?? { status: 'unknown' };
    expect(await read()).toEqual({ status: 'not_ready' });
    const statement = await later(28, read);
    const lines = statement.status === 'ready' ? statement.lines : [];
    const own = lines.filter((line) => line.number === number || line.payment?.number === number);
    expect(own.map(({ kind, number: name, amount }) => [kind, name, amount.minor])).toEqual([
      ['payment', number, 2000n],
      ['refund', null, -500n],
      ['dispute', null, -700n],
    ]);
    // PayPal books it under another name than it tells of it; ours is the one that it tells.
    const reference = own[2]?.providerTransaction ?? '';
    expect(reference).toMatch(/^PP-R-/);
    expect(await connection.findDispute?.(reference)).toMatchObject({
      status: 'found',
      dispute: { status: 'lost', isWithdrawn: true, payment: { number } },
    });
  });
});

describe('a statement of a busy day', () => {
  it('is put together from parts of the day', async () => {
    const midnight = Math.ceil(Date.now() / (24 * hourMs)) * 24 * hourMs + 40 * 24 * hourMs;
    const until = (hour: number) => (midnight - Date.now()) / hourMs + hour;
    const pay = async () => connection.find((await approved()).asked);
    for (const hour of [0.01, 3, 11.99, 12.01, 23.98]) await later(until(hour), pay);
    const date = new Date(midnight).toISOString().slice(0, 10);
    const read = () => later(until(28), async () => connection.statement?.({ date }));
    const whole = await read();
    expect(whole?.status === 'ready' && whole.lines).toHaveLength(5);
    await post('/steering', { results_max: 1 });
    expect(await read()).toEqual(whole);
    await later(until(11.99), pay);
    // More than one in the same second cannot be told apart any further, and half a day is no day.
    await later(until(23.98), () => Promise.all([pay(), pay(), pay()]));
    expect(await read()).toEqual({ status: 'unknown' });
    await post('/steering', {});
    const all = await read();
    expect(all?.status === 'ready' && all.lines).toHaveLength(9);
  });
});

describe('quote', () => {
  it('converts what PayPal does not take, at the operator’s rate', () => {
    expect(connection.quote({ minor: 12_800n, currency: 'CNY' })).toEqual({
      charged: { minor: 1792n, currency: 'USD' },
      rate: '0.14',
    });
    expect(connection.currencies).toContain('CNY');
  });

  it('converts nothing that PayPal takes as it is', () => {
    expect(connection.quote({ minor: 100n, currency: 'EUR' })).toEqual({
      charged: { minor: 100n, currency: 'EUR' },
      rate: '1',
    });
  });
});

describe('the simulator', () => {
  it('lets nobody in without a token of its own', async () => {
    const call = (authorization: string) =>
      fetch(`${api}/v2/checkout/orders`, {
        method: 'POST',
        headers: { authorization },
        body: '{}',
      });
    expect((await call('Bearer A21AA')).status).toBe(401);
    expect((await call('')).status).toBe(401);
    const token = await signIn(api, sandbox.paypal);
    expect((await call(`Bearer ${token}`)).status).toBe(422);
    const wrong = await signIn(api, { ...sandbox.paypal, client_secret: 'wrong' });
    expect(wrong).toBeUndefined();
  });
});
