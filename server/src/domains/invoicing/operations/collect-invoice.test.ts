import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createVerifiedUser } from '../../identity/index.ts';
import { readBooks } from '../testing/books.ts';
import { type Desk, openDesk } from '../testing/desk.ts';
import { changeBillingDetails } from './billing-details.ts';
import { collectInvoice } from './collect-invoice.ts';
import { createCreditNote } from './create-credit-note.ts';
import { voidInvoice } from './void-invoice.ts';

describe('collectInvoice', () => {
  let desk: Desk;
  let organizationId: string;
  beforeAll(async () => {
    desk = await openDesk();
  });
  beforeEach(async () => {
    organizationId = await desk.newCustomer();
  });
  afterAll(() => desk.close());

  const collect = (invoiceId: string, mayUseWallet = true, context = desk.context) =>
    collectInvoice(context, { invoiceId, mayUseWallet });

  it('pays from a wallet that covers it, once, and mails nothing', async () => {
    await desk.pay(organizationId, '30.00');
    const { id } = await desk.issue(organizationId, 2_000n);
    expect(await collect(id)).toBe('paid');
    expect(await collect(id)).toBe('paid');
    expect((await desk.read(id)).status).toBe('paid');
    expect(await readBooks(desk.db.database, organizationId)).toEqual({
      'clearing:manual USD': '-30.00',
      'deferred USD': '20.00',
      'tax USD': '5.00',
      'wallet USD': '5.00',
    });
    expect(await desk.mailsTo(organizationId)).toEqual([]);
  });

  it('mails where to pay when the wallet is a cent short, once, and takes nothing of it', async () => {
    await desk.pay(organizationId, '24.99');
    const { id, number } = await desk.issue(organizationId, 2_000n);
    expect(await collect(id)).toBe('asked');
    expect(await collect(id)).toBe('asked');
    const mails = await desk.mailsTo(organizationId);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.subject).toContain(`${number}`);
    expect(mails[0]?.text).toContain('/pay/');
    expect(mails[0]?.text).toContain('25.00 USD');
    expect(await readBooks(desk.db.database, organizationId)).toMatchObject({
      'wallet USD': '24.99',
    });
  });

  it('pays what it has asked for, when the wallet covers it the next time', async () => {
    const { id } = await desk.issue(organizationId, 2_000n);
    expect(await collect(id)).toBe('asked');
    await desk.pay(organizationId, '25.00');
    expect(await collect(id)).toBe('paid');
    expect(await desk.mailsTo(organizationId)).toHaveLength(1);
  });

  it('asks where the wallet may not be used, or has no rate for the currency', async () => {
    await desk.pay(organizationId, '90.00');
    const forbidden = await desk.issue(organizationId, 100n);
    expect(await collect(forbidden.id, false)).toBe('asked');
    const foreign = await desk.issue(organizationId, 100n, { currency: 'CNY' });
    expect(await collect(foreign.id)).toBe('asked');
    expect(await desk.mailsTo(organizationId)).toHaveLength(2);
  });

  it('writes in the customer’s language', async () => {
    await changeBillingDetails(desk.context, organizationId, { locale: 'zh-CN' });
    const { id } = await desk.issue(organizationId, 2_000n);
    await collect(id);
    const [mail] = await desk.mailsTo(organizationId);
    expect(mail?.subject).toContain('账单');
    expect(mail?.html).toContain('支付账单');
  });

  it('writes to those who may pay, where no address for invoices is known', async () => {
    const owner = { email: 'owner@collect.test', name: 'Owner', password: 'correct horse battery' };
    const created = await createVerifiedUser(desk.context, owner);
    const { id } = await desk.issue(created?.organizationId ?? '', 100n);
    expect(await collect(id)).toBe('asked');
    expect((await desk.read(id)).askedAt).not.toBeNull();
    expect(await desk.mailsTo('owner')).toHaveLength(1);
  });

  it('closes what credit covers without money, and leaves alone what is void', async () => {
    const first = await desk.issue(organizationId, 800n);
    await desk.pay(organizationId, '10.00', first.id);
    await desk.context.database.transaction().execute((transaction) =>
      createCreditNote(desk.context, transaction, {
        ...{ invoiceId: first.id, credit: { kind: 'whole' }, reason: 'Ordered twice' },
      }),
    );
    const covered = await desk.issue(organizationId, 800n);
    expect(await collect(covered.id)).toBe('paid');
    const off = await desk.issue(organizationId, 800n);
    await voidInvoice(desk.context, { id: off.id, reason: 'Ordered twice' });
    expect(await collect(off.id)).toBe('closed');
    expect(await desk.mailsTo(organizationId)).toEqual([]);
  });

  it.each([
    ['pays', '100.00', 'paid', 0],
    ['asks', undefined, 'asked', 1],
  ] as const)(
    '%s once, however many processes collect at once',
    async (_what, money, expected, mails) => {
      if (money) await desk.pay(organizationId, money);
      const { id } = await desk.issue(organizationId, 2_000n);
      const other = desk.otherProcess();
      const collected = await Promise.all(
        [desk.context, other.context, desk.context, other.context].map((context) =>
          collect(id, true, context),
        ),
      );
      await other.close();
      expect(collected).toEqual(collected.map(() => expected));
      expect(await desk.mailsTo(organizationId)).toHaveLength(mails);
      const books = await readBooks(desk.db.database, organizationId);
      expect(books['wallet USD']).toBe(money && '75.00');
    },
  );
});
