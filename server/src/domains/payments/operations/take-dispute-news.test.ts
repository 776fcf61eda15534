import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { formatMinor } from '../../../platform/money.ts';
import { verifyLedger } from '../../access/index.ts';
import { listCreditNoteRows } from '../../invoicing/credit-notes-store.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import type { DisputeStatus } from '../core/dispute.ts';
import type { Connection, DisputeNews } from '../provider.ts';
import { paidInvoice, paidTopUp, spend } from '../testing/till.ts';
import { countUnapplied } from '../totals-store.ts';
import { resolveDispute } from './bear-dispute.ts';
import { loadProvider } from './load-provider.ts';
import { inspectPayment, searchDisputes } from './read-refunds.ts';
import { refundPayment } from './refund-payment.ts';
import { keepDispute, takeDisputeNews } from './take-dispute-news.ts';

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
const page = { limit: 50, cursor: undefined };
const disputes = async () => (await searchDisputes(shop.context, page)).data;
const newsOf = (
  number: string,
  status: DisputeStatus,
  isWithdrawn: boolean,
  changes: Partial<DisputeNews> = {},
): DisputeNews => ({
  ...{ reference: `dp_${number}`, status, isWithdrawn, reason: 'fraudulent' },
  payment: { number, providerTransaction: null },
  amount: { minor: 14_400n, currency: 'LDC' },
  respondBy: status === 'needs_response' ? new Date('2026-03-20T00:00:00Z') : null,
  ...changes,
});
/** Credit has no disputes: these are the words of a provider that has. */
const take = async (news: DisputeNews, changes: Partial<Connection> = {}, at = shop) => {
  const loaded = await loadProvider(at.context, at.context.database, 'credit');
  if (!loaded?.connection) throw new Error('Credit is set up');
  const connection = { ...loaded.connection, confirmByQuery: false, ...changes };
  return takeDisputeNews(at.context, { provider: 'credit', connection }, news);
};
const theDispute = async () => {
  const [dispute] = await disputes();
  if (!dispute) throw new Error('nothing is disputed');
  return dispute;
};

describe('takeDisputeNews', () => {
  it('moves the money out while it is withdrawn, and back when it was won', async () => {
    const { id, number } = await paidTopUp(shop);
    await take(newsOf(number, 'needs_response', false));
    expect(await books()).not.toHaveProperty('disputes LDC');
    await take(newsOf(number, 'needs_response', true));
    expect(await books()).toMatchObject({ 'disputes LDC': '-144.00', 'wallet USD': '20.00' });
    expect(await books()).not.toHaveProperty('clearing:credit LDC');
    expect(await theDispute()).toMatchObject({
      ...{ payment: id, amount: '144.00', status: 'needs_response', withdrawn: true },
      respond_by: '2026-03-20T00:00:00.000Z',
    });
    await take(newsOf(number, 'won', false));
    expect(await books()).toMatchObject({ 'clearing:credit LDC': '-144.00' });
    expect(await books()).not.toHaveProperty('disputes LDC');
    expect(shop.logged.some(({ level, respond_by }) => level === 50 && respond_by)).toBe(true);
  });

  it('ends the same whatever is heard first, and however often, over two processes', async () => {
    const life = (number: string, end: 'won' | 'lost') => [
      newsOf(number, 'needs_response', false),
      newsOf(number, 'needs_response', true),
      newsOf(number, 'under_review', true),
      newsOf(number, end, true),
      newsOf(number, end, end === 'lost'),
    ];
    const other = { ...shop, ...shop.otherProcess() };
    const order = fc.shuffledSubarray([...Array(15).keys()], { minLength: 15 });
    let paid = 0n;
    let lost = 0n;
    const tellAll = async (end: 'won' | 'lost', places: number[]) => {
      const { number } = await paidTopUp(shop, '1.00');
      const amount = { minor: 720n, currency: 'LDC' };
      const news = life(number, end).map((one) => ({ ...one, amount }));
      const told = places
        .map((place) => news[place % news.length])
        .filter((one) => one !== undefined);
      for (let at = 0; at < told.length; at += 3) {
        const some = told.slice(at, at + 3);
        await Promise.all(some.map((one, index) => take(one, {}, index % 2 ? other : shop)));
      }
      paid += 100n;
      if (end === 'lost') lost += 720n;
      const { 'disputes LDC': gone = '0.00', 'wallet USD': wallet } = await books();
      expect(gone).toBe(formatMinor({ minor: -lost, currency: 'LDC' }));
      expect(wallet).toBe(formatMinor({ minor: paid, currency: 'USD' }));
    };
    const end = fc.constantFrom('won' as const, 'lost' as const);
    await fc.assert(fc.asyncProperty(end, order, tellAll), { numRuns: 8, endOnFailure: true });
    await other.close();
  }, 60_000);

  it('asks the provider where it can, and believes only what it answers', async () => {
    const { number } = await paidTopUp(shop);
    const claimed = newsOf(number, 'lost', true);
    const answers = (status: 'absent' | 'unknown') => ({
      confirmByQuery: true,
      findDispute: async () => ({ status }),
    });
    for (const status of ['absent', 'unknown'] as const) {
      expect(await take(claimed, answers(status))).toMatchObject({ outcome: 'unconfirmed' });
    }
    expect(await disputes()).toEqual([]);
    const truth = newsOf(number, 'under_review', true);
    const findDispute = async () => ({ status: 'found' as const, dispute: truth });
    await take(claimed, { confirmByQuery: true, findDispute });
    expect(await theDispute()).toMatchObject({ status: 'under_review' });
  });

  it('keeps nothing of a dispute in another currency', async () => {
    const { number } = await paidTopUp(shop);
    const news = newsOf(number, 'lost', true, { amount: { minor: 2000n, currency: 'USD' } });
    expect(await take(news)).toMatchObject({ outcome: 'dead' });
    expect(await disputes()).toEqual([]);
  });

  it('keeps a dispute over a payment that it hears of only later', async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    await take(newsOf(number, 'needs_response', true));
    expect(await theDispute()).toMatchObject({ payment: null, organization: null });
    expect(await books()).toEqual({});
    await shop.steer(number, { before_redirect: true });
    await shop.visit(payment.next);
    await take(newsOf(number, 'needs_response', true));
    expect(await theDispute()).toMatchObject({ payment: payment.id });
    expect(await books()).toMatchObject({ 'disputes LDC': '-144.00' });
  });

  it('lets nothing be refunded that is disputed, nor anything twice at once', async () => {
    const { id, number } = await paidTopUp(shop);
    const refund = () =>
      refundPayment(shop.context, {
        ...{ paymentId: id, amount: undefined, destination: 'provider' },
        ...{ reason: 'Asked for', leavesDebt: false },
      });
    await take(newsOf(number, 'needs_response', false));
    await expect(refund()).rejects.toMatchObject({ code: 'invalid_state' });
    expect((await inspectPayment(shop.context, id)).refundable).toBeNull();
    await take(newsOf(number, 'won', false));
    expect(await refund()).toMatchObject({ status: 'succeeded' });
    expect(await books()).toEqual({});
  });
});

describe('resolveDispute', () => {
  const resolve = (id: string, borneBy: 'customer' | 'us') =>
    resolveDispute(shop.context, { id, borneBy, note: 'Talked to the customer' });

  it('takes from the wallet what was lost of a top-up, with a debt, once', async () => {
    const { number } = await paidTopUp(shop);
    await spend(shop, 12_000_000_000n);
    await take(newsOf(number, 'lost', true));
    const { id } = await theDispute();
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => resolve(id, 'customer')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await books()).toEqual({ 'receivable USD': '-12.00', 'revenue USD': '12.00' });
    expect(await theDispute()).toMatchObject({
      borne_by: 'customer',
      note: 'Talked to the customer',
    });
  });

  it('credits the invoice whose money was lost', async () => {
    const { invoiceId, paymentId } = await paidInvoice(shop);
    const { provider_transaction } = await inspectPayment(shop.context, paymentId);
    const news = newsOf('x', 'lost', true, {
      payment: { number: null, providerTransaction: provider_transaction },
      amount: { minor: 10_000n, currency: 'USD' },
    });
    const told = { provider: 'manual', merchant: 'manual', isAnswer: false };
    await keepDispute(shop.context, { ...told, news });
    await resolve((await theDispute()).id, 'customer');
    expect(await books()).toEqual({});
    const notes = await listCreditNoteRows(shop.db.database, { invoiceId, limit: 5 });
    expect(notes).toMatchObject([{ totalMinor: 10_000n, remainingMinor: 0n }]);
    // An appeal brings it back: the note stands, and its credit is the customer's.
    await keepDispute(shop.context, {
      ...told,
      news: { ...news, status: 'won', isWithdrawn: false },
    });
    expect(await books()).toEqual({
      'clearing:manual USD': '-100.00',
      'customer_credit USD': '100.00',
    });
    expect(await theDispute()).toMatchObject({ status: 'won', borne_by: null });
  });

  it('writes off what we bear, and takes it back when it was won after all', async () => {
    const { number } = await paidTopUp(shop);
    await take(newsOf(number, 'lost', true));
    const { id } = await theDispute();
    await resolve(id, 'us');
    expect(await books()).toMatchObject({ 'wallet USD': '20.00', 'write_off LDC': '-144.00' });
    expect(await books()).not.toHaveProperty('disputes LDC');
    await expect(resolve(id, 'customer')).rejects.toMatchObject({ code: 'invalid_state' });
    await take(newsOf(number, 'won', false));
    expect(await books()).toMatchObject({ 'clearing:credit LDC': '-144.00' });
    expect(await books()).not.toHaveProperty('write_off LDC');
    expect(await books()).not.toHaveProperty('disputes LDC');
  });

  it('takes what was lost of unapplied money, which waits again when it was won after all', async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    shop.platform.clocks.advanceBusiness('P4D');
    await shop.steer(number, { before_redirect: true });
    await shop.visit(payment.next);
    await take(newsOf(number, 'lost', true));
    await resolve((await theDispute()).id, 'customer');
    expect(await books()).toEqual({});
    expect(await countUnapplied(shop.db.database)).toBe(0n);
    await take(newsOf(number, 'won', false));
    expect(await books()).toMatchObject({ 'unapplied USD': '20.00' });
    expect(await countUnapplied(shop.db.database)).toBe(1n);
  });

  it('refuses what is not lost yet, and what nobody knows', async () => {
    const { number } = await paidTopUp(shop);
    await take(newsOf(number, 'under_review', true));
    const { id } = await theDispute();
    await expect(resolve(id, 'us')).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(resolve('dsp_none', 'us')).rejects.toMatchObject({ code: 'not_found' });
  });
});
