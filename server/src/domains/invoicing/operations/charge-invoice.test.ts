import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { holdPayments, updateProvider } from '../../payments/index.ts';
import { pollAttempts } from '../../payments/operations/poll-attempts.ts';
import { searchPayments } from '../../payments/operations/read-payments.ts';
import { removeMethod } from '../../payments/operations/remove-method.ts';
import { type CardTill, openCardTill } from '../../payments/testing/card-till.ts';
import { atOnce } from '../testing/at-once.ts';
import { readBooks } from '../testing/books.ts';
import { type Desk, openDesk } from '../testing/desk.ts';
import { collectInvoice } from './collect-invoice.ts';
import { judgeOverdueInvoices } from './judge-overdue-invoices.ts';
import { payInvoice } from './pay-invoice.ts';

describe('collectInvoice from a stored method', () => {
  let sandbox: Sandbox;
  let desk: Desk;
  let till: CardTill;
  let organizationId: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
    desk = await openDesk();
  });
  beforeEach(async () => {
    desk.platform.clocks.set(new Date());
    till = await openCardTill(desk.context, sandbox);
    organizationId = await desk.newCustomer();
  });
  afterEach(() => till.steer(undefined, { notify: 'none' }));
  afterAll(async () => {
    await desk.close();
    await sandbox.close();
  });

  const collect = (invoiceId: string, methodId: string, context: Context = desk.context) =>
    collectInvoice(context, { invoiceId, mayUseWallet: false, methodId });
  const store = (card?: string) => till.storeCard(desk.context, organizationId, card);
  const paymentsOf = async (invoiceId: string) => {
    const page = { organization: organizationId, limit: 50 };
    const { data } = await searchPayments(desk.context, page);
    return data.filter(({ invoice }) => invoice === invoiceId);
  };
  const books = () => readBooks(desk.db.database, organizationId);
  const pass = async (duration: string) => {
    desk.platform.clocks.advance(duration);
    await pollAttempts(desk.context);
  };

  it('pays, once, and mails nothing', async () => {
    const { id: methodId } = await store();
    const { id } = await desk.issue(organizationId, 2_000n);
    expect(await collect(id, methodId)).toBe('paid');
    expect(await collect(id, methodId)).toBe('paid');
    expect(await paymentsOf(id)).toMatchObject([
      { status: 'succeeded', payment_method: methodId, provider: 'stripe', amount: '25.00' },
    ]);
    expect(await books()).toMatchObject({ 'clearing:stripe USD': '-25.00' });
    expect(await desk.mailsTo(organizationId)).toEqual([]);
  });

  it('asks by mail when it is declined, once, and says why', async () => {
    const { id: methodId } = await store();
    await till.steer(undefined, { charge: 'decline:insufficient_funds', notify: 'none' });
    const { id } = await desk.issue(organizationId, 2_000n);
    expect(await collect(id, methodId)).toBe('asked');
    expect(await collect(id, methodId)).toBe('asked');
    expect(await paymentsOf(id)).toMatchObject([
      { status: 'failed', decline_code: 'insufficient_funds' },
    ]);
    const mails = await desk.mailsTo(organizationId);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('there is not enough money behind it');
    expect(mails[0]?.text).toContain('/pay/');
  });

  it('charges again after an hour, and not sooner', async () => {
    const { id: methodId } = await store();
    await till.steer(undefined, { charge: 'decline:insufficient_funds', notify: 'none' });
    const { id } = await desk.issue(organizationId, 2_000n);
    await collect(id, methodId);
    await till.steer(undefined, { notify: 'none' });
    desk.platform.clocks.advance('PT59M');
    expect(await collect(id, methodId)).toBe('asked');
    desk.platform.clocks.advance('PT1M');
    expect(await collect(id, methodId)).toBe('paid');
    expect(await desk.mailsTo(organizationId)).toHaveLength(1);
  });

  it('never charges under another number while an answer is missing', async () => {
    const { id: methodId } = await store();
    const { id } = await desk.issue(organizationId, 2_000n);
    await till.steer(undefined, { answers: 'lost', notify: 'none' });
    expect(await collect(id, methodId)).toBe('under_way');
    expect(await collect(id, methodId)).toBe('under_way');
    expect(await paymentsOf(id)).toMatchObject([{ status: 'pending' }]);
    await till.steer(undefined, { notify: 'none' });
    await pass('PT1M');
    await pass('PT1M');
    const [payment, ...others] = await paymentsOf(id);
    expect(others).toEqual([]);
    expect(payment).toMatchObject({ status: 'succeeded' });
    expect(await till.paidOrders()).toContain(payment?.number);
    expect(await books()).toMatchObject({ 'clearing:stripe USD': '-25.00' });
    expect(await collect(id, methodId)).toBe('paid');
  });

  it('makes up for a charge that never reached the provider, under its own number', async () => {
    const { id: methodId } = await store();
    const { id } = await desk.issue(organizationId, 2_000n);
    await till.steer(undefined, { answers: 'down', notify: 'none' });
    expect(await collect(id, methodId)).toBe('under_way');
    const [before] = await paymentsOf(id);
    expect(await till.order(before?.number ?? '')).toBeUndefined();
    await till.steer(undefined, { notify: 'none' });
    await pass('PT1M');
    await pass('PT2M');
    expect(await paymentsOf(id)).toMatchObject([{ id: before?.id, status: 'succeeded' }]);
  });

  it('tells of a decline that is heard later, by the poll', async () => {
    const { id: methodId } = await store();
    const { id } = await desk.issue(organizationId, 2_000n);
    await till.steer(undefined, { answers: 'down', notify: 'none' });
    expect(await collect(id, methodId)).toBe('under_way');
    expect(await desk.mailsTo(organizationId)).toEqual([]);
    await till.steer(undefined, { charge: 'decline:expired_card', notify: 'none' });
    await pass('PT1M');
    await pass('PT2M');
    const mails = await desk.mailsTo(organizationId);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain('it has expired');
  });

  it.each([
    ['arrives', 'paid', 'succeeded', 'paid', 0],
    ['comes back', 'returned', 'failed', 'open', 1],
  ] as const)(
    'waits for a bank debit that takes its days and %s',
    async (_what, outcome, payment, invoice, mails) => {
      const { id: methodId } = await store();
      await till.steer(undefined, { charge: 'processing', notify: 'none' });
      const { id } = await desk.issue(organizationId, 2_000n);
      expect(await collect(id, methodId)).toBe('under_way');
      await pass('P2D');
      expect(await collect(id, methodId)).toBe('under_way');
      const [attempt] = await paymentsOf(id);
      expect(attempt).toMatchObject({ status: 'pending', processing: true });
      await till.steer(attempt?.number, { outcome });
      await pass('PT1H');
      expect(await paymentsOf(id)).toMatchObject([{ status: payment, processing: false }]);
      expect((await desk.read(id)).status).toBe(invoice);
      expect(await desk.mailsTo(organizationId)).toHaveLength(mails);
    },
  );

  it('charges once, however many processes collect at once', async () => {
    const { id: methodId } = await store();
    const { id } = await desk.issue(organizationId, 2_000n);
    const other = desk.otherProcess();
    const contexts = [desk.context, other.context, desk.context, other.context, other.context];
    const collected = await Promise.all(contexts.map((context) => collect(id, methodId, context)));
    await other.close();
    expect(collected).toContain('paid');
    for (const one of collected) expect(['paid', 'under_way']).toContain(one);
    expect(await paymentsOf(id)).toHaveLength(1);
    expect(await books()).toMatchObject({ 'clearing:stripe USD': '-25.00' });
  });

  it('asks where the method is removed, or the provider is off', async () => {
    const { id: methodId } = await store();
    const off = await desk.issue(organizationId, 2_000n);
    await updateProvider(desk.context, { provider: 'stripe', enabled: false });
    expect(await collect(off.id, methodId)).toBe('asked');
    await updateProvider(desk.context, { provider: 'stripe', enabled: true });
    await removeMethod(desk.context, { organizationId, id: methodId });
    const { id } = await desk.issue(organizationId, 2_000n);
    expect(await collect(id, methodId)).toBe('asked');
    expect(await paymentsOf(id)).toEqual([]);
    const [, last] = await desk.mailsTo(organizationId);
    expect(last?.text).toContain('it cannot be used any more');
  });

  it('asks while payments are on hold, and charges once they are not', async () => {
    const { id: methodId } = await store();
    const { id } = await desk.issue(organizationId, 2_000n);
    const hold = (isHeld: boolean) =>
      inTransaction(desk.context, (transaction) =>
        holdPayments(desk.context, transaction, { organizationId, isHeld }),
      );
    await hold(true);
    expect(await collect(id, methodId)).toBe('asked');
    expect(await paymentsOf(id)).toEqual([]);
    await expect(store()).rejects.toMatchObject({ code: 'payments_on_hold' });
    await hold(false);
    expect(await collect(id, methodId)).toBe('paid');
  });

  it('charges nobody else’s method', async () => {
    const { id: methodId } = await store();
    const stranger = await desk.newCustomer();
    const { id } = await desk.issue(stranger, 2_000n);
    expect(await collect(id, methodId)).toBe('asked');
    expect(await till.paidOrders()).not.toContain(id);
    expect(await readBooks(desk.db.database, stranger)).not.toHaveProperty('clearing:stripe USD');
  });

  describe('beside a page that the payer opened', () => {
    const openPage = (invoiceId: string, means = 'card', context = desk.context) =>
      payInvoice(context, {
        ...{ organizationId, invoiceId, provider: 'stripe', means, returnUrl: undefined },
      });

    it('closes the page first', async () => {
      const { id: methodId } = await store();
      const { id } = await desk.issue(organizationId, 2_000n);
      const page = await openPage(id);
      expect(await collect(id, methodId)).toBe('paid');
      const [, opened] = await paymentsOf(id);
      expect(opened).toMatchObject({ id: page.payment.id, status: 'canceled' });
      await expect(till.steer(opened?.number, { outcome: 'paid' })).rejects.toThrow('closed');
    });

    it('leaves none open that was asked for at that moment, whichever comes first', async () => {
      const { id: methodId } = await store();
      const other = desk.otherProcess();
      for (const isPageFirst of [true, false]) {
        const { id } = await desk.issue(organizationId, 2_000n);
        const page = () => openPage(id, 'card', other.context);
        const charge = () => collect(id, methodId);
        await atOnce(desk.db, id, isPageFirst ? [page, charge] : [charge, page]);
        expect((await desk.read(id)).status).toBe('paid');
        const payments = await paymentsOf(id);
        expect(payments.filter(({ status }) => status === 'succeeded')).toHaveLength(1);
        expect(payments.filter(({ next }) => next.type !== 'none')).toEqual([]);
      }
      await other.close();
    });

    it('charges nothing where the page was paid meanwhile', async () => {
      const { id: methodId } = await store();
      const { id } = await desk.issue(organizationId, 2_000n);
      await openPage(id);
      const [opened] = await paymentsOf(id);
      await till.steer(opened?.number, { outcome: 'paid' });
      expect(await collect(id, methodId)).toBe('paid');
      expect(await paymentsOf(id)).toHaveLength(1);
    });

    it('answers the payment that has paid, instead of a new one', async () => {
      const { id } = await desk.issue(organizationId, 2_000n);
      const first = await openPage(id);
      const [opened] = await paymentsOf(id);
      await till.steer(opened?.number, { outcome: 'paid' });
      const second = await openPage(id);
      expect(second.payment).toMatchObject({ id: first.payment.id, status: 'succeeded' });
      expect(second.invoice).toMatchObject({ status: 'paid' });
    });

    it('refuses another payment while one is under way', async () => {
      const { id } = await desk.issue(organizationId, 2_000n);
      await openPage(id, 'us_bank_account');
      const [opened] = await paymentsOf(id);
      await till.steer(opened?.number, { outcome: 'processing' });
      await expect(openPage(id)).rejects.toMatchObject({ code: 'invalid_state' });
      // What is under way when a purchase's term ends still pays it.
      await judgeOverdueInvoices(desk.context);
      expect((await desk.read(id)).status).toBe('open');
    });
  });
});
