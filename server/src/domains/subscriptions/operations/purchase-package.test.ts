import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { createPackage } from '../../catalog/index.ts';
import { updatePackage } from '../../catalog/operations/update-package.ts';
import { listDailyUsage, listQuotas } from '../../entitlements/index.ts';
import { getInvoice, judgeOverdueInvoices, recordManualPayment } from '../../invoicing/index.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readUnapplied } from '../../invoicing/testing/rows.ts';
import { openOrganization, openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { writeSetting } from '../../settings/index.ts';
import { listOrganizationPackages, subscriptionsListeners } from '../index.ts';
import { lapsePackages } from './lapse-packages.ts';
import { purchasePackage } from './purchase-package.ts';

const starter = {
  name: 'Starter',
  price: '30.00',
  currency: 'CNY',
  duration_days: 30,
  daily_limit: '5',
};

const fiveUsd = 5_000_000_000n;

describe('purchasePackage', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox, { listeners: subscriptionsListeners });
  });
  afterEach(() => shop.close());

  const sell = async (change: Partial<typeof starter> = {}) =>
    (await createPackage(shop.context, { ...starter, ...change })).id;
  const buy = (packageId: string, provider = 'credit', organizationId = shop.organizationId) =>
    purchasePackage(shop.context, { organizationId, packageId, provider, returnUrl: undefined });
  const pay = async (payment: Awaited<ReturnType<typeof buy>>['payment']) => {
    await shop.steer(await shop.numberOf(payment.id), { before_redirect: true });
    await shop.visit(payment.next);
  };
  const owned = () => listOrganizationPackages(shop.db.database, shop.organizationId);
  const today = () =>
    listDailyUsage(shop.db.database, shop.organizationId, shop.platform.clocks.business());
  const books = () => readBooks(shop.db.database);
  const setRate = () =>
    inTransaction(shop.context, (transaction) =>
      writeSetting(shop.context, transaction, 'exchange_rates', { CNY: '7.2' }),
    );
  const topUp = (amount: string) =>
    recordManualPayment(shop.context, {
      organizationId: shop.organizationId,
      amount,
      currency: 'USD',
      invoiceId: undefined,
      note: 'Bank transfer',
    });

  it('raises the quotas that it was sold with in the transaction that makes its payment count', async () => {
    const quotas = [{ meter: 'requests', window: 'month', limit: '500' }] as const;
    const { id } = await createPackage(shop.context, { ...starter, quotas: [...quotas] });
    const { payment } = await buy(id);
    const now = () =>
      listQuotas(shop.db.database, {
        organizationId: shop.organizationId,
        after: undefined,
        limit: 10,
        at: shop.platform.clocks.business(),
      });
    expect(await now()).toEqual([]);
    await updatePackage(shop.context, id, { quotas: [{ ...quotas[0], limit: '1' }] });

    await pay(payment);

    expect(await now()).toMatchObject([{ limit: 500n, sources: [{ source: 'package' }] }]);
    shop.platform.clocks.advanceBusiness('P31D');
    expect(await now()).toMatchObject([{ inForce: false }]);
  });

  it('is pending until it is paid; then invoice, ledger, package and today’s allowance are there at once', async () => {
    const { invoice, payment } = await buy(await sell());
    expect(invoice).toMatchObject({ kind: 'package', status: 'open', total: '30.00' });
    expect(await owned()).toMatchObject([{ status: 'pending', invoiceId: invoice.id }]);
    expect(await today()).toEqual([]);

    await pay(payment);

    const { organizationId } = shop;
    expect(await getInvoice(shop.context, { organizationId, id: invoice.id })).toMatchObject({
      status: 'paid',
    });
    expect(await owned()).toMatchObject([
      {
        status: 'active',
        startsAt: new Date('2026-03-04T12:00:00Z'),
        endsAt: new Date('2026-04-03T12:00:00Z'),
      },
    ]);
    expect(await today()).toMatchObject([{ allowance: fiveUsd, remaining: fiveUsd }]);
    expect(await books()).toMatchObject({
      'clearing:credit LDC': '-30.00',
      'deferred CNY': '30.00',
    });
  });

  it('stacks when it is bought twice', async () => {
    const id = await sell();
    for (const { payment } of [await buy(id), await buy(id)]) await pay(payment);
    expect(await today()).toHaveLength(2);
    expect(await books()).toMatchObject({ 'deferred CNY': '60.00' });
  });

  it('case 20: gives all of what is paid at once, in the currency in which it was paid', async () => {
    const id = await sell();
    const orders = await Promise.all([buy(id), buy(id)]);
    await Promise.all(orders.map(({ payment }) => pay(payment)));
    const packages = await owned();
    expect(packages).toMatchObject([{ status: 'active' }, { status: 'active' }]);
    const days = packages.reduce((sum, { durationDays }) => sum + durationDays, 0);
    expect(days).toBe(60);
    expect(await today()).toMatchObject([{ allowance: fiveUsd }, { allowance: fiveUsd }]);
    expect(await books()).toMatchObject({
      'clearing:credit LDC': '-60.00',
      'deferred CNY': '60.00',
    });
  });

  it('keeps the terms of the sale when the package changes before the payment comes', async () => {
    const id = await sell();
    const { payment } = await buy(id);
    await updatePackage(shop.context, id, { price: '99.00', daily_limit: '1', duration_days: 1 });
    await pay(payment);
    expect(await owned()).toMatchObject([{ durationDays: 30, price: { minor: 3000n } }]);
    expect(await today()).toMatchObject([{ allowance: fiveUsd }]);
  });

  it('pays from the wallet at once, at the rate frozen on the invoice', async () => {
    await setRate();
    await topUp('10.00');
    const { invoice, payment } = await buy(await sell(), 'wallet');
    expect(invoice).toMatchObject({
      status: 'paid',
      exchange: { currency: 'USD', amount: '4.17' },
    });
    expect(payment).toMatchObject({
      status: 'succeeded',
      provider: 'wallet',
      charged: { amount: '4.17', currency: 'USD' },
      next: { type: 'none' },
    });
    expect(await owned()).toMatchObject([{ status: 'active' }]);
    expect(await books()).toMatchObject({ 'wallet USD': '5.83', 'deferred CNY': '30.00' });
  });

  it('refuses a short wallet, and leaves nothing behind', async () => {
    await topUp('2.00');
    const id = await sell({ price: '2.01', currency: 'USD' });
    await expect(buy(id, 'wallet')).rejects.toMatchObject({ code: 'insufficient_funds' });
    expect(await owned()).toEqual([]);
    expect(await books()).toMatchObject({ 'wallet USD': '2.00' });
  });

  it('never spends a wallet twice, however many buy at once', async () => {
    await topUp('10.00');
    const id = await sell({ price: '3.00', currency: 'USD' });
    const bought = await Promise.allSettled(Array.from({ length: 10 }, () => buy(id, 'wallet')));
    expect(bought.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await books()).toMatchObject({ 'wallet USD': '1.00', 'deferred USD': '9.00' });
  });

  it('gives a free package at once, whatever the provider, and once at a time', async () => {
    const id = await sell({ price: '0', duration_days: 1 });
    const { invoice, payment } = await buy(id, 'credit');
    expect(invoice).toMatchObject({ status: 'paid', total: '0.00' });
    expect(payment).toMatchObject({ status: 'succeeded' });
    expect(await today()).toMatchObject([{ allowance: fiveUsd }]);
    const again = await Promise.allSettled([buy(id), buy(id)]);
    for (const refused of again) {
      expect(refused).toMatchObject({ reason: { code: 'package_unavailable' } });
    }
    expect(await owned()).toHaveLength(1);

    shop.platform.clocks.advanceBusiness('P1D');
    await lapsePackages(shop.context);
    await buy(id);
    expect((await owned()).map(({ status }) => status)).toEqual(['active', 'lapsed']);
    // Allowances are given by the world, and nobody paid for them.
    expect(await books()).toEqual({ 'world USD': '-10.00' });
  });

  it.each<[string, (id: string) => Promise<unknown>, string]>([
    ['a package that does not exist', () => buy('pkg_none'), 'not_found'],
    ['a provider that does not exist', (id) => buy(id, 'bank'), 'provider_unavailable'],
    ['the wallet without a rate', (id) => buy(id, 'wallet'), 'currency_unsupported'],
    ['an organization that does not exist', (id) => buy(id, 'credit', 'org_none'), 'not_found'],
    [
      'an archived package',
      async (id) => {
        await updatePackage(shop.context, id, { status: 'archived' });
        return buy(id);
      },
      'package_unavailable',
    ],
  ])('refuses %s', async (_what, attempt, code) => {
    await expect(attempt(await sell())).rejects.toMatchObject({ code });
    expect(await owned()).toEqual([]);
  });

  it('refuses a suspended organization', async () => {
    await openOrganization(shop.context, 'org_suspended');
    await shop.db.database
      .withTables<{ identity_organizations: { id: string; status: string } }>()
      .updateTable('identity_organizations')
      .set({ status: 'suspended' })
      .where('id', '=', 'org_suspended')
      .execute();
    const refused = buy(await sell(), 'credit', 'org_suspended');
    await expect(refused).rejects.toMatchObject({ code: 'organization_suspended' });
  });

  it('is canceled when nobody pays in time; money that comes later is parked', async () => {
    const { payment } = await buy(await sell());
    shop.platform.clocks.advanceBusiness('P3D');
    expect(await judgeOverdueInvoices(shop.context)).toBe(1);
    expect(await owned()).toMatchObject([{ status: 'canceled' }]);
    await pay(payment);
    expect(await readUnapplied(shop.db.database)).toMatchObject([{ reason: 'late' }]);
    expect(await today()).toEqual([]);
  });

  it('is paid by an operator’s manual payment of exactly its invoice', async () => {
    const { invoice } = await buy(await sell());
    const record = (amount: string, currency = 'CNY') =>
      recordManualPayment(shop.context, {
        organizationId: shop.organizationId,
        amount,
        currency,
        invoiceId: invoice.id,
        note: 'Bank transfer',
      });
    await expect(record('29.99')).rejects.toMatchObject({ code: 'amount_out_of_range' });
    await expect(record('30.00', 'USD')).rejects.toMatchObject({ code: 'amount_out_of_range' });
    await record('30.00');
    expect(await owned()).toMatchObject([{ status: 'active' }]);
    await expect(record('30.00')).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await books()).toMatchObject({
      'clearing:manual CNY': '-30.00',
      'deferred CNY': '30.00',
    });
  });
});
