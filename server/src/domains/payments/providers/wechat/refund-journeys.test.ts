/** Refunds at WeChat Pay from the operator's click to the day's bill: under way first, told of later, or lost on the way. */
import { beforeEach, describe, expect, it } from 'vitest';
import { topUpWallet } from '../../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../../invoicing/testing/books.ts';
import type { Shop } from '../../../invoicing/testing/shop.ts';
import { createReconciliation } from '../../operations/create-reconciliation.ts';
import { getReconciliation } from '../../operations/read-reconciliations.ts';
import { inspectPayment } from '../../operations/read-refunds.ts';
import { refundPayment } from '../../operations/refund-payment.ts';
import { pollRefunds } from '../../operations/send-refund.ts';
import { useSimulatedShop } from '../../testing/simulated-shop.ts';

interface SimulatedRefund {
  id: string;
  amount: number;
  state: string;
}

describe('a refund at WeChat Pay', () => {
  const simulated = useSimulatedShop<{ refunds: SimulatedRefund[] }>('wechat');
  const { post, move } = simulated;
  let shop: Shop;
  let organizationId: string;
  beforeEach(() => {
    ({ shop, organizationId } = simulated);
  });

  /** 20.00 USD in the wallet, 144.00 CNY there. */
  const paid = async () => {
    const { payment } = await topUpWallet(shop.context, {
      ...{ organizationId, amount: '20.00', currency: 'USD' },
      ...{ provider: 'wechat', returnUrl: undefined },
    });
    const number = await shop.numberOf(payment.id);
    await post(`/wechat/orders/${number}`, { outcome: 'paid' });
    return { id: payment.id, number };
  };
  const steer = (number: string, steering: object) => post(`/wechat/orders/${number}`, steering);
  const refund = (paymentId: string, amount?: string) =>
    refundPayment(shop.context, {
      ...{ paymentId, amount, destination: 'provider', reason: '不需要了', leavesDebt: false },
    });
  const there = async (number: string) => (await steer(number, {})).refunds;
  const isDoneThere = (number: string) =>
    expect
      .poll(async () => new Set((await there(number)).map(({ state }) => state)), {
        timeout: 8_000,
      })
      .toEqual(new Set(['SUCCESS']));
  const end = (number: string, status: string) => post(`/wechat/refunds/${number}`, { status });
  const books = () => readBooks(shop.db.database, organizationId);
  const statuses = async (id: string) =>
    (await inspectPayment(shop.context, id)).refunds.map(({ status }) => status);

  it('is under way first, and done when WeChat Pay tells of it', async () => {
    const { id } = await paid();
    expect(await refund(id)).toMatchObject({
      ...{ status: 'pending', charged: { minor: 14_400n, currency: 'CNY' } },
    });
    expect(await books()).toMatchObject({ 'refunds USD': '20.00' });
    await expect.poll(() => statuses(id), { timeout: 8_000 }).toEqual(['succeeded']);
    expect(await books()).toEqual({});
  });

  it('is done in parts, and found by a query where nobody tells of it', async () => {
    const { id, number } = await paid();
    await steer(number, { notify: 'none' });
    await refund(id, '5.00');
    await refund(id, '10.00');
    expect(await statuses(id)).toEqual(['pending', 'pending']);
    await isDoneThere(number);
    shop.platform.clocks.advance('PT2H');
    await pollRefunds(shop.context);
    expect(await statuses(id)).toEqual(['succeeded', 'succeeded']);
    expect(await books()).toMatchObject({ 'wallet USD': '5.00', 'clearing:wechat CNY': '-36.00' });
    await expect(refund(id, '5.01')).rejects.toMatchObject({ code: expect.any(String) });
  });

  it('is made once where its answer was lost', async () => {
    const { id, number } = await paid();
    await steer(number, { refund: 'lost', notify: 'none' });
    expect(await refund(id)).toMatchObject({ status: 'unknown' });
    await isDoneThere(number);
    shop.platform.clocks.advance('PT2H');
    await pollRefunds(shop.context);
    shop.platform.clocks.advance('PT2H');
    await pollRefunds(shop.context);
    expect(await there(number)).toMatchObject([{ amount: 14_400 }]);
    expect(await statuses(id)).toEqual(['succeeded']);
    expect(await books()).toEqual({});
  });

  it('is made by nobody where the account holds too little, and can be tried anew', async () => {
    const { id, number } = await paid();
    await steer(number, { refund: 'refuse' });
    expect(await refund(id)).toMatchObject({ status: 'failed' });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await there(number)).toEqual([]);
    await steer(number, {});
    expect(await refund(id)).toMatchObject({ status: 'pending' });
  });

  it('waits while the payer’s card is gone, and gives the money back where it is closed', async () => {
    const { id, number } = await paid();
    await steer(number, { refund: 'pending' });
    const { number: refundNumber } = await refund(id);
    await end(refundNumber, 'ABNORMAL');
    expect(await statuses(id)).toEqual(['pending']);
    expect(await books()).toMatchObject({ 'refunds USD': '20.00' });
    await end(refundNumber, 'CLOSED');
    expect(await statuses(id)).toEqual(['failed']);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('is booked once where it was made in the merchant’s console, however often it is told', async () => {
    const { id, number } = await paid();
    await steer(number, { times: 5, concurrency: 5, reorder: true });
    await post(`/wechat/orders/${number}/refund`, { amount: '7200' });
    await expect.poll(() => statuses(id), { timeout: 8_000 }).toEqual(['succeeded']);
    await expect.poll(books).toMatchObject({
      ...{ 'wallet USD': '10.00', 'clearing:wechat CNY': '-72.00' },
    });
  });

  it('stands in the day’s bill with its payment, to the last fen', async () => {
    await move('2026-03-05T02:00:00Z');
    const { id } = await paid();
    await refund(id, '10.00');
    await expect.poll(() => statuses(id), { timeout: 8_000 }).toEqual(['succeeded']);
    await move('2026-03-06T03:00:00Z');
    const run = await createReconciliation(shop.context, {
      ...{ provider: 'wechat', date: '2026-03-05' },
    });
    const found = await getReconciliation(shop.context, { id: run, limit: 100 });
    expect(found).toMatchObject({
      status: 'done',
      counts: { matched: 2, missing_here: 0, missing_there: 0, different: 0, open: 0 },
      totals: [{ payments: '144.00', refunds: '-72.00', fees: '0.43', difference: '0.00' }],
    });
  });
});
