import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { issueTopUp } from '../../invoicing/index.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readAttempt } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { findAttempt } from '../store.ts';
import { loadProvider } from './load-provider.ts';
import { openAttempt } from './open-attempt.ts';
import { pollAttempts } from './poll-attempts.ts';
import { getPayment } from './read-payments.ts';
import { updateProvider } from './update-provider.ts';

describe('pollAttempts', () => {
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
  const attempt = (id: string) => readAttempt(shop.db.database, id);

  it('finds money that no notification told of', async () => {
    const { payment } = await shop.topUp('20.00');
    await shop.steer(await shop.numberOf(payment.id), { notify: 'none' });
    await shop.visit(payment.next);
    expect(await pollAttempts(shop.context)).toBe(0);
    shop.platform.clocks.advance('PT1M');
    expect(await pollAttempts(shop.context)).toBe(1);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    shop.platform.clocks.advance('P1D');
    expect(await pollAttempts(shop.context)).toBe(0);
  });

  it('settles by query where the gateway signs its notifications wrongly', async () => {
    const { payment } = await shop.topUp('20.00');
    await shop.steer(await shop.numberOf(payment.id), {
      notify: 'POST',
      pid: '10510',
      sign: 'bad',
      before_redirect: true,
    });
    await shop.visit(payment.next);
    expect(await books()).toEqual({});
    shop.platform.clocks.advance('PT1M');
    await pollAttempts(shop.context);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('finds the money of an attempt whose start was never written down', async () => {
    const { context, organizationId } = shop;
    const total = { minor: 2000n, currency: 'USD' };
    const id = await inTransaction(context, async (transaction) => {
      const invoice = await issueTopUp(context, transaction, { organizationId, amount: total });
      return openAttempt(context, transaction, {
        organizationId,
        invoiceId: invoice.id,
        amount: total,
        provider: 'credit',
        title: 'Wallet top-up',
        returnUrl: undefined,
        expiresAt: invoice.dueAt,
      });
    });
    // The process dies between the provider's answer and our note of it; the payer pays all the same.
    const opened = await findAttempt(context.database, id);
    const loaded = await loadProvider(context, context.database, 'credit');
    const started = await loaded?.connection?.start({
      number: opened?.number ?? '',
      title: 'Wallet top-up',
      charged: { minor: 14400n, currency: 'LDC' },
      notifyUrl: 'http://127.0.0.1:1/dead',
      returnUrl: shop.publicUrl,
      ...{ means: null, expiresAt: null, savesMethod: false },
      payer: {
        organizationId,
        ...{ email: null, customer: null, locale: 'en', address: null },
      },
    });
    await shop.steer(opened?.number ?? '', { notify: 'none' });
    if (started?.status === 'pending' && started.next.type === 'redirect') {
      await shop.visit(started.next);
    }
    expect(await attempt(id)).toMatchObject({ status: 'pending' });
    shop.platform.clocks.advance('PT1M');
    await pollAttempts(context);
    expect(await attempt(id)).toMatchObject({ status: 'succeeded' });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('asks ever more rarely, and cancels at the end of the term', async () => {
    const { payment } = await shop.topUp('20.00');
    const queriesAfterHours: number[] = [];
    for (let hour = 1; hour <= 3; hour += 1) {
      for (let minute = 0; minute < 60; minute += 1) {
        shop.platform.clocks.advance('PT1M');
        await pollAttempts(shop.context);
      }
      queriesAfterHours.push((await attempt(payment.id)).queries);
    }
    expect(queriesAfterHours).toEqual([6, 7, 8]);
    expect(await attempt(payment.id)).toMatchObject({ status: 'pending' });
    shop.platform.clocks.advance('P3D');
    await pollAttempts(shop.context);
    expect(await attempt(payment.id)).toMatchObject({ status: 'canceled' });
  });

  it('cancels at the end of the term by business time, whatever the wall clock says', async () => {
    const { payment } = await shop.topUp('20.00');
    shop.platform.clocks.advanceBusiness('P3D');
    await pollAttempts(shop.context);
    const { organizationId, context } = shop;
    expect(await getPayment(context, { organizationId, id: payment.id })).toMatchObject({
      status: 'canceled',
      next: { type: 'none' },
    });
  });

  it('does not take silence for failure', async () => {
    const { payment } = await shop.topUp('20.00');
    await shop.steer(await shop.numberOf(payment.id), { notify: 'none' });
    await shop.visit(payment.next);
    const gateway = (gateway_url: string) =>
      updateProvider(shop.context, { provider: 'credit', settings: { gateway_url } });
    await gateway('http://127.0.0.1:1/epay');
    shop.platform.clocks.advance('PT1M');
    await pollAttempts(shop.context);
    expect(await attempt(payment.id)).toMatchObject({ status: 'pending' });
    shop.platform.clocks.advance('P4D');
    await pollAttempts(shop.context);
    expect(await attempt(payment.id)).toMatchObject({ status: 'unknown' });
    await gateway(shop.gatewayUrl);
    shop.platform.clocks.advance('PT2H');
    await pollAttempts(shop.context);
    expect(await attempt(payment.id)).toMatchObject({ status: 'succeeded' });
    expect(await books()).toMatchObject({ 'unapplied USD': '20.00' });
  });

  it('asks about each attempt once, however many processes poll', async () => {
    for (let index = 0; index < 10; index += 1) await shop.topUp('1.00');
    shop.platform.clocks.advance('PT1M');
    const other = shop.otherProcess();
    const [ours, theirs] = await Promise.all([
      pollAttempts(shop.context),
      pollAttempts(other.context),
    ]);
    await other.close();
    expect(ours + theirs).toBe(10);
  });
});
