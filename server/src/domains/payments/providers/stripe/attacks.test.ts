/** Known attacks on Stripe integrations, tried on the whole way from the wire to the ledger. */
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../../sandbox/src/sandbox.ts';
import { topUpWallet } from '../../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../../invoicing/testing/books.ts';
import { readAttempt, readInbox, readUnapplied } from '../../../invoicing/testing/rows.ts';
import { openOrganization, openShop, type Shop } from '../../../invoicing/testing/shop.ts';
import { updateProvider } from '../../operations/update-provider.ts';
import { type CardTill, openCardTill } from '../../testing/card-till.ts';

let sandbox: Sandbox;
let shop: Shop;
let till: CardTill;
/** Each test has a customer of its own, and sees what was parked since it began. */
let organizationId: string;
let parkedBefore = 0;
let drawn = 0;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  shop = await openShop(sandbox);
});
afterAll(async () => {
  await shop.close();
  await sandbox.close();
});
beforeEach(async () => {
  till = await openCardTill(shop.context, sandbox);
  await confirming(true);
  drawn += 1;
  organizationId = `org_attacked${drawn}`;
  await openOrganization(shop.context, organizationId);
  parkedBefore = (await readUnapplied(shop.db.database)).length;
});

const books = () => readBooks(shop.db.database, organizationId);
const unapplied = async () => (await readUnapplied(shop.db.database)).slice(parkedBefore);
const confirming = (confirm: boolean) =>
  updateProvider(shop.context, {
    ...{ provider: 'stripe', settings: { confirm_by_query: confirm } },
  });
const trusting = () => confirming(false);

/** A top-up of 20.00 USD through Stripe, of which the simulator tells nobody by itself. */
async function order(means?: string) {
  const { payment } = await topUpWallet(shop.context, {
    ...{ organizationId, amount: '20.00', currency: 'USD' },
    ...{ provider: 'stripe', means, returnUrl: undefined },
  });
  const number = await shop.numberOf(payment.id);
  await till.steer(number, { notify: 'none' });
  const status = async () => (await readAttempt(shop.db.database, payment.id)).status;
  return { payment, number, status };
}

const pay = async (number: string, outcome = 'paid') => {
  await till.steer(number, { outcome });
  return (await till.order(number))?.payment_intent ?? '';
};

/** What Stripe would say of an order that was paid. */
function sessionOf(number: string, intent: string, changes: object = {}) {
  return {
    ...{ id: 'cs_test_attack', object: 'checkout.session', mode: 'payment', status: 'complete' },
    ...{
      payment_status: 'paid',
      client_reference_id: number,
      amount_total: 2_000,
      currency: 'usd',
    },
    ...{ payment_intent: intent, metadata: { sluice_number: number }, livemode: false },
    ...changes,
  };
}

function eventOf(type: string, object: object, changes: object = {}) {
  drawn += 1;
  return {
    ...{ id: `evt_attack${drawn}`, object: 'event', api_version: Stripe.API_VERSION, created: 1 },
    ...{ livemode: false, pending_webhooks: 1, request: null, type, data: { object } },
    ...changes,
  };
}
const completed = (number: string, intent: string, changes?: object) =>
  eventOf('checkout.session.completed', sessionOf(number, intent, changes));

/** Posts bytes as Stripe would, signed with our secret unless told otherwise; answers the status. */
async function send(body: object | string, header?: string, more: Record<string, string> = {}) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const secret = sandbox.stripe.webhook_secret;
  const signed = header ?? Stripe.webhooks.generateTestHeaderString({ payload, secret });
  const answer = await fetch(`${shop.publicUrl}/api/v1/webhooks/stripe`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signed, ...more },
    body: payload,
  });
  await answer.arrayBuffer();
  return answer.status;
}

describe('a blank signing secret', () => {
  it('cannot be switched on, in any spelling', async () => {
    for (const blank of ['', ' ', '\t', 'whsec_', 'whsec_ ']) {
      const change = { provider: 'stripe', settings: { webhook_secret: blank } };
      await expect(updateProvider(shop.context, change)).rejects.toMatchObject({
        code: 'rule_violated',
      });
    }
    const cleared = { provider: 'stripe', settings: { webhook_secret: null } };
    await expect(updateProvider(shop.context, cleared)).rejects.toMatchObject({
      code: 'provider_not_configured',
    });
  });

  it('where it is not set verifies nothing: not even what is signed with an empty key', async () => {
    const { number } = await order();
    const intent = await pay(number);
    await updateProvider(shop.context, {
      ...{ provider: 'stripe', enabled: false, settings: { webhook_secret: null } },
    });
    const payload = JSON.stringify(completed(number, intent));
    const seconds = Math.floor(Date.now() / 1_000);
    for (const key of ['', 'undefined', 'null', 'whsec_']) {
      const v1 = createHmac('sha256', key).update(`${seconds}.${payload}`).digest('hex');
      expect(await send(payload, `t=${seconds},v1=${v1}`)).toBe(404);
    }
    expect(await books()).toEqual({});
  });

  it('is not what a true endpoint can be talked into', async () => {
    const { number } = await order();
    const intent = await pay(number);
    const payload = JSON.stringify(completed(number, intent));
    const seconds = Math.floor(Date.now() / 1_000);
    const v1 = createHmac('sha256', '').update(`${seconds}.${payload}`).digest('hex');
    for (const header of [
      `t=${seconds},v1=${v1}`,
      `t=${seconds},v1=`,
      `t=${seconds}`,
      'v1=',
      'x',
    ]) {
      expect(await send(payload, header)).toBe(400);
    }
    expect(await books()).toEqual({});
  });
});

describe('an event about another provider`s order', () => {
  it('pays nothing, whether it is confirmed or trusted', async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    expect(await send(completed(number, 'pi_3Attack'))).toBe(400);
    expect(await unapplied()).toEqual([]);
    await trusting();
    expect(await send(completed(number, 'pi_3Attack'))).toBe(200);
    expect(await unapplied()).toMatchObject([{ reason: 'unknown_order', amount: '2000 USD' }]);
    expect((await readAttempt(shop.db.database, payment.id)).status).toBe('pending');
    expect(await books()).not.toHaveProperty('wallet USD');
  });
});

describe('an amount that is not the order`s', () => {
  it.each([
    ['less', { amount_total: 1_999 }],
    ['more', { amount_total: 200_000 }],
    ['another currency', { currency: 'eur' }],
    ['a currency of another scale', { currency: 'jpy' }],
  ])('is parked and credits nobody, though it is trusted: %s', async (_what, changes) => {
    const { number, status } = await order();
    await trusting();
    expect(await send(completed(number, `pi_3Attack${drawn}`, changes))).toBe(200);
    expect(await unapplied()).toMatchObject([{ reason: 'amount_mismatch' }]);
    expect(await status()).not.toBe('succeeded');
    expect(await books()).not.toHaveProperty('wallet USD');
  });

  it.each([
    ['nothing', { amount_total: 0 }],
    ['less than nothing', { amount_total: -2_000 }],
    ['text', { amount_total: '2000' }],
    ['1e3', { amount_total: '1e3' }],
    ['a fraction', { amount_total: 10.001 }],
    ['full-width digits', { amount_total: '１０' }],
    ['no currency', { currency: 'LDC' }],
  ])('is refused where it is none, though it is trusted: %s', async (_what, changes) => {
    const { number, status } = await order();
    await trusting();
    expect(await send(completed(number, `pi_3Attack${drawn}`, changes))).toBe(400);
    expect(await unapplied()).toEqual([]);
    expect(await status()).toBe('pending');
  });

  it('is what Stripe says when it is asked, not what the event says', async () => {
    const { number, status } = await order();
    const intent = await pay(number);
    expect(await send(completed(number, intent, { amount_total: 200_000 }))).toBe(400);
    expect(await books()).toEqual({});
    expect(await send(completed(number, intent))).toBe(200);
    expect(await status()).toBe('succeeded');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('is parked where Stripe itself collected it', async () => {
    const { number, status } = await order();
    await till.steer(number, { notify: 'none', amount: '1500' });
    const intent = await pay(number);
    expect(await send(completed(number, intent, { amount_total: 1_500 }))).toBe(200);
    expect(await unapplied()).toMatchObject([{ reason: 'amount_mismatch', amount: '1500 USD' }]);
    expect(await status()).not.toBe('succeeded');
  });
});

describe('a page that is complete and not paid', () => {
  it('is no payment until the debit is there, confirmed or trusted', async () => {
    const { number, status } = await order('us_bank_account');
    const intent = await pay(number, 'processing');
    const unpaid = { payment_status: 'unpaid' };
    expect(await send(completed(number, intent, unpaid))).toBe(200);
    expect(await send(completed(number, intent))).toBe(400);
    await trusting();
    expect(await send(completed(number, intent, unpaid))).toBe(200);
    expect(await status()).toBe('pending');
    expect(await books()).toEqual({});

    await pay(number);
    const paid = sessionOf(number, intent);
    expect(await send(eventOf('checkout.session.async_payment_succeeded', paid))).toBe(200);
    expect(await status()).toBe('succeeded');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('is declined when the debit comes back', async () => {
    const { number, status } = await order('us_bank_account');
    const intent = await pay(number, 'processing');
    await pay(number, 'returned');
    const unpaid = sessionOf(number, intent, { payment_status: 'unpaid' });
    expect(await send(eventOf('checkout.session.async_payment_failed', unpaid))).toBe(200);
    expect(await status()).toBe('failed');
    expect(await books()).toEqual({});
  });
});

describe('news that come in the wrong order', () => {
  it('of an end after the payment take nothing back', async () => {
    const { number, status } = await order();
    const intent = await pay(number);
    expect(await send(completed(number, intent))).toBe(200);
    const ended = sessionOf(number, intent, { status: 'expired', payment_status: 'unpaid' });
    const failed = { id: intent, status: 'requires_payment_method' };
    const metadata = { sluice_number: number };
    expect(await send(eventOf('checkout.session.expired', ended))).toBe(200);
    expect(await send(eventOf('payment_intent.payment_failed', { ...failed, metadata }))).toBe(200);
    expect(await status()).toBe('succeeded');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('of an end before the payment do not stand in its way', async () => {
    const { number, status } = await order();
    const intent = await pay(number);
    const ended = sessionOf(number, intent, { status: 'expired', payment_status: 'unpaid' });
    expect(await send(eventOf('checkout.session.expired', ended))).toBe(200);
    expect(await send(completed(number, intent))).toBe(200);
    expect(await status()).toBe('succeeded');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await unapplied()).toEqual([]);
  });
});

describe('one payment that is told of again and again', () => {
  it('is credited once: two kinds of event, the same bytes, and others, all at once', async () => {
    const { number, status } = await order();
    const intent = await pay(number);
    const succeeded = eventOf('payment_intent.succeeded', {
      ...{ id: intent, status: 'succeeded', amount_received: 2_000, currency: 'usd' },
      metadata: { sluice_number: number },
    });
    const events = [completed(number, intent), succeeded, completed(number, intent), succeeded];
    const answers = await Promise.all(events.map((event) => send(event)));
    expect(answers).toEqual([200, 200, 200, 200]);
    expect(await status()).toBe('succeeded');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await unapplied()).toEqual([]);
  });

  it('is not credited anew by its old event once it is refunded', async () => {
    const { number } = await order();
    const intent = await pay(number);
    const event = completed(number, intent);
    expect(await send(event)).toBe(200);
    const before = await books();
    const answer = await fetch(`${till.url}/orders/${number}/refund`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(await send(event)).toBe(200);
    expect(await send({ ...event, id: 'evt_attack_again' })).toBe(200);
    expect(await books()).toEqual(before);
    expect(await unapplied()).toEqual([]);
  });
});

describe('the page to which payers come back', () => {
  it('believes nothing of its address', async () => {
    const { payment, status } = await order();
    const back = `${shop.publicUrl}/checkout/${payment.id}?session_id=cs_test_1&payment_status=paid&redirect_status=succeeded`;
    await fetch(back);
    expect(await status()).toBe('pending');
    expect(await books()).toEqual({});
  });
});

describe('an event of another mode or account', () => {
  it('is refused, however well it is signed', async () => {
    const { number, status } = await order();
    const intent = await pay(number);
    const object = sessionOf(number, intent);
    const type = 'checkout.session.completed';
    expect(await send(eventOf(type, object, { livemode: true }))).toBe(400);
    expect(await send(eventOf(type, object, { account: 'acct_1SomebodyElse' }))).toBe(400);
    expect(await status()).toBe('pending');
    expect(await books()).toEqual({});
  });
});

describe('secrets', () => {
  it('are in no line of the log and in nothing that is kept', async () => {
    const { number } = await order();
    const intent = await pay(number);
    await send(completed(number, intent), 't=1,v1=00', { authorization: 'Bearer sk_test_stray' });
    await send(completed(number, intent));
    const change = { provider: 'stripe', settings: { secret_key: `sk_test_${'x'.repeat(99)}` } };
    await updateProvider(shop.context, change);
    await send(completed(number, 'pi_3Other'));
    const said = JSON.stringify([shop.logged, await readInbox(shop.db.database)]);
    const { secret_key: key, webhook_secret: secret } = sandbox.stripe;
    expect(said).toContain('refused');
    for (const each of [key, secret, 'x'.repeat(99), 'sk_test_stray']) {
      expect(said).not.toContain(each);
    }
  });
});

describe('the raw bytes of an event', () => {
  it('are what is verified: other spaces, escapes and order are no harm, one byte more is', async () => {
    const { number, status } = await order();
    const intent = await pay(number);
    const spelled = JSON.stringify(completed(number, intent), null, 3)
      .replace('"paid"', '"\\u0070aid"')
      .replace('{', '{\r\n\t ');
    const secret = sandbox.stripe.webhook_secret;
    const header = Stripe.webhooks.generateTestHeaderString({ payload: spelled, secret });
    expect(await send(`${spelled} `, header)).toBe(400);
    expect(await send(JSON.stringify(JSON.parse(spelled)), header)).toBe(400);
    expect(await status()).toBe('pending');
    expect(await send(spelled, header)).toBe(200);
    expect(await status()).toBe('succeeded');
  });

  it('are refused when there are too many, or squeezed, or no text', async () => {
    expect(await send(`{"a":"${'x'.repeat(1_100_000)}"}`)).toBe(413);
    const url = `${shop.publicUrl}/api/v1/webhooks/stripe`;
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: bomb })).status).toBe(415);
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const secret = sandbox.stripe.webhook_secret;
    const payload = bytes.toString('utf8');
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret });
    const signed = { 'stripe-signature': header, 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers: signed, body: bytes })).status).toBe(400);
    expect(await books()).toEqual({});
  });
});
