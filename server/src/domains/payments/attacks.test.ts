/** Known attacks on payment systems, by their numbers: messages that are forged, misdirected, out of order or malformed. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../../sandbox/src/sandbox.ts';
import { settingsSchema } from '../../platform/config.ts';
import { inTransaction } from '../../platform/context.ts';
import { createHttpApp } from '../../platform/http/app.ts';
import { createRoutes } from '../../platform/http/routes.ts';
import { createLog } from '../../platform/log.ts';
import { userCaller } from '../../platform/testkit/callers.ts';
import { issueTopUp } from '../invoicing/index.ts';
import { readAttempt } from '../invoicing/testing/rows.ts';
import { registerPayments } from './http.ts';
import { newAttempt } from './operations/open-attempt.ts';
import { settleAttempt } from './operations/settle-attempt.ts';
import { providers } from './providers/index.ts';
import { translateEvent } from './providers/stripe/translate.ts';
import { insertAttempt } from './store.ts';
import { openVictim, startGateway, type Victim } from './testing/victim.ts';

const success = { status: 200, text: 'success' };
const fail = { status: 200, text: 'fail' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('attacks by message', () => {
  let sandbox: Sandbox;
  let victim: Victim;
  beforeAll(async () => {
    sandbox = await startGateway();
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    victim = await openVictim(sandbox);
  });
  afterEach(() => victim.close());

  const webhook = (provider = 'credit') => `${victim.shop.publicUrl}/api/v1/webhooks/${provider}`;

  it.each(providers.filter(({ id }) => id !== 'credit').map(({ id }) => id))(
    'attack 02: case 17: an order of one provider is not paid by what %s says',
    async (provider) => {
      const { number, payment } = await victim.order();
      const money = {
        ...{ number, merchant: sandbox.credit.pid, providerTransaction: 'tx_elsewhere' },
        amount: { minor: 14_400n, currency: 'LDC' },
      };
      const settled = await settleAttempt(victim.shop.context, {
        ...money,
        provider,
        source: 'notification',
      });
      expect(settled).toBe('parked');
      expect(await victim.unapplied()).toMatchObject([
        { organization: null, reason: 'unknown_order' },
      ]);
      expect(await victim.books()).toEqual({});
      const { database } = victim.shop.db;
      expect(await readAttempt(database, payment.id)).toMatchObject({ status: 'pending' });
    },
  );

  it('attack 02: case 17: a true notification of one provider is worth nothing at the address of another', async () => {
    const { truth } = await victim.paidInSilence();
    const text = new URLSearchParams(truth).toString();
    for (const { id } of providers.filter((provider) => provider.id !== 'credit')) {
      const byGet = await fetch(`${webhook(id)}?${text}`);
      const byPost = await fetch(webhook(id), { method: 'POST', headers: form, body: text });
      expect([byGet.status, byPost.status].every((status) => status >= 400)).toBe(true);
    }
    expect(await victim.books()).toEqual({});
    expect(await victim.shop.notify(truth)).toEqual(success);
  });

  it('attack 03: case 17: no setting lets an unsigned notification through', async () => {
    const loose = /unsigned|insecure|unverified|skip|bypass|allow_|trust_all|debug|no_verify/i;
    const names = [
      ...Object.keys(settingsSchema.shape),
      ...providers.flatMap(({ settings }) => settings.map(({ key }) => key)),
    ];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => loose.test(name))).toEqual([]);
  });

  it.each(['development', 'test', 'production', ''])(
    'attack 03: an unsigned notification is refused whatever the environment is called: "%s"',
    async (environment) => {
      const before = process.env.NODE_ENV;
      process.env.NODE_ENV = environment;
      try {
        await victim.trust();
        const { fields } = await victim.order();
        expect(await victim.shop.notify(fields)).toEqual(fail);
        expect(await victim.shop.notify({ ...fields, sign: '' }, 'POST')).toEqual(fail);
      } finally {
        process.env.NODE_ENV = before;
      }
      expect(await victim.books()).toEqual({});
    },
  );

  it.each(['unpaid', 'no_payment_required', 'PAID', undefined])(
    'attack 05: a session that is complete and whose payment is "%s" is no money',
    (payment_status) => {
      const number = 'a1b2c3d4e5f6a7b8c9d0e1f2';
      const object = {
        ...{ object: 'checkout.session', mode: 'payment', status: 'complete', payment_status },
        ...{ client_reference_id: number, metadata: { sluice_number: number } },
        ...{ amount_total: 1_999, currency: 'usd', payment_intent: 'pi_3Test' },
      };
      const mean = (type: string, of: object) =>
        translateEvent({ type, data: { object: of } }, 'acct_1TestAccount00:test');
      const types = ['completed', 'async_payment_succeeded', 'async_payment_failed', 'expired'];
      for (const type of types) {
        expect(mean(`checkout.session.${type}`, object)).toEqual({ kind: 'changed', number });
      }
      // It is the status that tells, and nothing else in it.
      const paid = { ...object, payment_status: 'paid' };
      expect(mean('checkout.session.completed', paid)).toMatchObject({ kind: 'collected' });
    },
  );

  it('attack 10: a well signed notification of what nobody paid is not believed, even from the key’s thief', async () => {
    const { fields, payment, number } = await victim.order();
    const stolen = victim.signed(fields);
    expect(await victim.shop.notify(stolen)).toEqual(fail);
    // Nor once the payer came there, and did not pay.
    await victim.shop.visit(payment.next, 'declined');
    expect(await victim.shop.notify(victim.signed({ ...fields, name: 'x' }))).toEqual(fail);
    // Nor with another amount than was paid.
    await victim.shop.steer(number, { notify: 'none', outcome: 'paid' });
    const cheaper = victim.signed({ ...fields, money: '1.00' });
    expect(await victim.shop.notify(cheaper)).toEqual(fail);
    expect(await victim.books()).toEqual({});
    const { trade_no = '' } = await gatewayRecord(number);
    expect(await victim.shop.notify(victim.signed({ ...fields, trade_no }))).toEqual(success);
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it.each(['WAIT_BUYER_PAY', 'TRADE_CLOSED', 'TRADE_FAIL', ''])(
    'attack 09: a notification with the status "%s" does not stand in the way of the success',
    async (trade_status) => {
      const { fields, truth } = await victim.paidInSilence();
      expect(await victim.shop.notify(victim.signed({ ...fields, trade_status }))).toEqual(success);
      expect(await victim.books()).toEqual({});
      expect(await victim.shop.notify(truth)).toEqual(success);
      expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
    },
  );

  it('attack 09: a refused notification does not stand in the way of the same bytes once they are true', async () => {
    const { number, fields, payment } = await victim.order();
    await victim.shop.steer(number, { notify: 'none', query: 'unpaid' });
    await victim.shop.visit(payment.next);
    const { trade_no = '' } = await gatewayRecord(number);
    const truth = victim.signed({ ...fields, trade_no });
    expect(await victim.shop.notify(truth)).toEqual(fail);
    await victim.shop.steer(number, { notify: 'none' });
    expect(await victim.shop.notify(truth)).toEqual(success);
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it.each(['GET', 'POST'] as const)(
    'attack 13: a notification by %s is heard, at the address with a slash as well',
    async (method) => {
      for (const url of [webhook(), `${webhook()}/`]) {
        const { truth } = await victim.paidInSilence();
        const text = new URLSearchParams(truth).toString();
        const answer =
          method === 'GET'
            ? await fetch(`${url}?${text}`, { redirect: 'manual' })
            : await fetch(url, { method, headers: form, body: text, redirect: 'manual' });
        expect([answer.status, await answer.text()]).toEqual([200, 'success']);
      }
      expect(await victim.books()).toMatchObject({ 'wallet USD': '40.00' });
    },
  );

  it('attack 14: a notification that overtakes the start of its order finds the order', async () => {
    const { organizationId, context } = victim.shop;
    const amount = { minor: 2_000n, currency: 'USD' };
    // Committed, and the process died before it called the provider.
    const number = await inTransaction(context, async (transaction) => {
      const invoice = await issueTopUp(context, transaction, { organizationId, amount });
      const command = { organizationId, invoiceId: invoice.id, amount, title: 'Wallet top-up' };
      const attempt = {
        ...newAttempt(context, { ...command, provider: 'credit' }),
        merchant: sandbox.credit.pid,
        charged: { minor: 14_400n, currency: 'LDC' },
        rate: '7.2',
      };
      await insertAttempt(transaction, { attempt, nextQueryAt: context.clocks.wall() });
      return attempt.number;
    });
    await victim.trust();
    const { fields } = await victim.order();
    const truth = victim.signed({ ...fields, out_trade_no: number });
    expect(await victim.shop.notify(truth)).toEqual(success);
    expect(await victim.books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('attack 14: an order that is paid before the payer is sent on is credited', async () => {
    for (const bend of [{ pay_at_submit: true }, { before_redirect: true }]) {
      const { number, payment } = await victim.order();
      await victim.shop.steer(number, bend);
      await victim.shop.visit(payment.next);
    }
    expect(await victim.books()).toMatchObject({ 'wallet USD': '40.00' });
  });

  it('attack 22: what a return page’s address claims is worth nothing', async () => {
    const { payment, fields } = await victim.order();
    const caller = userCaller({ organizationId: victim.shop.organizationId });
    const { platform } = victim.shop;
    const { config, clocks } = platform;
    const app = await createHttpApp({ config, clocks, log: createLog('silent') });
    registerPayments(createRoutes(app, { platform, authenticate: async () => caller }));
    const claims = new URLSearchParams({ ...victim.signed(fields), status: 'succeeded' });
    const path = `/api/v1/billing/payments/${payment.id}`;
    const answer = await app.inject({ method: 'GET', url: `${path}?${claims}` });
    const plain = await app.inject({ method: 'GET', url: path });
    await app.close();
    expect(plain.json()).toMatchObject({ status: 'pending' });
    // Unknown parameters are refused or without effect.
    if (answer.statusCode === 200) expect(answer.json()).toMatchObject({ status: 'pending' });
    else expect(answer.statusCode).toBe(400);
    expect(await victim.books()).toEqual({});
  });

  it.each([
    ['more than a megabyte', Buffer.alloc(1024 * 1024 + 1, 'x'), {}, 413],
    [
      'a bomb of zeros',
      gzipSync(Buffer.alloc(8 * 1024 * 1024)),
      { 'content-encoding': 'gzip' },
      415,
    ],
    ['an unknown encoding', Buffer.from('x'), { 'content-encoding': 'br' }, 415],
  ])('attack 26: %s is refused before anything is kept', async (_what, body, headers, status) => {
    for (const { id } of providers.filter(({ capabilities }) => capabilities.notifies)) {
      const answer = await fetch(webhook(id), {
        method: 'POST',
        headers: { ...form, ...headers },
        body,
      });
      expect(answer.status).toBe(status);
    }
    expect(await victim.inbox()).toEqual([]);
  });

  it.each<[string, Buffer, string]>([
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x6d, 0x00]), form['content-type']],
    ['half a character', Buffer.from('name=%E0%A4&money=1.00'), form['content-type']],
    [
      'another charset',
      Buffer.from('name=\xd6\xa7', 'latin1'),
      `${form['content-type']}; charset=gbk`,
    ],
    ['a form in parts', Buffer.from('--x\r\n\r\nx\r\n--x--'), 'multipart/form-data; boundary=x'],
    ['a NUL', Buffer.from('money=1.00\u0000'), form['content-type']],
    ['deep JSON', Buffer.from('['.repeat(10_000)), 'application/json'],
    ['a prototype', Buffer.from('{"__proto__": {"verified": true}}'), 'application/json'],
    ['a blank', Buffer.from(' '), 'text/plain'],
  ])(
    'attack 26: %s reaches each verifier as it came, and is refused',
    async (_what, body, type) => {
      const notifying = providers.filter(({ capabilities }) => capabilities.notifies);
      for (const { id } of notifying) {
        const answer = await fetch(webhook(id), {
          method: 'POST',
          headers: { 'content-type': type },
          body: new Uint8Array(body),
        });
        // Refused in the provider's own words, never with an error of ours.
        expect(answer.status).toBeLessThan(501);
        expect(await answer.text()).not.toMatch(/^success$/i);
      }
      const inbox = await victim.inbox();
      for (const stored of inbox) {
        expect(Buffer.compare(stored.body, body)).toBe(0);
        expect(stored.outcome).toBe('refused');
      }
      expect(inbox.length).toBeGreaterThan(0);
      expect(await victim.books()).toEqual({});
    },
  );

  async function gatewayRecord(number: string): Promise<Record<string, string>> {
    const answer = await fetch(`${victim.shop.gatewayUrl}/orders/${number}`);
    return (await answer.json()) as Record<string, string>;
  }
});
