import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '../../../../../sandbox/src/credit/signature.ts';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { issueTopUp } from '../../invoicing/index.ts';
import { recordManualPayment } from '../../invoicing/operations/record-manual-payment.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readInbox, readUnapplied } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { insertAttempt } from '../store.ts';
import { newAttempt } from './open-attempt.ts';
import { receiveNotification } from './receive-notification.ts';
import { updateProvider } from './update-provider.ts';

type Fields = Record<string, string>;

const success = { status: 200, text: 'success' };
const fail = { status: 200, text: 'fail' };

describe('receiveNotification', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox);
  });
  afterEach(() => shop.close());

  /** A top-up of 20.00 USD, 144.00 at the gateway, and what a true notification of it says. */
  const order = async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    const fields: Fields = {
      pid: sandbox.credit.pid,
      trade_no: '176000000000012345',
      out_trade_no: number,
      type: 'epay',
      name: 'Wallet top-up',
      money: '144.00',
      trade_status: 'TRADE_SUCCESS',
    };
    return { payment, number, fields };
  };
  const signed = (fields: Fields, key = sandbox.credit.key) => ({
    ...fields,
    sign: sign(fields, key),
  });
  /** Pays at the gateway, which tells nobody; answers the true notification. */
  const paidInSilence = async () => {
    const { payment, number } = await order();
    await shop.steer(number, { notify: 'none' });
    await shop.visit(payment.next);
    const { trade_no, fields } = await gatewayOrder(number);
    return { number, payment, truth: signed({ ...fields, trade_no }) };
  };
  const gatewayOrder = async (number: string) => {
    const url = `${shop.gatewayUrl}/api.php?act=order&pid=${sandbox.credit.pid}&key=${sandbox.credit.key}&out_trade_no=${number}`;
    const answer = (await (await fetch(url)).json()) as Fields;
    const { pid = '', trade_no = '', name = '', money = '' } = answer;
    const fields = { pid, type: 'epay', out_trade_no: number, name, money };
    return { trade_no, fields: { ...fields, trade_status: 'TRADE_SUCCESS' } };
  };
  const trusting = () =>
    updateProvider(shop.context, { provider: 'credit', settings: { confirm_by_query: false } });
  const books = () => readBooks(shop.db.database);
  const unapplied = () => readUnapplied(shop.db.database);

  it('settles a true notification by GET and by POST alike', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const { truth } = await paidInSilence();
      expect(await shop.notify(truth, method)).toEqual(success);
    }
    expect(await books()).toMatchObject({ 'wallet USD': '40.00' });
    expect(await unapplied()).toEqual([]);
  });

  it.each<[string, (fields: Fields) => Fields]>([
    ['a wrong signature', (fields) => ({ ...fields, sign: '0'.repeat(32) })],
    ['no signature', (fields) => fields],
    ['an empty signature', (fields) => ({ ...fields, sign: '' })],
    ['a signature that anyone can make with an empty key', (fields) => signed(fields, '')],
    ['the signature of another merchant', (fields) => signed({ ...fields, pid: '10510' })],
    ['an amount changed after signing', (fields) => ({ ...signed(fields), money: '1440.00' })],
    [
      'an order changed after signing',
      (fields) => ({ ...signed(fields), out_trade_no: 'x'.repeat(24) }),
    ],
  ])('answers fail to %s, and credits nothing', async (_what, forge) => {
    const { number, truth } = await paidInSilence();
    const { sign: _sign, ...fields } = truth;
    expect(await shop.notify(forge(fields))).toEqual(fail);
    expect(await shop.notify(forge(fields), 'POST')).toEqual(fail);
    expect(await books()).toEqual({});
    // The truth still comes through.
    expect(await shop.notify(truth)).toEqual(success);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(number).toMatch(/^[0-9a-z]{24}$/);
  });

  it('does not believe even the key: what the gateway does not confirm is not paid', async () => {
    const { payment, fields } = await order();
    expect(await shop.notify(signed(fields))).toEqual(fail);
    await shop.visit(payment.next, 'declined');
    expect(await shop.notify(signed(fields))).toEqual(fail);
    expect(await books()).toEqual({});
    expect((await readInbox(shop.db.database)).map(({ outcome }) => outcome)).toEqual([
      'unconfirmed',
    ]);
  });

  it('answers fail to a well-signed amount that the gateway does not confirm', async () => {
    const { truth } = await paidInSilence();
    const { sign: _sign, ...fields } = truth;
    expect(await shop.notify(signed({ ...fields, money: '1.00' }))).toEqual(fail);
    expect(await books()).toEqual({});
  });

  it.each(['1.00', '143.99', '144.01', '1440.00'])(
    'parks %s for an order of 144.00, acknowledged and never dropped',
    async (money) => {
      await trusting();
      const { payment, fields } = await order();
      expect(await shop.notify(signed({ ...fields, money }))).toEqual(success);
      const amount = `${money.replace('.', '')} LDC`;
      const organization = shop.organizationId;
      expect(await unapplied()).toEqual([{ organization, reason: 'amount_mismatch', amount }]);
      const expected = `${money}`;
      expect(await books()).toEqual({
        'clearing:credit LDC': `-${expected}`,
        'unapplied LDC': expected,
      });
      expect(payment.status).toBe('pending');
      expect(shop.logged.some(({ reason }) => reason === 'amount_mismatch')).toBe(true);
    },
  );

  it.each([
    '0',
    '0.00',
    '-144.00',
    '1e3',
    '144.001',
    '１４４',
    '0x90',
    ' 144.00',
    '+144',
    '.5',
    '',
    'NaN',
    '9999999999.00',
  ])('refuses the amount "%s", well signed as it is', async (money) => {
    await trusting();
    const { fields } = await order();
    expect(await shop.notify(signed({ ...fields, money }))).toEqual(fail);
    expect(await books()).toEqual({});
    expect(await unapplied()).toEqual([]);
  });

  it.each<[string, (query: string) => string]>([
    ['a field that comes twice', (query) => `${query}&money=1.00`],
    ['an array', (query) => query.replace('money=', 'money%5B%5D=')],
    ['a broken escape', (query) => `${query}&name=%E0%A4%A`],
  ])('refuses %s', async (_what, bend) => {
    await trusting();
    const { fields } = await order();
    const query = bend(new URLSearchParams(signed(fields)).toString());
    expect(await shop.notify(query)).toEqual(fail);
    expect(await books()).toEqual({});
  });

  it('refuses a further field, signed as it is: it could swallow its neighbors in the signed text', async () => {
    await trusting();
    const { fields } = await order();
    expect(await shop.notify(signed({ ...fields, param: 'x' }))).toEqual(fail);
    expect(await books()).toEqual({});
  });

  it('refuses fields that query and body both name', async () => {
    await trusting();
    const { fields } = await order();
    const url = `${shop.publicUrl}/api/v1/webhooks/credit?money=144.00`;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(signed(fields)) });
    expect(await answer.text()).toBe('fail');
    expect(await books()).toEqual({});
  });

  it('credits once however often the same notification comes', async () => {
    const { truth } = await paidInSilence();
    for (let time = 0; time < 100; time += 1) expect(await shop.notify(truth)).toEqual(success);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    const inbox = await readInbox(shop.db.database);
    expect(inbox.map(({ outcome, deliveries }) => [outcome, deliveries])).toEqual([
      ['settled', 100],
    ]);
  });

  it('credits once when fifty of them come at the same time', async () => {
    const { payment, number } = await order();
    await shop.steer(number, { times: 50, concurrency: 50, before_redirect: true });
    await shop.visit(payment.next);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await unapplied()).toEqual([]);
  });

  it('credits once when they come to two processes at the same time', async () => {
    const { truth } = await paidInSilence();
    const other = shop.otherProcess();
    const notification = {
      method: 'GET',
      query: new URLSearchParams(truth).toString(),
      headers: {},
      body: Buffer.alloc(0),
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        receiveNotification(index % 2 === 0 ? shop.context : other.context, {
          provider: 'credit',
          notification,
        }),
      ),
    );
    await other.close();
    expect(answers.map(({ body }) => body)).toEqual(Array(50).fill('success'));
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await unapplied()).toEqual([]);
    expect(await readInbox(shop.db.database)).toMatchObject([{ deliveries: 50 }]);
  });

  it('credits a notification that comes before the payer is even sent to the gateway', async () => {
    const { payment, number } = await order();
    await shop.steer(number, { pay_at_submit: true });
    await fetch(payment.next.type === 'redirect' ? payment.next.url : '', { redirect: 'manual' });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('acknowledges what is not a payment, and still settles the payment after it', async () => {
    const { truth } = await paidInSilence();
    const { sign: _sign, ...fields } = truth;
    expect(await shop.notify(signed({ ...fields, trade_status: 'WAIT_BUYER_PAY' }))).toEqual(
      success,
    );
    expect(await books()).toEqual({});
    expect(await shop.notify(truth)).toEqual(success);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('never pays an order of another provider', async () => {
    await trusting();
    const { organizationId, context } = shop;
    const amount = { minor: 14400n, currency: 'LDC' };
    const number = await inTransaction(context, async (transaction) => {
      const total = { minor: 2000n, currency: 'USD' };
      const invoice = await issueTopUp(context, transaction, { organizationId, amount: total });
      const command = { organizationId, invoiceId: invoice.id, amount, title: 'Bank transfer' };
      const attempt = newAttempt(context, { ...command, provider: 'manual' });
      await insertAttempt(transaction, { attempt, nextQueryAt: null });
      return attempt.number;
    });
    const { fields } = await order();
    expect(await shop.notify(signed({ ...fields, out_trade_no: number }))).toEqual(success);
    expect(await unapplied()).toEqual([
      { organization: null, reason: 'unknown_order', amount: '14400 LDC' },
    ]);
    expect(await books()).toEqual({});
  });

  it('answers 404 and fail while the provider has no key, and does not look at what came', async () => {
    await updateProvider(shop.context, {
      provider: 'credit',
      enabled: false,
      settings: { key: null },
    });
    const { fields } = { fields: { pid: sandbox.credit.pid, money: '1.00' } };
    expect(await shop.notify(signed(fields, ''))).toEqual({ status: 404, text: 'fail' });
    expect((await readInbox(shop.db.database)).map(({ outcome }) => outcome)).toEqual(['refused']);
  });

  it('answers 404 for names that no provider has, the wallet and manual payments among them', async () => {
    for (const name of ['bank', 'manual', 'wallet']) {
      const answer = await fetch(`${shop.publicUrl}/api/v1/webhooks/${name}`);
      expect(answer.status).toBe(404);
    }
  });

  it('answers 413 to more than 1 MB, 415 to what is compressed, and refuses a body that is no form', async () => {
    const url = `${shop.publicUrl}/api/v1/webhooks/credit`;
    const large = await fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
    expect(large.status).toBe(413);
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const compressed = await fetch(url, { method: 'POST', headers, body: gzipSync('{}') });
    expect(compressed.status).toBe(415);
    expect(await readInbox(shop.db.database)).toEqual([]);
    const json = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"money":"144.00"}',
    });
    expect(await json.text()).toBe('fail');
  });

  it('keeps what came as it came, without anybody’s credentials', async () => {
    const bytes = Buffer.from('money=%FF&sign=\u0000');
    await fetch(`${shop.publicUrl}/api/v1/webhooks/credit?a=1`, {
      method: 'POST',
      headers: { cookie: 'session=1', 'x-trace': 'yes', 'content-type': 'text/plain' },
      body: bytes,
    });
    const [stored] = await readInbox(shop.db.database);
    expect(stored).toMatchObject({ method: 'POST', query: 'a=1', outcome: 'refused' });
    expect(Buffer.compare(stored?.body ?? Buffer.alloc(0), bytes)).toBe(0);
    expect(stored?.headers).toMatchObject({ 'x-trace': 'yes' });
    expect(stored?.headers).not.toHaveProperty('cookie');
  });

  it('never writes the key to the log, whatever happens', async () => {
    const { truth } = await paidInSilence();
    await shop.notify({ ...truth, sign: '0'.repeat(32) });
    await shop.notify(truth);
    const unreachable = 'http://127.0.0.1:1/epay';
    await updateProvider(shop.context, {
      provider: 'credit',
      settings: { gateway_url: unreachable },
    });
    const { fields } = await order();
    expect(await shop.notify(signed(fields))).toEqual(fail);
    expect(shop.logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(shop.logged)).not.toContain(sandbox.credit.key);
  });

  it('leaves a manual payment alone that a signed notification names', async () => {
    await trusting();
    const payment = await recordManualPayment(shop.context, {
      organizationId: shop.organizationId,
      amount: '5.00',
      currency: 'USD',
      invoiceId: undefined,
      note: 'Cash',
    });
    const { fields } = await order();
    await shop.notify(signed({ ...fields, out_trade_no: payment.number }));
    expect(await books()).toMatchObject({ 'wallet USD': '5.00' });
  });
});
