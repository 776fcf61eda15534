import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { verifyLedger } from '../../access/index.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import type { RefundNews } from '../provider.ts';
import { paidTopUp, spend } from '../testing/till.ts';
import { loadProvider } from './load-provider.ts';
import { inspectPayment } from './read-refunds.ts';
import { refundPayment } from './refund-payment.ts';
import { takeRefundNews } from './take-refund-news.ts';

describe('takeRefundNews', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox);
  });
  afterEach(async () => {
    expect((await verifyLedger(shop.platform)).problems).toEqual([]);
    await shop.close();
  });

  const books = () => readBooks(shop.db.database);
  /** Credit tells nothing of refunds: these are the words of a provider that does. */
  const take = async (news: RefundNews, context = shop.context) => {
    const loaded = await loadProvider(context, context.database, 'credit');
    if (!loaded?.connection) throw new Error('Credit is set up');
    const connection = { ...loaded.connection, confirmByQuery: false };
    return takeRefundNews(context, { provider: 'credit', connection }, news);
  };
  const newsOf = (number: string, changes: Partial<RefundNews> = {}): RefundNews => ({
    ...{ number: null, reference: 're_outside', status: 'succeeded' },
    payment: { number, providerTransaction: null },
    amount: { minor: 14_400n, currency: 'LDC' },
    ...changes,
  });
  const refundsOf = async (paymentId: string) =>
    (await inspectPayment(shop.context, paymentId)).refunds;

  it('books a refund once that was made at the provider, and raises an alarm', async () => {
    const { id, number } = await paidTopUp(shop);
    const other = shop.otherProcess();
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        take(newsOf(number), index % 2 ? shop.context : other.context),
      ),
    );
    await other.close();
    expect(taken.filter(({ outcome }) => outcome === 'settled')).toHaveLength(1);
    expect(taken.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(9);
    expect(await books()).toEqual({});
    expect(await refundsOf(id)).toMatchObject([
      { origin: 'provider', amount: '20.00', reference: 're_outside', requested_by: null },
    ]);
    expect(shop.logged).toContainEqual(
      expect.objectContaining({ level: 50, reference: 're_outside', amount: '144.00' }),
    );
  });

  it('lets the customer owe what was spent of it', async () => {
    const { number } = await paidTopUp(shop);
    await spend(shop, 20_000_000_000n);
    await take(newsOf(number, { amount: { minor: 7200n, currency: 'LDC' } }));
    expect(await books()).toMatchObject({ 'receivable USD': '-10.00' });
  });

  it('books parts of uneven rates such that all of them are the whole', async () => {
    const { id, number } = await paidTopUp(shop, '0.10');
    for (const [index, minor] of [23n, 25n, 24n].entries()) {
      const reference = `re_${index}`;
      await take(newsOf(number, { reference, amount: { minor, currency: 'LDC' } }));
    }
    expect(await books()).toEqual({});
    expect((await refundsOf(id)).map(({ amount }) => amount).sort()).toEqual([
      '0.03',
      '0.03',
      '0.04',
    ]);
  });

  it('does not book what would be more than was collected, and says so aloud', async () => {
    const { id, number } = await paidTopUp(shop);
    const amount = { minor: 14_401n, currency: 'LDC' };
    expect(await take(newsOf(number, { amount }))).toMatchObject({ outcome: 'unconfirmed' });
    expect(await refundsOf(id)).toEqual([]);
    expect(shop.logged.some(({ level, reference }) => level === 50 && reference)).toBe(true);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('takes news without our number for the refund of ours that it may be', async () => {
    const { id, number } = await paidTopUp(shop);
    await shop.steer(number, { refund: 'lost', query: 'down' });
    const command = { paymentId: id, amount: undefined, destination: 'provider' as const };
    await refundPayment(shop.context, { ...command, reason: 'Asked for', leavesDebt: false });
    // It cannot be asked now, so nothing is booked a second time.
    const reference = (await inspectPayment(shop.context, id)).provider_transaction ?? '';
    expect(await take(newsOf(number, { reference }))).toMatchObject({ outcome: 'unconfirmed' });
    await shop.steer(number, {});
    expect(await take(newsOf(number, { reference }))).toMatchObject({ outcome: 'repeated' });
    expect(await refundsOf(id)).toMatchObject([{ origin: 'operator', status: 'succeeded' }]);
    expect(await books()).toEqual({});
  });

  it('moves only forward, in whatever order it hears of a refund', async () => {
    const statuses = ['pending', 'succeeded', 'failed'] as const;
    for (const order of permutations(statuses)) {
      const { id, number } = await paidTopUp(shop);
      await shop.steer(number, { refund: 'lost', query: 'down' });
      const command = { paymentId: id, amount: undefined, destination: 'provider' as const };
      const { number: ours } = await refundPayment(shop.context, {
        ...{ ...command, reason: 'Asked for', leavesDebt: true },
      });
      for (const status of [...order, ...order]) {
        await take(newsOf(number, { number: ours, reference: `re_${ours}`, status }));
      }
      // What bounced in the end is the customer's again.
      expect((await refundsOf(id)).map(({ status }) => status)).toEqual(['failed']);
    }
    expect(await books()).toMatchObject({ 'wallet USD': '120.00' });
    expect(await books()).not.toHaveProperty('refunds USD');
  });

  it.each<[string, Partial<RefundNews>, string]>([
    [
      'a payment that nobody made',
      { payment: { number: 'x', providerTransaction: 'y' } },
      'unconfirmed',
    ],
    ['a refund that failed', { status: 'failed' }, 'ignored'],
    ['another currency', { amount: { minor: 1n, currency: 'USD' } }, 'unconfirmed'],
    ['no amount', { amount: { minor: 0n, currency: 'LDC' } }, 'unconfirmed'],
  ])('books nothing of %s', async (_what, changes, outcome) => {
    const { number } = await paidTopUp(shop);
    expect(await take(newsOf(number, changes))).toMatchObject({ outcome });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('does not finish a refund of ours by another amount', async () => {
    const { id, number } = await paidTopUp(shop);
    await shop.steer(number, { refund: 'lost', query: 'down' });
    const { number: ours } = await refundPayment(shop.context, {
      ...{ paymentId: id, amount: undefined, destination: 'provider' },
      ...{ reason: 'Asked for', leavesDebt: false },
    });
    const amount = { minor: 100n, currency: 'LDC' };
    const news = newsOf(number, { number: ours, reference: 're_1', amount });
    expect(await take(news)).toMatchObject({ outcome: 'dead' });
    expect(await books()).toMatchObject({ 'refunds USD': '20.00' });
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
