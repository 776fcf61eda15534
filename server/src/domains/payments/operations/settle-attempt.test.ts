import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { getInvoice, judgeOverdueInvoices, recordManualPayment } from '../../invoicing/index.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readUnapplied } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { findAttempt } from '../store.ts';
import { failAttempt } from './fail-attempt.ts';
import { openAttempt } from './open-attempt.ts';
import { getPayment } from './read-payments.ts';
import { type SettleCommand, settleAttempt } from './settle-attempt.ts';

describe('settleAttempt', () => {
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

  const books = () => readBooks(shop.db.database);
  const unapplied = () => readUnapplied(shop.db.database);
  const collected = async (paymentId: string): Promise<SettleCommand> => ({
    number: await shop.numberOf(paymentId),
    merchant: sandbox.credit.pid,
    providerTransaction: `t_${paymentId}`,
    amount: { minor: 14400n, currency: 'LDC' },
    provider: 'credit',
    source: 'query',
  });

  it('counts one payment once over two processes and any number of tellers', async () => {
    const { payment } = await shop.topUp('20.00');
    const money = await collected(payment.id);
    const other = shop.otherProcess();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        settleAttempt(index % 2 === 0 ? shop.context : other.context, money),
      ),
    );
    await other.close();
    expect(results.filter((result) => result === 'settled')).toHaveLength(1);
    expect(results.filter((result) => result === 'repeated')).toHaveLength(49);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('parks the money of a second attempt for an invoice that is paid', async () => {
    const { invoice, payment } = await shop.topUp('20.00');
    const second = await inTransaction(shop.context, (transaction) =>
      openAttempt(shop.context, transaction, {
        organizationId: shop.organizationId,
        invoiceId: invoice.id,
        amount: { minor: 2000n, currency: 'USD' },
        provider: 'credit',
        title: 'Wallet top-up',
        returnUrl: undefined,
        expiresAt: new Date(invoice.due_at),
      }),
    );
    const other = shop.otherProcess();
    const results = await Promise.all([
      settleAttempt(shop.context, await collected(payment.id)),
      settleAttempt(other.context, await collected(second)),
    ]);
    await other.close();
    expect(results).toEqual(['settled', 'settled']);
    expect(await unapplied()).toEqual([
      { organization: shop.organizationId, reason: 'duplicate', amount: '2000 USD' },
    ]);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00', 'unapplied USD': '20.00' });
  });

  it('parks a second piece of money for the same attempt', async () => {
    const { payment } = await shop.topUp('20.00');
    const money = await collected(payment.id);
    expect(await settleAttempt(shop.context, money)).toBe('settled');
    const again = { ...money, providerTransaction: 'another' };
    expect(await settleAttempt(shop.context, again)).toBe('parked');
    expect(await settleAttempt(shop.context, again)).toBe('repeated');
    expect(await unapplied()).toMatchObject([{ reason: 'duplicate', amount: '14400 LDC' }]);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00', 'unapplied LDC': '144.00' });
  });

  it('settles one of two pieces of money that come for an attempt at the same time', async () => {
    for (let time = 0; time < 5; time += 1) {
      const { payment } = await shop.topUp('1.00');
      const money = { ...(await collected(payment.id)), amount: { minor: 720n, currency: 'LDC' } };
      const again = { ...money, providerTransaction: `another ${time}` };
      const other = shop.otherProcess();
      const results = await Promise.all([
        settleAttempt(shop.context, money),
        settleAttempt(other.context, again),
      ]);
      await other.close();
      expect(results.sort()).toEqual(['parked', 'settled']);
    }
    expect(await books()).toMatchObject({ 'wallet USD': '5.00', 'unapplied LDC': '36.00' });
  });

  it('never waits in a circle with an operator who pays the same invoice', async () => {
    const attempts = 12;
    const outcomes: string[] = [];
    for (let time = 0; time < attempts; time += 1) {
      const { invoice, payment } = await shop.topUp('20.00');
      const [settled, recorded] = await Promise.allSettled([
        settleAttempt(shop.context, await collected(payment.id)),
        recordManualPayment(shop.context, {
          organizationId: shop.organizationId,
          amount: '20.00',
          currency: 'USD',
          invoiceId: invoice.id,
          note: 'Bank transfer',
        }),
      ]);
      expect(settled).toMatchObject({ status: 'fulfilled', value: 'settled' });
      if (recorded.status === 'rejected') expect(recorded.reason.code).toBe('invalid_state');
      outcomes.push(recorded.status);
    }
    const byHand = outcomes.filter((status) => status === 'fulfilled').length;
    expect(await books()).toMatchObject({ 'wallet USD': `${attempts * 20}.00` });
    expect(await unapplied()).toHaveLength(byHand);
  });

  it.each(['failed', 'canceled'] as const)(
    'takes the money of an attempt that was held for %s, once, while its invoice is open',
    async (status) => {
      const { payment, invoice } = await shop.topUp('20.00');
      const attempt = await findAttempt(shop.db.database, payment.id);
      if (!attempt) throw new Error('it was opened');
      await failAttempt(shop.context, attempt, { status, code: 'insufficient_funds' });
      const money = await collected(payment.id);
      expect(await settleAttempt(shop.context, money)).toBe('settled');
      // What is heard of it afterwards changes nothing.
      await failAttempt(shop.context, attempt, { status, code: 'insufficient_funds' });
      expect(await settleAttempt(shop.context, money)).toBe('repeated');
      const { organizationId } = shop;
      expect(await getPayment(shop.context, { organizationId, id: payment.id })).toMatchObject({
        ...{ status: 'succeeded', decline_code: null },
      });
      expect(await getInvoice(shop.context, { organizationId, id: invoice.id })).toMatchObject({
        status: 'paid',
      });
      expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    },
  );

  it('parks money that comes after the invoice became void, and never drops it', async () => {
    const { payment } = await shop.topUp('20.00');
    shop.platform.clocks.advanceBusiness('P4D');
    await judgeOverdueInvoices(shop.context);
    const number = await shop.numberOf(payment.id);
    await shop.steer(number, { before_redirect: true });
    await shop.visit(payment.next);
    expect(await unapplied()).toEqual([
      { organization: shop.organizationId, reason: 'late', amount: '2000 USD' },
    ]);
    expect(await books()).toMatchObject({ 'unapplied USD': '20.00' });
    expect(await books()).not.toHaveProperty('wallet USD');
  });

  it('says late by the clock, whether or not the invoice was swept yet', async () => {
    const { payment } = await shop.topUp('20.00');
    shop.platform.clocks.advanceBusiness('P3D');
    await settleAttempt(shop.context, await collected(payment.id));
    expect(await unapplied()).toMatchObject([{ reason: 'late' }]);
  });

  it.each<[string, Partial<SettleCommand>]>([
    ['an order that nobody made', { number: 'a'.repeat(24) }],
    ['another provider', { provider: 'manual' }],
    ['another merchant', { merchant: '10510' }],
  ])('parks the money of %s with no organization', async (_what, change) => {
    const { payment } = await shop.topUp('20.00');
    const money = { ...(await collected(payment.id)), ...change };
    expect(await settleAttempt(shop.context, money)).toBe('parked');
    expect(await unapplied()).toEqual([
      { organization: null, reason: 'unknown_order', amount: '14400 LDC' },
    ]);
    expect(await books()).toEqual({});
  });

  it.each([
    { minor: 14399n, currency: 'LDC' },
    { minor: 14400n, currency: 'CNY' },
  ])('parks %o for an order of 144.00 LDC', async (amount) => {
    const { payment } = await shop.topUp('20.00');
    const money = { ...(await collected(payment.id)), amount };
    expect(await settleAttempt(shop.context, money)).toBe('parked');
    expect(await unapplied()).toMatchObject([{ reason: 'amount_mismatch' }]);
    // The true amount may still come.
    const truth = { ...(await collected(payment.id)), providerTransaction: 'the true one' };
    expect(await settleAttempt(shop.context, truth)).toBe('settled');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('does not let one transaction of the provider pay two orders, and says so aloud', async () => {
    const first = await collected((await shop.topUp('20.00')).payment.id);
    const second = await collected((await shop.topUp('20.00')).payment.id);
    const { providerTransaction } = first;
    expect(await settleAttempt(shop.context, first)).toBe('settled');
    const claimed = settleAttempt(shop.context, { ...second, providerTransaction });
    expect(await claimed).toBe('contradictory');
    expect(shop.logged).toContainEqual(
      expect.objectContaining({ level: 50, orders: [first.number, second.number] }),
    );
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('leaves nothing behind when it fails half way, and settles when told again', async () => {
    const { payment } = await shop.topUp('20.00');
    const money = await collected(payment.id);
    const failing = {
      ...shop.context,
      events: {
        ...shop.context.events,
        announce: async () => {
          throw new Error('the power failed');
        },
      },
    };
    await expect(settleAttempt(failing, money)).rejects.toThrow('the power failed');
    expect(await books()).toEqual({});
    expect(await settleAttempt(shop.context, money)).toBe('settled');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });
});

describe('getPayment', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
    shop = await openShop(sandbox);
  });
  afterAll(async () => {
    await shop.close();
    await sandbox.close();
  });

  it('asks the provider, so that the page turns where no notification comes; a later one counts nothing', async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    await shop.steer(number, { notify: 'none' });
    await shop.visit(payment.next);
    const { organizationId, context } = shop;
    expect(await getPayment(context, { organizationId, id: payment.id })).toMatchObject({
      status: 'succeeded',
      next: { type: 'none' },
    });
    await shop.steer(number, { notify: 'GET', before_redirect: true, outcome: 'paid' });
    expect(await readBooks(shop.db.database)).toMatchObject({ 'wallet USD': '20.00' });
    expect(await readUnapplied(shop.db.database)).toEqual([]);
  });

  it('makes up for a start whose outcome was lost', async () => {
    const { payment } = await shop.topUp('20.00');
    await shop.db.database
      .withTables<{ payments_attempts: { id: string; next: unknown } }>()
      .updateTable('payments_attempts')
      .set({ next: { type: 'none' } })
      .where('id', '=', payment.id)
      .execute();
    const { organizationId, context } = shop;
    const seen = await getPayment(context, { organizationId, id: payment.id });
    expect(seen.next).toEqual(payment.next);
  });

  it('says nothing of another organization’s payment', async () => {
    const { payment } = await shop.topUp('20.00');
    const asked = getPayment(shop.context, { organizationId: 'org_other', id: payment.id });
    await expect(asked).rejects.toMatchObject({ code: 'not_found' });
  });
});
