import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Merchant, openMerchant } from './testing.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-stripe-'));
const number = 'a1b2c3d4e5f6a7b8c9d0e1f2';
let merchant: Merchant;
beforeEach(async () => {
  rmSync(dataDir, { recursive: true, force: true });
  merchant = await openMerchant(dataDir);
});
afterEach(async () => {
  await merchant.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const open = (changes: Stripe.Checkout.SessionCreateParams = {}) =>
  merchant.sdk.checkout.sessions.create({
    mode: 'payment',
    client_reference_id: number,
    line_items: [
      { price_data: { currency: 'usd', unit_amount: 1_999, product_data: { name: 'x' } } },
    ],
    success_url: 'https://shop.example/done',
    cancel_url: 'https://shop.example/left',
    ...changes,
  });
const heard = (count: number) =>
  vi.waitFor(() => {
    expect(merchant.ear.heard.length).toBeGreaterThanOrEqual(count);
    return merchant.ear.heard;
  });
const isTaken = (each: { body: string; header: string | undefined }) => {
  try {
    Stripe.webhooks.constructEvent(each.body, each.header ?? '', merchant.secret);
    return true;
  } catch {
    return false;
  }
};

describe('events', () => {
  test('are told again until they are taken, along days', async () => {
    merchant.ear.answerWith(500);
    await open();
    await merchant.steer(number, { outcome: 'paid' });
    await heard(4);
    await merchant.moveClock(0.1);
    await heard(8);
    merchant.ear.answerWith(200);
    await merchant.moveClock(1);
    await heard(12);
    const { deliveries } = await merchant.order(number);
    expect(deliveries).toMatchObject([{ status: 'accepted', attempts: 3 }, {}, {}, {}]);
    expect(merchant.ear.heard.every(isTaken)).toBe(true);
    expect(new Set(merchant.ear.heard.map(({ event }) => event.id)).size).toBe(4);
  });

  test('outlive the process, and so do orders, keys and debits under way', async () => {
    merchant.ear.answerWith(500);
    const { id } = await open({ allowed_payment_method_types: ['us_bank_account'] });
    await merchant.steer(number, { outcome: 'processing' });
    await heard(4);
    const { account } = merchant.sandbox.stripe;
    await merchant.close();
    merchant = await openMerchant(dataDir);
    expect(merchant.sandbox.stripe.account).toBe(account);
    await merchant.moveClock(1);
    await heard(4);
    expect(merchant.ear.heard.every(isTaken)).toBe(true);
    await merchant.moveClock(97);
    const found = await merchant.sdk.checkout.sessions.retrieve(id);
    expect(found.payment_status).toBe('paid');
  });

  test('are given up after three days', async () => {
    merchant.ear.answerWith(500);
    await open();
    await merchant.steer(number, { outcome: 'paid' });
    await heard(4);
    for (let hours = 1; hours <= 80; hours += 4) {
      await merchant.moveClock(hours);
      await vi.waitFor(async () => {
        const now = Date.now() + hours * 3_600_000;
        const { deliveries } = await merchant.order(number);
        const owed = deliveries as { status: string; due_at: string }[];
        const isDue = ({ status, due_at }: (typeof owed)[number]) =>
          status === 'waiting' && Date.parse(due_at) < now;
        expect(owed.filter(isDue)).toEqual([]);
      });
    }
    const { deliveries } = await merchant.order(number);
    expect(deliveries).toMatchObject([{ status: 'given_up', attempts: 10 }, {}, {}, {}]);
  });

  test.each([
    ['bad', false],
    ['missing', false],
    ['empty_key', false],
    ['old', false],
    ['wrong_mode', true],
    ['connect', true],
  ])('are signed %s: taken by the SDK %s', async (sign, taken) => {
    await open();
    await merchant.steer(number, { sign, outcome: 'paid' });
    const events = await heard(4);
    expect(events.map(isTaken)).toEqual([taken, taken, taken, taken]);
    const [first] = events;
    expect(first?.event.livemode).toBe(sign === 'wrong_mode');
    expect(first?.event.account !== undefined).toBe(sign === 'connect');
  });

  test('come many times at once, or none at all', async () => {
    await open();
    await merchant.steer(number, { times: 5, concurrency: 5, outcome: 'paid' });
    await heard(20);
    await merchant.steer(number, { notify: 'none', outcome: 'paid' });
    expect(merchant.ear.heard).toHaveLength(20);
  });

  test('come in the wrong order when told so, news of a failed try last', async () => {
    await open();
    await merchant.steer(number, { reorder: true, outcome: 'paid' });
    await heard(6);
    const types = merchant.ear.types();
    expect(types[0]).toBe('checkout.session.completed');
    expect(types.indexOf('payment_intent.payment_failed')).toBeGreaterThan(
      types.indexOf('payment_intent.succeeded'),
    );
  });

  test('are repeated when a paid order is paid again', async () => {
    await open();
    await merchant.steer(number, { outcome: 'paid' });
    await heard(4);
    await merchant.steer(number, { outcome: 'paid' });
    await heard(8);
    const ids = merchant.ear.heard.map(({ event }) => event.id);
    expect(ids.slice(4).sort()).toEqual(ids.slice(0, 4).sort());
    const { data } = await merchant.sdk.balanceTransactions.list();
    expect(data).toHaveLength(1);
  });

  test('go where the merchant registered, signed with the secret of that place', async () => {
    const created = await merchant.sdk.webhookEndpoints.create({
      url: `${merchant.ear.url}/second`,
      enabled_events: ['payment_intent.succeeded'],
    });
    expect(created.secret).toMatch(/^whsec_/);
    const shown = await merchant.sdk.webhookEndpoints.retrieve(created.id);
    expect(shown.secret).toBeUndefined();
    await open();
    await merchant.steer(number, { outcome: 'paid' });
    const events = await heard(5);
    const taken = events.filter(({ body, header = '' }) => {
      const { signature } = Stripe.webhooks;
      try {
        return signature?.verifyHeader(body, header, created.secret ?? '', 300);
      } catch {
        return false;
      }
    });
    expect(taken.map(({ event }) => event.type)).toEqual(['payment_intent.succeeded']);
  });
});

describe('the pay page', () => {
  const choose = async (url: string, fields: Record<string, string>) => {
    const body = new URLSearchParams(fields);
    const answer = await fetch(new URL(url, merchant.origin), {
      ...{ method: 'POST', body, redirect: 'manual' },
    });
    return answer.headers.get('location') ?? `${answer.status}`;
  };
  /** The page as a browser next to the sandbox reaches it. */
  const pageOf = ({ url }: { url: string | null }) => new URL(url ?? '').pathname;

  test('is there in both languages, with what is bought and for how much', async () => {
    const page = pageOf(await open());
    const english = await (await fetch(merchant.origin + page)).text();
    expect(english).toContain('19.99 USD');
    expect(english).toContain('Card number');
    const chinese = await (await fetch(`${merchant.origin}${page}?lang=zh`)).text();
    expect(chinese).toContain('卡号');
  });

  test('takes a good card once, and leads back', async () => {
    const page = pageOf(await open());
    const fields = { outcome: 'paid', number: '4242 4242 4242 4242' };
    expect(await choose(page, fields)).toBe('https://shop.example/done');
    expect(await choose(page, fields)).toBe('https://shop.example/done');
    const { data } = await merchant.sdk.charges.list();
    expect(data).toHaveLength(1);
  });

  test('says that a card was declined, and takes another', async () => {
    const page = pageOf(await open());
    const again = await choose(page, { outcome: 'paid', number: '4000000000009995' });
    expect(again).toBe(`${page}?problem=declined`);
    expect(await (await fetch(merchant.origin + again)).text()).toContain('Try another one');
    const done = await choose(page, { outcome: 'paid', number: '4242424242424242' });
    expect(done).toBe('https://shop.example/done');
  });

  test('asks for the bank where a card wants that', async () => {
    const page = pageOf(await open());
    const asked = await choose(page, { outcome: 'paid', number: '4000002500003155' });
    expect(asked).toBe(`${page}?confirm=4000002500003155`);
    expect(await (await fetch(merchant.origin + asked)).text()).toContain('Your bank asks');
    const fields = { outcome: 'paid', number: '4000002500003155', confirmed: 'yes' };
    expect(await choose(page, fields)).toBe('https://shop.example/done');
  });

  test('lets a payer leave', async () => {
    const page = pageOf(await open());
    expect(await choose(page, { outcome: 'abandoned' })).toBe('https://shop.example/left');
    expect(await choose(page, { outcome: 'surprise' })).toBe('400');
  });
});

describe('steering', () => {
  test.each([
    [{ notifiy: 'none' }, 400],
    [{ times: 0 }, 400],
    [{ sign: 'worse' }, 400],
    [{ charge: 'decline:' }, 400],
    [{ instrument: '4111' }, 400],
    [{ outcome: 'maybe' }, 400],
    [{ outcome: 'paid' }, 404],
    [{ times: 3 }, 200],
  ])('answers %j with %i', async (steering, status) => {
    expect((await merchant.steer(number, steering)).status).toBe(status);
  });

  test('fails calls about an order, or does them without an answer', async () => {
    const { id } = await open();
    await merchant.steer(number, { answers: 'down' });
    await expect(merchant.sdk.checkout.sessions.retrieve(id)).rejects.toMatchObject({
      statusCode: 500,
    });
    await merchant.steer(number, { answers: 'lost' });
    await expect(merchant.sdk.checkout.sessions.expire(id)).rejects.toThrow();
    await merchant.steer(number, {});
    expect((await merchant.sdk.checkout.sessions.retrieve(id)).status).toBe('expired');
  });

  test('collects another amount than was asked for', async () => {
    const { id } = await open();
    await merchant.steer(number, { amount: '1000', outcome: 'paid' });
    const found = await merchant.sdk.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(found).toMatchObject({
      amount_total: 1_000,
      payment_intent: { amount_received: 1_000 },
    });
  });
});
