import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../platform/context.ts';
import { ratio } from '../../../platform/ratio.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../../platform/testkit/platform.ts';
import { changeSeller } from '../../settings/operations/change-seller.ts';
import { changeSettings } from '../../settings/operations/change-settings.ts';
import { dueOf } from '../core/invoice.ts';
import { printedInvoice } from '../core/printed.ts';
import { findCreditNote } from '../credit-notes-store.ts';
import { invoicingListeners } from '../listeners.ts';
import { findInvoice } from '../store.ts';
import { readBooks } from '../testing/books.ts';
import { openOrganization } from '../testing/shop.ts';
import { changeBillingDetails } from './billing-details.ts';
import { createCreditNote } from './create-credit-note.ts';
import { issueInvoice } from './issue-invoice.ts';
import { recordManualPayment } from './record-manual-payment.ts';
import { createTaxRate } from './tax-rates.ts';
import { voidInvoice } from './void-invoice.ts';
import { writeOffInvoice } from './write-off-invoice.ts';

describe('the life of an invoice', () => {
  let db: TestDatabase;
  let context: ReturnType<typeof testContext>;
  let organizationId: string;
  let customers = 0;

  beforeAll(async () => {
    db = await createTestDatabase();
    context = testContext(testPlatform(db, { listeners: invoicingListeners }));
    await inTransaction(context, (transaction) =>
      changeSeller(context, transaction, { country: 'DE' }),
    );
    await createTaxRate(context, { country: 'DE', name: 'MwSt', rate: '25' });
  });
  beforeEach(async () => {
    customers += 1;
    organizationId = `org_${customers}`;
    await openOrganization(context, organizationId);
  });
  afterAll(() => db.close());

  const issue = async (minor: bigint, billingKey?: string) => {
    const { id } = await inTransaction(context, (transaction) =>
      issueInvoice(context, transaction, {
        ...{ organizationId, kind: 'subscription', currency: 'USD' },
        ...(billingKey === undefined ? {} : { billingKey }),
        lines: [
          {
            kind: 'subscription',
            text: { code: 'plan', params: { plan: 'Pro', from: '2026-03-01', to: '2026-03-31' } },
            ...{ quantity: ratio(1n), unitAmount: ratio(minor), amount: ratio(minor) },
            ...{ isTaxed: true, isDiscountable: true },
          },
        ],
      }),
    );
    const invoice = await findInvoice(context.database, id);
    if (!invoice) throw new Error('it was issued');
    return invoice;
  };
  const pay = (invoiceId: string, amount: string) =>
    recordManualPayment(context, {
      ...{ organizationId, invoiceId, amount, currency: 'USD', note: 'Bank' },
    });
  const credit = async (invoiceId: string, minor?: bigint) => {
    const amount = minor === undefined ? undefined : { minor, currency: 'USD' };
    const { id } = await inTransaction(context, (transaction) =>
      createCreditNote(context, transaction, {
        invoiceId,
        credit: amount ? { kind: 'amount', amount } : { kind: 'whole' },
        reason: 'A day without service',
      }),
    );
    return findCreditNote(context.database, id);
  };

  it('posts tax and what has yet to be earned; a credit note becomes credit that the next one uses', async () => {
    const first = await issue(20_000n);
    expect(first).toMatchObject({ status: 'open', taxMinor: 5_000n, total: { minor: 25_000n } });
    await pay(first.id, '250.00');
    const note = await credit(first.id, 10_000n);
    expect(note).toMatchObject({ taxMinor: 2_000n, toCreditMinor: 10_000n });
    const next = await issue(20_000n);
    expect(dueOf(next).minor).toBe(15_000n);
    expect((await findCreditNote(context.database, note?.id ?? ''))?.remainingMinor).toBe(0n);
    await pay(next.id, '150.00');
    expect(await readBooks(db.database, organizationId)).toEqual({
      'clearing:manual USD': '-400.00',
      'deferred USD': '400.00',
      'revenue USD': '-80.00',
      'tax USD': '80.00',
    });
  });

  it('never credits more than the invoice, whatever was credited before', async () => {
    const invoice = await issue(333n);
    await pay(invoice.id, '4.16');
    await credit(invoice.id, 137n);
    await expect(credit(invoice.id, 280n)).rejects.toMatchObject({ code: 'amount_out_of_range' });
    expect(await credit(invoice.id)).toMatchObject({ totalMinor: 279n });
    await expect(credit(invoice.id, 1n)).rejects.toMatchObject({ code: 'invalid_state' });
    const credited = await findInvoice(context.database, invoice.id);
    expect(credited).toMatchObject({ creditedMinor: 416n, creditedTaxMinor: invoice.taxMinor });
  });

  it('takes a credit note from what is due, and is paid when nothing is', async () => {
    const invoice = await issue(10_000n);
    await credit(invoice.id, 2_500n);
    await expect(pay(invoice.id, '125.00')).rejects.toMatchObject({ code: 'amount_out_of_range' });
    await credit(invoice.id);
    expect((await findInvoice(context.database, invoice.id))?.status).toBe('paid');
    expect(await readBooks(db.database, organizationId)).toEqual({});
  });

  it('gives used credit back when it is void', async () => {
    const first = await issue(8_000n);
    await pay(first.id, '100.00');
    const note = await credit(first.id, 5_000n);
    const next = await issue(8_000n);
    expect((await findCreditNote(context.database, note?.id ?? ''))?.remainingMinor).toBe(0n);
    await voidInvoice(context, { id: next.id, reason: 'Ordered twice' });
    expect((await findCreditNote(context.database, note?.id ?? ''))?.remainingMinor).toBe(5_000n);
    expect(await readBooks(db.database, organizationId)).toMatchObject({
      'customer_credit USD': '50.00',
    });
  });

  it('is written off, and takes its money all the same', async () => {
    const invoice = await issue(8_000n);
    await writeOffInvoice(context, { id: invoice.id, reason: 'Insolvent' });
    expect(await readBooks(db.database, organizationId)).toEqual({
      'deferred USD': '80.00',
      'write_off USD': '-80.00',
    });
    await pay(invoice.id, '100.00');
    expect(await readBooks(db.database, organizationId)).toEqual({
      'clearing:manual USD': '-100.00',
      'deferred USD': '80.00',
      'tax USD': '20.00',
    });
  });

  it('is issued once under a billing key, by any number at once', async () => {
    const issued = await Promise.all(
      [1, 2, 3, 4].map(() => issue(500n, `${organizationId} March`)),
    );
    expect(new Set(issued.map(({ id }) => id)).size).toBe(1);
  });

  it('has a number without gaps under concurrency and rollbacks', async () => {
    const before = Number((await issue(1n)).number?.slice(-6));
    const tries = Array.from({ length: 20 }, async (_, index) => {
      if (index % 3 > 0) return (await issue(100n)).number;
      await inTransaction(context, async (transaction) => {
        await issueInvoice(context, transaction, {
          ...{ organizationId, kind: 'subscription', currency: 'USD' },
          lines: [],
        });
        throw new Error('rolled back');
      }).catch(() => undefined);
      return undefined;
    });
    const numbers = (await Promise.all(tries)).flatMap((number) => (number ? [number] : []));
    const sequences = numbers.map((number) => Number(number.slice(-6))).sort((a, b) => a - b);
    expect(sequences).toEqual(numbers.map((_, index) => before + 1 + index));
  });

  it('bears no tax for a business in another country of the area', async () => {
    await changeBillingDetails(context, organizationId, { country: 'FR', taxId: 'FR40303265045' });
    expect(await issue(100n)).toMatchObject({ taxTreatment: 'reverse_charge', taxMinor: 0n });
  });

  it('is not changed once it is issued', async () => {
    const { id } = await issue(100n);
    const change = context.database
      .withTables<{ invoicing_invoices: { id: string; total_minor: bigint } }>()
      .updateTable('invoicing_invoices')
      .set({ total_minor: 1n })
      .where('id', '=', id)
      .execute();
    await expect(change).rejects.toThrow('never changed');
  });

  it('carries the seller’s own words as they were on its day', async () => {
    const before = await issue(1000n);
    await changeSettings(context, { invoice_text: 'Transfers to DE02 1203 0000 0000 2020 51' });
    const worded = await issue(1000n);
    await changeSettings(context, { invoice_text: '' });
    const after = await issue(1000n);
    const options = { locale: 'en', timeZone: 'UTC' } as const;
    const notes = [before, worded, after].map((one) => printedInvoice(one, options).notes);
    expect(notes).toEqual([[], ['Transfers to DE02 1203 0000 0000 2020 51'], []]);
    const again = await findInvoice(context.database, worded.id);
    expect(again && printedInvoice(again, options).notes).toEqual(notes[1]);
  });
});
