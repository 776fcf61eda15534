import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { createPackage, createPlan } from '../../catalog/index.ts';
import { entitlementsListeners } from '../../entitlements/index.ts';
import { createPayLink, getLinkedPayment, recordManualPayment } from '../../invoicing/index.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { ledgerListeners } from '../../ledger/index.ts';
import { ensureUsagePartitions } from '../../metering/index.ts';
import { subscriptionsListeners } from '../index.ts';
import { listOrganizationPackages } from '../store.ts';
import { getPayable, payByLink } from './pay-by-link.ts';
import { createPriceLink, listPriceLinks, updatePriceLink } from './price-links.ts';
import { searchSubscriptions } from './read-subscriptions.ts';

let sandbox: Sandbox;
let shop: Shop;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  shop = await openShop(sandbox, {
    listeners: [...ledgerListeners, ...entitlementsListeners, ...subscriptionsListeners],
  });
  const now = shop.platform.clocks.business();
  await ensureUsagePartitions(shop.db.database, now, now);
});
afterAll(async () => {
  await shop.close();
  await sandbox.close();
});

interface StoredMail {
  to: string;
  subject: string;
  text: string;
}

async function mailsTo(email: string): Promise<StoredMail[]> {
  const rows = await shop.db.database
    .withTables<{ delivery_messages: { id: string; sealed_content: string } }>()
    .selectFrom('delivery_messages')
    .select(['id', 'sealed_content'])
    .orderBy('id')
    .execute();
  const { sealer } = shop.platform;
  return rows
    .map((row) => JSON.parse(sealer.open(row.sealed_content, `delivery:${row.id}`)) as StoredMail)
    .filter(({ to }) => to === email);
}

describe('the link of an invoice', () => {
  const open = async () => {
    const { invoice } = await shop.topUp('20');
    const { link, url } = await createPayLink(shop.context, { invoiceId: invoice.id });
    return { invoice, link, url };
  };

  it('lets anybody pay it, and shows what is paid', async () => {
    const { invoice, link, url } = await open();
    expect(url).toBe(`${shop.publicUrl}/pay/${link}`);
    expect(await getPayable(shop.context, link)).toMatchObject({
      ...{ kind: 'invoice', status: 'open', number: invoice.number, due: '20.00' },
      providers: [{ provider: 'credit' }],
    });
    const payment = await payByLink(shop.context, link, { provider: 'credit' });
    expect(payment).toMatchObject({ link, status: 'pending', amount: '20.00' });
    await shop.visit(payment.next);
    await expect
      .poll(() => getLinkedPayment(shop.context, { link, id: payment.id }))
      .toMatchObject({ status: 'succeeded' });
    expect(await getPayable(shop.context, link)).toMatchObject({ status: 'paid', due: '0.00' });
    await expect(payByLink(shop.context, link, { provider: 'credit' })).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });

  it('is one and the same, however often and by whomever it is asked for', async () => {
    const { invoice, link } = await open();
    const again = await Promise.all(
      Array.from({ length: 5 }, () => createPayLink(shop.context, { invoiceId: invoice.id })),
    );
    expect(new Set(again.map((one) => one.link))).toEqual(new Set([link]));
    const foreign = { organizationId: 'org_other', invoiceId: invoice.id };
    await expect(createPayLink(shop.context, foreign)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('opens nothing but its invoice: no wallet, no other payment, no guessing', async () => {
    const { link } = await open();
    await recordManualPayment(shop.context, {
      ...{ organizationId: shop.organizationId, amount: '50', currency: 'USD' },
      ...{ invoiceId: undefined, note: 'Cash' },
    });
    await expect(payByLink(shop.context, link, { provider: 'wallet' })).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    const { payment } = await topUpWallet(shop.context, {
      ...{ organizationId: shop.organizationId, amount: '5', currency: 'USD' },
      ...{ provider: 'credit', returnUrl: undefined },
    });
    await expect(getLinkedPayment(shop.context, { link, id: payment.id })).rejects.toMatchObject({
      code: 'not_found',
    });
    for (const guess of ['il_', `${link.slice(0, -1)}!`, 'pl_00000000000000000000000000']) {
      await expect(getPayable(shop.context, guess)).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('the link of a price', () => {
  it('sells a package to an address that nobody knew, and to the same one again', async () => {
    const sold = await createPackage(shop.context, {
      ...{ name: 'Week', price: '7.00', currency: 'USD', duration_days: 7, daily_limit: '1' },
    });
    const { id: link } = await createPriceLink(shop.context, { name: 'Ad', package: sold.id });
    expect(await getPayable(shop.context, link)).toMatchObject({
      ...{ kind: 'price', status: 'open', title: 'Week', amount: '7.00', currency: 'USD' },
    });
    const email = 'Newcomer@Example.com';
    const payment = await payByLink(shop.context, link, { provider: 'credit', email });
    await shop.visit(payment.next);
    await expect
      .poll(() => getPayable(shop.context, payment.link))
      .toMatchObject({ kind: 'invoice', status: 'paid' });
    const mails = await mailsTo('newcomer@example.com');
    expect(mails.map(({ subject }) => subject)).toEqual(['Your account']);
    expect(mails[0]?.text).toContain('/reset-password?token=');

    const again = await payByLink(shop.context, link, { provider: 'credit', email });
    await shop.visit(again.next);
    await expect.poll(() => getPayable(shop.context, again.link)).toMatchObject({ status: 'paid' });
    expect(await mailsTo('newcomer@example.com')).toHaveLength(1);
    const organizationId = await organizationOf(payment.id);
    expect(await organizationOf(again.id)).toBe(organizationId);
    const owned = await listOrganizationPackages(shop.db.database, organizationId);
    expect(owned.map(({ status }) => status)).toEqual(['active', 'active']);
    expect(await listPriceLinks(shop.context, { limit: 10 })).toMatchObject({
      data: [{ id: link, sold: 2 }],
    });
  });

  it('subscribes to a plan at its price', async () => {
    const prices = [
      { currency: 'USD', interval: 'month', amount: '9.00' },
      { currency: 'USD', interval: 'year', amount: '90.00' },
    ] as const;
    await createPlan(shop.context, { slug: 'solo', name: 'Solo', prices: [...prices] });
    const { id: link } = await createPriceLink(shop.context, {
      ...{ name: 'Solo by the year', plan: 'solo', billing_cycle: 'year' },
    });
    expect(await getPayable(shop.context, link)).toMatchObject({
      ...{ title: 'Solo', amount: '90.00', billing_cycle: 'year' },
    });
    const email = 'solo@example.com';
    const payment = await payByLink(shop.context, link, { provider: 'credit', email });
    expect(payment.amount).toBe('90.00');
    await shop.visit(payment.next);
    await expect
      .poll(() => getPayable(shop.context, payment.link))
      .toMatchObject({ status: 'paid' });
  });

  it('begins no trial for whose address somebody knows', async () => {
    const prices = [{ currency: 'USD', interval: 'month', amount: '9.00' }] as const;
    const plan = { slug: 'tried', name: 'Tried', prices: [...prices], trial_days: 14 };
    const { id: planId } = await createPlan(shop.context, plan);
    const { id: link } = await createPriceLink(shop.context, { name: 'Tried', plan: 'tried' });
    const order = { provider: 'credit', email: 'tries-nothing@example.com' };
    await expect(payByLink(shop.context, link, order)).rejects.toMatchObject({
      code: 'rule_violated',
    });
    const subscriptions = await searchSubscriptions(shop.context, { plan: planId, limit: 10 });
    expect(subscriptions.data).toEqual([]);
  });

  it('leaves the payer no return page without its link, wherever the process dies', async () => {
    const sold = await createPackage(shop.context, {
      ...{ name: 'Hour', price: '1.00', currency: 'USD', duration_days: 1, daily_limit: '1' },
    });
    const { id: link } = await createPriceLink(shop.context, { name: 'Hour', package: sold.id });
    const order = { provider: 'credit', email: 'cut-off@example.com' };
    const before = (await returnPages()).length;
    let isThrough = false;
    for (let diesAtQuery = 1; !isThrough; diesAtQuery += 1) {
      const dying = shop.otherProcess({ diesAtQuery });
      isThrough = await payByLink(dying.context, link, order).then(
        () => true,
        () => false,
      );
      await dying.close();
    }
    const pages = await returnPages();
    expect(pages.length).toBeGreaterThan(before + 1);
    for (const page of pages) {
      expect(await getPayable(shop.context, page)).toMatchObject({ kind: 'invoice' });
    }
    const { data } = await listPriceLinks(shop.context, { limit: 10 });
    expect(data.find(({ id }) => id === link)?.sold).toBe(pages.length - before);
  }, 60_000);

  it('says what is missing, and sells nothing that is off sale', async () => {
    const { context } = shop;
    const sold = await createPackage(context, {
      ...{ name: 'Day', price: '1.00', currency: 'USD', duration_days: 1, daily_limit: '1' },
    });
    await expect(createPriceLink(context, { name: 'Both' })).rejects.toMatchObject({
      param: 'package',
    });
    await expect(
      createPriceLink(context, { name: 'None', plan: 'no-such-plan' }),
    ).rejects.toMatchObject({ code: 'plan_unavailable' });
    const { id: link } = await createPriceLink(context, { name: 'Day', package: sold.id });
    await expect(payByLink(context, link, { provider: 'credit' })).rejects.toMatchObject({
      param: 'email',
    });
    await updatePriceLink(context, link, { status: 'archived' });
    expect(await getPayable(context, link)).toMatchObject({ status: 'closed' });
    await expect(
      payByLink(context, link, { provider: 'credit', email: 'late@example.com' }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

/** The links of the pages that payers come back to. */
async function returnPages(): Promise<string[]> {
  const rows = await shop.db.database
    .withTables<{ payments_attempts: { id: string; return_url: string | null } }>()
    .selectFrom('payments_attempts')
    .select('return_url')
    .where('return_url', 'like', '%/pay/%')
    .execute();
  return rows.map(({ return_url: page }) => String(page).split('/').at(-1) ?? '');
}

async function organizationOf(paymentId: string): Promise<string> {
  const { organization_id: id } = await shop.db.database
    .withTables<{ payments_attempts: { id: string; organization_id: string } }>()
    .selectFrom('payments_attempts')
    .select('organization_id')
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow();
  return id;
}
