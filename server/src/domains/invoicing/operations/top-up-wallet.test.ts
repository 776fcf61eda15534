import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { inTransaction } from '../../../platform/context.ts';
import { getPayment } from '../../payments/operations/read-payments.ts';
import { writeSetting } from '../../settings/index.ts';
import { readBooks } from '../testing/books.ts';
import { openShop, type Shop } from '../testing/shop.ts';
import { getInvoice } from './read-invoices.ts';
import { topUpWallet } from './top-up-wallet.ts';

describe('topUpWallet', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  afterEach(() => shop.close());

  const pay = async (amount: string, currency = 'USD') => {
    const { invoice, payment } = await shop.topUp(amount, currency);
    await shop.steer(await shop.numberOf(payment.id), { before_redirect: true });
    await shop.visit(payment.next);
    const { organizationId } = shop;
    return {
      invoice: await getInvoice(shop.context, { organizationId, id: invoice.id }),
      payment: await getPayment(shop.context, { organizationId, id: payment.id }),
    };
  };

  it('answers an open invoice and a signed redirect; the wallet has the money when it is paid', async () => {
    shop = await openShop(sandbox);
    const { invoice, payment } = await shop.topUp('20.00');
    expect(invoice).toMatchObject({
      number: 'INV-2026-000001',
      kind: 'top_up',
      status: 'open',
      total: '20.00',
      currency: 'USD',
      exchange: null,
    });
    expect(payment).toMatchObject({
      status: 'pending',
      amount: '20.00',
      charged: { amount: '144.00', currency: 'LDC', rate: '7.2' },
      invoice: invoice.id,
      next: { type: 'redirect' },
    });
    const url = new URL(payment.next.type === 'redirect' ? payment.next.url : '');
    expect(url.searchParams.get('out_trade_no')).toMatch(/^[0-9a-z]{24}$/);
    expect(url.searchParams.get('money')).toBe('144.00');
    expect(url.searchParams.get('notify_url')).toBe(`${shop.publicUrl}/api/v1/webhooks/credit`);
    expect(url.searchParams.get('return_url')).toBe(`${shop.publicUrl}/checkout/${payment.id}`);
    expect(await readBooks(shop.db.database)).toEqual({});

    await shop.steer(await shop.numberOf(payment.id), { before_redirect: true });
    await shop.visit(payment.next);

    const paid = await getInvoice(shop.context, {
      organizationId: shop.organizationId,
      id: invoice.id,
    });
    expect(paid.status).toBe('paid');
    expect(await readBooks(shop.db.database)).toEqual({
      'clearing:credit LDC': '-144.00',
      'exchange LDC': '144.00',
      'exchange USD': '-20.00',
      'wallet USD': '20.00',
    });
  });

  it('freezes the rate of a top-up in another currency than the wallet’s', async () => {
    shop = await openShop(sandbox);
    await inTransaction(shop.context, (transaction) =>
      writeSetting(shop.context, transaction, 'exchange_rates', { CNY: '7.2' }),
    );
    const { invoice } = await pay('100.00', 'CNY');
    expect(invoice.exchange).toMatchObject({ currency: 'USD', amount: '13.89' });
    expect(await readBooks(shop.db.database)).toEqual({
      'clearing:credit LDC': '-100.00',
      'exchange LDC': '100.00',
      'exchange USD': '-13.89',
      'wallet USD': '13.89',
    });
  });

  it('gives invoices numbers without gaps, also after a refusal', async () => {
    shop = await openShop(sandbox);
    const numbers = [];
    for (const amount of ['1.00', '2.00']) numbers.push((await shop.topUp(amount)).invoice.number);
    await expect(shop.topUp('3.00', 'GBP')).rejects.toMatchObject({ code: 'currency_unsupported' });
    numbers.push((await shop.topUp('4.00')).invoice.number);
    expect(numbers).toEqual(['INV-2026-000001', 'INV-2026-000002', 'INV-2026-000003']);
  });

  it.each([
    ['an amount finer than the currency', { amount: '1.001' }, 'amount_out_of_range'],
    ['more than a top-up may be', { amount: '10000000.01' }, 'amount_out_of_range'],
    ['a provider that does not exist', { provider: 'bank' }, 'provider_unavailable'],
    ['the wallet itself', { provider: 'wallet' }, 'provider_unavailable'],
    ['a manual payment by the customer', { provider: 'manual' }, 'provider_unavailable'],
    ['a return to another site', { returnUrl: 'https://evil.example/' }, 'rule_violated'],
    ['a return to another host by a trick', { returnUrl: '//evil.example' }, 'rule_violated'],
    ['a return by script', { returnUrl: 'javascript:alert(1)' }, 'rule_violated'],
  ])('refuses %s, and leaves nothing behind', async (_what, change, code) => {
    shop = await openShop(sandbox);
    const command = {
      organizationId: shop.organizationId,
      amount: '20.00',
      currency: 'USD',
      provider: 'credit',
      returnUrl: undefined,
      ...change,
    };
    await expect(topUpWallet(shop.context, command)).rejects.toMatchObject({ code });
    const attempts = await shop.db.database
      .withTables<{ payments_attempts: { id: string } }>()
      .selectFrom('payments_attempts')
      .select('id')
      .execute();
    expect(attempts).toEqual([]);
  });

  it('takes a return address of its own site', async () => {
    shop = await openShop(sandbox);
    const { payment } = await topUpWallet(shop.context, {
      organizationId: shop.organizationId,
      amount: '20.00',
      currency: 'USD',
      provider: 'credit',
      returnUrl: '/packages',
    });
    const url = new URL(payment.next.type === 'redirect' ? payment.next.url : '');
    expect(url.searchParams.get('return_url')).toBe(`${shop.publicUrl}/packages`);
  });
});
