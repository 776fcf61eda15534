import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../platform/context.ts';
import { ratio } from '../../../platform/ratio.ts';
import type { InvoiceDraft } from '../core/doors.ts';
import { dueOf } from '../core/invoice.ts';
import type { NewLine } from '../core/line.ts';
import type { Discount } from '../core/totals.ts';
import { type Desk, openDesk, serviceLine } from '../testing/desk.ts';
import { changeBillingDetails } from './billing-details.ts';
import { createCreditNote } from './create-credit-note.ts';
import { previewInvoice } from './preview-invoice.ts';

const seed = 20_260_304;
const amounts = fc
  .tuple(fc.bigInt({ min: 0n, max: 5_000_000n }), fc.bigInt({ min: 1n, max: 366n }))
  .map(([numerator, denominator]) => ratio(numerator, denominator));
const lines: fc.Arbitrary<NewLine[]> = fc.array(
  fc
    .tuple(amounts, fc.boolean(), fc.boolean())
    .map(([amount, isTaxed, isDiscountable]) => serviceLine(amount, { isTaxed, isDiscountable })),
  { minLength: 1, maxLength: 8 },
);
const discount: fc.Arbitrary<Discount> = fc.oneof(
  fc.nat(100).map((share) => ({ kind: 'percentage' as const, share: ratio(BigInt(share), 100n) })),
  amounts.map((amount) => ({ kind: 'amount' as const, amount })),
);

describe('previewInvoice', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  it('shows exactly what issuing stores, whatever lines, discounts, tax and credit', async () => {
    const drawn = fc.record({
      lines,
      discounts: fc.array(discount, { maxLength: 2 }),
      credit: fc.bigInt({ min: 0n, max: 20_000n }),
      taxId: fc.constantFrom(null, 'FR40303265045'),
    });
    const property = fc.asyncProperty(drawn, async ({ lines, discounts, credit, taxId }) => {
      const organizationId = await desk.newCustomer();
      await changeBillingDetails(desk.context, organizationId, {
        ...{ taxId, country: taxId && 'FR' },
      });
      await giveCredit(organizationId, credit);
      const draft: InvoiceDraft = {
        ...{ organizationId, kind: 'subscription', currency: 'USD', lines, discounts },
      };
      const shown = await previewInvoice(desk.context, desk.db.database, draft);
      const stored = await desk.issue(organizationId, lines, { discounts });
      expect(figuresOf(shown)).toEqual(figuresOf({ ...stored, totalMinor: stored.total.minor }));
      expect(shown.dueMinor).toBe(dueOf(stored).minor);
      expect(stored.creditAppliedMinor).toBe(least(credit, stored.total.minor));
    });
    await fc.assert(property, { seed, numRuns: 40 });
  });

  async function giveCredit(organizationId: string, minor: bigint): Promise<void> {
    if (minor === 0n) return;
    const untaxed = serviceLine(ratio(minor), { isTaxed: false });
    const { id } = await desk.issue(organizationId, [untaxed]);
    const cents = minor.toString().padStart(3, '0');
    await desk.pay(organizationId, `${cents.slice(0, -2)}.${cents.slice(-2)}`, id);
    await inTransaction(desk.context, (transaction) =>
      createCreditNote(desk.context, transaction, {
        ...{ invoiceId: id, credit: { kind: 'whole' }, reason: 'Goodwill' },
      }),
    );
  }
});

const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** What preview and invoice have in common. */
function figuresOf({ lines, ...invoice }: Awaited<ReturnType<typeof previewInvoice>> | Figures) {
  return {
    lines: lines.map(({ text, amount, amountMinor, netMinor, taxRate }) => ({
      ...{ text, amount, amountMinor, netMinor, taxRate },
    })),
    subtotalMinor: invoice.subtotalMinor,
    discountMinor: invoice.discountMinor,
    taxes: invoice.taxes,
    taxMinor: invoice.taxMinor,
    isTaxInclusive: invoice.isTaxInclusive,
    totalMinor: invoice.totalMinor,
    creditAppliedMinor: invoice.creditAppliedMinor,
    customer: invoice.customer,
  };
}

type Figures = Awaited<ReturnType<Desk['read']>> & { totalMinor: bigint };
