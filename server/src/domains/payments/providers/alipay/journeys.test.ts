/** Money at Alipay from the customer's click to the day's bill: paid, given back in parts, charged by an agreement. */
import { beforeEach, describe, expect, it } from 'vitest';
import { topUpWallet } from '../../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../../invoicing/testing/books.ts';
import { readAttempt } from '../../../invoicing/testing/rows.ts';
import type { Shop } from '../../../invoicing/testing/shop.ts';
import { createReconciliation } from '../../operations/create-reconciliation.ts';
import { pollAttempts } from '../../operations/poll-attempts.ts';
import { listMethods } from '../../operations/read-methods.ts';
import { getReconciliation } from '../../operations/read-reconciliations.ts';
import { inspectPayment } from '../../operations/read-refunds.ts';
import { refundPayment } from '../../operations/refund-payment.ts';
import { removeMethod } from '../../operations/remove-method.ts';
import { pollRefunds } from '../../operations/send-refund.ts';
import { getSetup, setUpMethod } from '../../operations/set-up-method.ts';
import { useSimulatedShop } from '../../testing/simulated-shop.ts';

interface SimulatedOrder {
  status: string;
  refunds: { request: string; amount: string; status: string }[];
  agreement: string | null;
}

describe('Alipay', () => {
  const agreements = { agreements: true, agreement_amount_max: '150.00' };
  const simulated = useSimulatedShop<SimulatedOrder>('alipay', agreements);
  const { post, move } = simulated;
  let shop: Shop;
  let organizationId: string;
  beforeEach(() => {
    ({ shop, organizationId } = simulated);
  });

  /** 20.00 USD for the wallet, 144.00 CNY there, whose payer has come. */
  const ordered = async (
    more: { savesMethod?: boolean; methodId?: string; amount?: string } = {},
  ) => {
    const { payment } = await topUpWallet(shop.context, {
      ...{ organizationId, amount: '20.00', currency: 'USD', returnUrl: undefined },
      provider: more.methodId === undefined ? 'alipay' : null,
      ...more,
    });
    if (payment.next.type === 'redirect') await fetch(payment.next.url, { redirect: 'manual' });
    return { id: payment.id, number: await shop.numberOf(payment.id) };
  };
  const steer = (number: string, steering: object) => post(`/alipay/orders/${number}`, steering);
  const paid = async () => {
    const payment = await ordered();
    await steer(payment.number, { outcome: 'paid' });
    return payment;
  };
  const refund = (paymentId: string, amount?: string) =>
    refundPayment(shop.context, {
      ...{ paymentId, amount, destination: 'provider', reason: '不需要了', leavesDebt: false },
    });
  const books = () => readBooks(shop.db.database, organizationId);
  const status = async (id: string) => (await readAttempt(shop.db.database, id)).status;
  const refunds = async (id: string) =>
    (await inspectPayment(shop.context, id)).refunds.map((each) => each.status);
  const later = async (duration: string) => {
    shop.platform.clocks.advance(duration);
    const to = shop.platform.clocks.business().toISOString();
    await post('/clock', { to });
  };

  describe('refunds', () => {
    it('gives back parts, each of them once', async () => {
      const { id, number } = await paid();
      await refund(id, '5.00');
      await refund(id, '2.50');
      expect(await refunds(id)).toEqual(['succeeded', 'succeeded']);
      const { refunds: there } = await steer(number, {});
      expect(there.map(({ amount }) => amount).sort()).toEqual(['18.00', '36.00']);
      expect(await books()).toMatchObject({
        ...{ 'clearing:alipay CNY': '-90.00', 'wallet USD': '12.50' },
      });
    });

    it('finds a refund whose answer was lost, and makes no second one', async () => {
      const { id, number } = await paid();
      await steer(number, { refund: 'lost', notify: 'none' });
      await refund(id, '5.00');
      expect(await refunds(id)).toEqual(['unknown']);
      await later('PT5M');
      await pollRefunds(shop.context);
      expect(await refunds(id)).toEqual(['succeeded']);
      expect((await steer(number, {})).refunds).toHaveLength(1);
    });

    it('waits for a refund that is under way', async () => {
      const { id, number } = await paid();
      await steer(number, { refund: 'pending', notify: 'none' });
      await refund(id);
      expect(await refunds(id)).toEqual(['pending']);
      await later('PT30M');
      await pollRefunds(shop.context);
      expect(await refunds(id)).toEqual(['pending']);
      await later('PT2H');
      await pollRefunds(shop.context);
      expect(await refunds(id)).toEqual(['succeeded']);
      expect((await steer(number, {})).refunds).toMatchObject([{ amount: '144.00' }]);
    });

    it('keeps the money where Alipay refuses for certain', async () => {
      const { id, number } = await paid();
      await steer(number, { refund: 'refuse' });
      await refund(id);
      expect(await refunds(id)).toEqual(['failed']);
      expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
      await steer(number, {});
      await refund(id);
      expect(await refunds(id)).toContain('succeeded');
    });
  });

  describe('agreements', () => {
    /** Signed while nothing is paid; heard of by Alipay's notification. */
    const signed = async () => {
      const setup = await setUpMethod(shop.context, {
        ...{ organizationId, provider: 'alipay', means: undefined, returnUrl: undefined },
      });
      expect(setup.next).toMatchObject({ type: 'redirect' });
      if (setup.next.type === 'redirect') await fetch(setup.next.url, { redirect: 'manual' });
      await steer(setup.number, { outcome: 'paid' });
      const { methodId } = await getSetup(shop.context, { organizationId, id: setup.id });
      return { id: String(methodId), number: setup.number };
    };
    const methods = () => listMethods(shop.context, organizationId);

    it('is signed without paying, charged, and ended here', async () => {
      const { id } = await signed();
      expect(await methods()).toMatchObject([{ id, kind: 'agreement', provider: 'alipay' }]);
      const charged = await ordered({ methodId: id });
      await expect.poll(() => status(charged.id)).toBe('succeeded');
      expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
      await removeMethod(shop.context, { organizationId, id });
      expect(await methods()).toEqual([]);
    });

    it('is forgotten when the payer ends it in Alipay’s app', async () => {
      const { number } = await signed();
      expect(await methods()).toHaveLength(1);
      await post(`/alipay/orders/${number}/unsign`, {});
      expect(await methods()).toEqual([]);
    });

    it('is not charged beyond what the payer granted', async () => {
      const { id } = await signed();
      const charged = await ordered({ methodId: id, amount: '21.00' });
      expect(await readAttempt(shop.db.database, charged.id)).toMatchObject({ status: 'failed' });
      expect(await books()).toEqual({});
    });

    it('is kept where the payer signs it while paying', async () => {
      const { id, number } = await ordered({ savesMethod: true });
      expect((await steer(number, {})).agreement).toBe(number);
      await steer(number, { outcome: 'paid' });
      expect(await status(id)).toBe('succeeded');
      expect(await methods()).toMatchObject([{ kind: 'agreement' }]);
    });

    it('waits for a charge that is under way, and finds its money', async () => {
      const { id } = await signed();
      await post('/alipay/steering', { charge: 'processing', notify: 'none' });
      const charged = await ordered({ methodId: id });
      expect(await status(charged.id)).toBe('pending');
      await later('PT5M');
      await pollAttempts(shop.context);
      expect(await status(charged.id)).toBe('pending');
      await post('/alipay/steering', {});
      await steer(charged.number, { outcome: 'paid' });
      expect(await status(charged.id)).toBe('succeeded');
    });
  });

  it('is reconciled with its bill to zero, refunds and all', async () => {
    await move('2026-03-10T02:00:00Z');
    const [first] = [await paid(), await paid()];
    await refund(first.id, '5.00');
    await move('2026-03-11T04:00:00Z');
    const id = await createReconciliation(shop.context, { provider: 'alipay', date: '2026-03-10' });
    const found = await getReconciliation(shop.context, { id, limit: 100 });
    expect(found).toMatchObject({
      ...{ status: 'done', from: '2026-03-09T16:00:00.000Z', to: '2026-03-10T16:00:00.000Z' },
      counts: { matched: 3, missing_here: 0, missing_there: 0, different: 0, open: 0 },
    });
    // 0.6 % of 144.00, twice.
    expect(found.totals).toMatchObject([{ currency: 'CNY', difference: '0.00', fees: '1.72' }]);
    // A day on which nothing was has no bill: two days later that is certain.
    const quiet = () =>
      createReconciliation(shop.context, { provider: 'alipay', date: '2026-03-08' });
    const nothing = await getReconciliation(shop.context, { id: await quiet(), limit: 10 });
    expect(nothing).toMatchObject({ status: 'done', counts: { matched: 0, open: 0 } });
  });
});
