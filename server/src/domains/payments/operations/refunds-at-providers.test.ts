/** The whole way of money that goes back, with every provider that is reached over the wire, and its simulator. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { verifyLedger } from '../../access/index.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import type { SettingValues } from '../core/settings.ts';
import { moveWebhook } from '../providers/paypal/testing/webhook.ts';
import { resolveDispute } from './bear-dispute.ts';
import { getPayment } from './read-payments.ts';
import { inspectPayment, searchDisputes } from './read-refunds.ts';
import { refundPayment } from './refund-payment.ts';
import { pollRefunds } from './send-refund.ts';
import { updateProvider } from './update-provider.ts';

interface Tried {
  id: 'stripe' | 'paypal' | 'alipay' | 'wechat';
  settings(sandbox: Sandbox): SettingValues;
  /** Tells the simulator where we hear, where orders do not name it. */
  listen?(sandbox: Sandbox, url: string, notifyUrl: string): Promise<unknown>;
  /** How a dispute is lost there, in the vendor's words; undefined where there are none. */
  losing?: Record<string, string>;
}

const yuan = { rates: { USD: '7.2' } };
const tried: Tried[] = [
  {
    id: 'stripe',
    settings: ({ stripe }) => ({ ...stripe }),
    listen: ({ stripe }, url, notifyUrl) =>
      fetch(`${url}/v1/webhook_endpoints/we_sandbox`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stripe.secret_key}` },
        body: new URLSearchParams({ url: notifyUrl }),
      }),
    losing: { status: 'lost' },
  },
  {
    id: 'paypal',
    settings: ({ paypal }) => ({ ...paypal }),
    listen: ({ paypal }, url, notifyUrl) => moveWebhook(url, paypal, notifyUrl),
    losing: { status: 'RESOLVED', outcome: 'RESOLVED_BUYER_FAVOUR' },
  },
  { id: 'alipay', settings: ({ alipay }) => ({ ...alipay, ...yuan }) },
  { id: 'wechat', settings: ({ wechat }) => ({ ...wechat, ...yuan }) },
];
const waitMs = 15_000;

describe.each(tried)('refunds at $id', (provider) => {
  let sandbox: Sandbox;
  let shop: Shop;
  let url: string;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
    url = `http://127.0.0.1:${sandbox.port}/sandbox/${provider.id}`;
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox);
    // The simulators live by the computer's calendar.
    shop.platform.clocks.set(new Date());
    await updateProvider(shop.context, {
      provider: provider.id,
      enabled: true,
      settings: { ...provider.settings(sandbox), api_url: url },
    });
    await provider.listen?.(sandbox, url, `${shop.publicUrl}/api/v1/webhooks/${provider.id}`);
  });
  afterEach(async () => {
    expect((await verifyLedger(shop.platform)).problems).toEqual([]);
    await shop.close();
  });

  const post = async (path: string, body: Record<string, unknown> = {}) => {
    const answer = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the simulator refused ${path}: ${await answer.text()}`);
  };
  const books = () => readBooks(shop.db.database);
  const refund = (paymentId: string, amount?: string) =>
    refundPayment(shop.context, {
      ...{ paymentId, amount, destination: 'provider' },
      ...{ reason: 'It was not used', leavesDebt: false },
    });
  const refundsOf = async (id: string) => (await inspectPayment(shop.context, id)).refunds;
  /** A top-up of 20.00 USD that was paid there. */
  const paid = async () => {
    const { context, organizationId } = shop;
    const { payment } = await topUpWallet(context, {
      ...{ organizationId, amount: '20.00', currency: 'USD' },
      ...{ provider: provider.id, returnUrl: undefined },
    });
    const number = await shop.numberOf(payment.id);
    // Alipay knows an order once its payer comes there.
    const { next } = payment;
    if (next.type === 'redirect') await fetch(next.url, { redirect: 'manual' });
    await post(`/orders/${number}`, { outcome: 'paid' });
    await vi.waitFor(
      async () => {
        shop.platform.clocks.advance('PT3S');
        const seen = await getPayment(context, { organizationId, id: payment.id });
        expect(seen.status).toBe('succeeded');
      },
      { timeout: waitMs, interval: 200 },
    );
    return { id: payment.id, number };
  };
  /** Asks until nothing is under way any more. */
  const untilAllIsKnown = async (id: string) => {
    await vi.waitFor(
      async () => {
        shop.platform.clocks.advance('PT2H');
        await pollRefunds(shop.context);
        const statuses = (await refundsOf(id)).map(({ status }) => status);
        expect(statuses.every((status) => ['succeeded', 'failed'].includes(status))).toBe(true);
      },
      { timeout: waitMs, interval: 200 },
    );
  };

  it('gives back a part, and then the rest', async () => {
    const { id } = await paid();
    expect((await refund(id, '5.00')).status).toMatch(/^(succeeded|pending)$/);
    await untilAllIsKnown(id);
    expect(await books()).toMatchObject({ 'wallet USD': '15.00' });
    await refund(id);
    await untilAllIsKnown(id);
    expect((await refundsOf(id)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(await books()).toEqual({});
  }, 60_000);

  it('makes one refund whose answer was lost', async () => {
    const { id, number } = await paid();
    await post(`/orders/${number}`, { refund: 'lost', notify: 'none' });
    expect(await refund(id, '5.00')).toMatchObject({ status: 'unknown' });
    await post(`/orders/${number}`, {});
    await untilAllIsKnown(id);
    expect(await refundsOf(id)).toMatchObject([{ status: 'succeeded', amount: '5.00' }]);
    expect(await books()).toMatchObject({ 'wallet USD': '15.00' });
    expect(await books()).not.toHaveProperty('refunds USD');
  }, 60_000);

  it('puts back what is refused there', async () => {
    const { id, number } = await paid();
    await post(`/orders/${number}`, { refund: 'refuse' });
    expect(await refund(id, '5.00')).toMatchObject({ status: 'failed' });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  }, 60_000);

  it('books once what was refunded there without us', async () => {
    const { id, number } = await paid();
    await post(`/orders/${number}/refund`);
    await vi.waitFor(async () => expect(await refundsOf(id)).toHaveLength(1), {
      ...{ timeout: waitMs, interval: 200 },
    });
    await untilAllIsKnown(id);
    expect(await refundsOf(id)).toMatchObject([
      { origin: 'provider', status: 'succeeded', amount: '20.00' },
    ]);
    expect(await books()).toEqual({});
  }, 60_000);

  it.skipIf(!provider.losing)(
    'takes from the customer what a dispute took from us',
    async () => {
      const { id, number } = await paid();
      await post(`/orders/${number}/dispute`);
      const page = { limit: 10, cursor: undefined };
      const disputes = async () => (await searchDisputes(shop.context, page)).data;
      const eventually = (look: () => Promise<void>) =>
        vi.waitFor(look, { timeout: waitMs, interval: 200 });
      await eventually(async () =>
        expect(await disputes()).toMatchObject([{ payment: id, amount: '20.00', currency: 'USD' }]),
      );
      await expect(refund(id)).rejects.toMatchObject({ code: 'invalid_state' });
      await post(`/orders/${number}/dispute`, provider.losing);
      await eventually(async () => {
        expect(await disputes()).toMatchObject([{ status: 'lost', withdrawn: true }]);
        expect(await books()).toMatchObject({ 'disputes USD': '-20.00', 'wallet USD': '20.00' });
      });
      const [dispute] = await disputes();
      await resolveDispute(shop.context, {
        ...{ id: dispute?.id ?? '', borneBy: 'customer', note: 'The bank has decided' },
      });
      expect(await books()).toEqual({});
    },
    60_000,
  );
});
