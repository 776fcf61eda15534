import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { reaction } from '../../../platform/events.ts';
import { recordManualPayment } from '../../invoicing/index.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { openOrganization, openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { paymentUnsettled } from '../refund-events.ts';
import {
  findPayerNeighbors,
  isOnHold,
  listPaymentStandings,
  sharesPayer,
} from '../standing-store.ts';
import { holdPayments } from './hold-payments.ts';
import { refundPayment } from './refund-payment.ts';
import { settleAttempt } from './settle-attempt.ts';
import { keepDispute } from './take-dispute-news.ts';

let sandbox: Sandbox;
let shop: Shop;
const told: object[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  told.length = 0;
  const listeners = [
    reaction(paymentUnsettled, async (_c, _t, payload) => void told.push(payload)),
  ];
  shop = await openShop(sandbox, { listeners });
});
afterEach(() => shop.close());

const hold = (isHeld: boolean) =>
  inTransaction(shop.context, (transaction) =>
    holdPayments(shop.context, transaction, { organizationId: shop.organizationId, isHeld }),
  );

/** A top-up of 20 USD that a card or account has paid. */
async function paidBy(payer: string | undefined, organizationId = shop.organizationId) {
  const { payment } = await topUpWallet(shop.context, {
    ...{ organizationId, amount: '20.00', currency: 'USD', provider: 'credit' },
    returnUrl: undefined,
  });
  await settleAttempt(shop.context, {
    ...{ number: await shop.numberOf(payment.id), merchant: sandbox.credit.pid, payer },
    ...{ providerTransaction: `t_${payment.id}`, provider: 'credit', source: 'query' },
    amount: { minor: 14_400n, currency: 'LDC' },
  });
  return payment.id;
}

const since = new Date('2026-03-01T00:00:00Z');
const standings = () =>
  listPaymentStandings(shop.db.database, {
    ...{ organizationId: shop.organizationId, since, limit: 10 },
  });

describe('holdPayments', () => {
  it('lets no payment through a provider begin, until it is taken back', async () => {
    await hold(true);
    await hold(true);
    expect(await isOnHold(shop.db.database, shop.organizationId)).toBe(true);
    await expect(shop.topUp('20.00')).rejects.toMatchObject({ code: 'payments_on_hold' });
    await hold(false);
    expect((await shop.topUp('20.00')).payment.status).toBe('pending');
  });

  it('takes the money of what was begun before, and what an operator has received', async () => {
    const { payment } = await shop.topUp('20.00');
    await hold(true);
    const money = {
      ...{ number: await shop.numberOf(payment.id), merchant: sandbox.credit.pid },
      ...{ providerTransaction: 't_1', provider: 'credit', source: 'query' as const },
      amount: { minor: 14_400n, currency: 'LDC' },
    };
    expect(await settleAttempt(shop.context, money)).toBe('settled');
    const manual = await recordManualPayment(shop.context, {
      ...{ organizationId: shop.organizationId, amount: '5.00', currency: 'USD', note: 'Cash' },
      invoiceId: undefined,
    });
    expect(manual.status).toBe('succeeded');
  });
});

describe('who pays', () => {
  it('is told again by the card or account, and is kept unreadable', async () => {
    await openOrganization(shop.context, 'org_other');
    await openOrganization(shop.context, 'org_stranger');
    await paidBy('card_1');
    await paidBy('card_1', 'org_other');
    await paidBy('card_2', 'org_stranger');
    await paidBy(undefined, 'org_stranger');
    const neighbors = await findPayerNeighbors(shop.db.database, {
      ...{ organizationId: shop.organizationId, since, limit: 10 },
    });
    expect(neighbors).toEqual([expect.objectContaining({ organizationId: 'org_other' })]);
    expect(neighbors[0]?.mark).not.toContain('card_1');
    const asks = (others: string[]) =>
      sharesPayer(shop.db.database, { organizationId: shop.organizationId, others });
    expect(await asks(['org_stranger'])).toBe(false);
    expect(await asks(['org_stranger', 'org_other'])).toBe(true);
  });
});

describe('listPaymentStandings', () => {
  it('says what of a payment went back or is disputed, and tells when that changes', async () => {
    const paymentId = await paidBy('card_1');
    expect(await standings()).toMatchObject([
      { id: paymentId, status: 'succeeded', refundedMinor: 0n, isDisputed: false },
    ]);
    expect(told).toEqual([]);
    await refundPayment(shop.context, {
      ...{ paymentId, amount: undefined, reason: 'Asked', destination: 'provider' },
      leavesDebt: false,
    });
    const about = { organizationId: shop.organizationId, paymentId };
    expect(told).toContainEqual(about);
    expect(await standings()).toMatchObject([{ refundedMinor: 2_000n }]);

    told.length = 0;
    const news = {
      ...{ reference: 'dp_1', reason: 'fraudulent', respondBy: null, isWithdrawn: true },
      payment: { number: await shop.numberOf(paymentId), providerTransaction: null },
      amount: { minor: 14_400n, currency: 'LDC' },
    };
    const dispute = (status: 'needs_response' | 'won') =>
      keepDispute(shop.context, {
        ...{ provider: 'credit', merchant: sandbox.credit.pid, isAnswer: false },
        news: { ...news, status },
      });
    await dispute('needs_response');
    expect(told).toEqual([about]);
    expect(await standings()).toMatchObject([{ isDisputed: true }]);
    await dispute('won');
    expect(told).toEqual([about, about]);
    expect(await standings()).toMatchObject([{ isDisputed: false }]);
  });
});
