import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { countAttempts } from '../../payments/index.ts';
import { listPayments } from '../../payments/operations/read-payments.ts';
import { openCardTill } from '../../payments/testing/card-till.ts';
import { atOnce } from '../testing/at-once.ts';
import { readBooks } from '../testing/books.ts';
import { openShop, type Shop } from '../testing/shop.ts';
import { payInvoice } from './pay-invoice.ts';
import { getInvoice } from './read-invoices.ts';

describe('payInvoice', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  afterEach(() => shop.close());

  const again = (
    invoiceId: string,
    changes: Partial<Parameters<typeof payInvoice>[1]> = {},
    context = shop.context,
  ) =>
    payInvoice(context, {
      organizationId: shop.organizationId,
      invoiceId,
      provider: 'credit',
      returnUrl: undefined,
      ...changes,
    });
  const pay = async (payment: { id: string; next: { type: string } }) => {
    await shop.steer(await shop.numberOf(payment.id), { before_redirect: true });
    await shop.visit(payment.next);
  };

  it('gives a payer who left a new order, for the first one serves once', async () => {
    shop = await openShop(sandbox);
    const first = await shop.topUp('20.00');
    await shop.visit(first.payment.next, 'declined');
    const second = await again(first.invoice.id);
    expect(second.invoice.id).toBe(first.invoice.id);
    expect(second.payment).toMatchObject({
      status: 'pending',
      amount: '20.00',
      next: { type: 'redirect' },
    });
    expect(second.payment.id).not.toBe(first.payment.id);
    await pay(second.payment);
    const { organizationId } = shop;
    const paid = await getInvoice(shop.context, { organizationId, id: first.invoice.id });
    expect(paid.status).toBe('paid');
  });

  it('parks the money of the second when both are paid', async () => {
    shop = await openShop(sandbox);
    const first = await shop.topUp('20.00');
    const second = await again(first.invoice.id);
    await pay(second.payment);
    await pay(first.payment);
    const books = await readBooks(shop.db.database);
    expect(books['wallet USD']).toBe('20.00');
    expect(books['unapplied USD']).toBe('20.00');
  });

  it('gives who asks twice at once the same order, also over two processes', async () => {
    shop = await openShop(sandbox);
    const { invoice } = await shop.topUp('20.00');
    const other = shop.otherProcess();
    const answers = await atOnce(shop.db, invoice.id, [
      () => again(invoice.id),
      () => again(invoice.id, {}, other.context),
      () => again(invoice.id),
    ]);
    const orders = answers.map((answer) => answer.status === 'fulfilled' && answer.value.payment);
    expect(orders[0]).toMatchObject({ status: 'pending', next: { type: 'redirect' } });
    expect(orders).toEqual(Array(3).fill(orders[0]));
    expect(await countAttempts(shop.db.database, invoice.id)).toBe(2);
    await other.close();
  });

  it('leaves no page open beside the charge of a method that was asked for at that moment', async () => {
    shop = await openShop(sandbox);
    shop.platform.clocks.set(new Date());
    const till = await openCardTill(shop.context, sandbox);
    const { id: methodId } = await till.storeCard(shop.context, shop.organizationId);
    const { invoice } = await shop.topUp('20.00');
    await shop.visit((await again(invoice.id)).payment.next, 'declined');
    const other = shop.otherProcess();
    await atOnce(shop.db, invoice.id, [
      () => again(invoice.id, { provider: 'stripe' }),
      () => again(invoice.id, { provider: null, methodId }, other.context),
    ]);
    await other.close();
    const { organizationId, context } = shop;
    const { data } = await listPayments(context, { organizationId, limit: 10 });
    const atStripe = data.filter(({ provider }) => provider === 'stripe');
    const open = atStripe.filter(({ next }) => next.type !== 'none');
    const paid = atStripe.filter(({ status }) => status === 'succeeded');
    expect({ open: open.length, paid: paid.length }).toEqual({ open: 0, paid: 1 });
    expect(await getInvoice(context, { organizationId, id: invoice.id })).toMatchObject({
      status: 'paid',
    });
  });

  it('refuses an invoice that is paid, and one of somebody else', async () => {
    shop = await openShop(sandbox);
    const { invoice, payment } = await shop.topUp('20.00');
    await pay(payment);
    await expect(again(invoice.id)).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(again(invoice.id, { organizationId: 'org_other' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(again('inv_none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a provider that is not on offer, and a twenty-first try', async () => {
    shop = await openShop(sandbox);
    const { invoice } = await shop.topUp('20.00');
    await expect(again(invoice.id, { provider: 'manual' })).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    for (let attempt = 2; attempt <= 20; attempt += 1) await again(invoice.id);
    await expect(again(invoice.id)).rejects.toMatchObject({ code: 'rule_violated' });
  });
});
