/** Lines, discounts and a tax become the figures of an invoice. Issuing stores them and a preview shows the same. */
import { type Ratio, ratio } from '../../../platform/ratio.ts';
import type { NewLine } from './line.ts';
import { shareOfRate, type Taxation } from './tax.ts';
import { type Discount, defaultRules, totalsOf } from './totals.ts';

export interface ComposeInput {
  lines: readonly NewLine[];
  discounts: readonly Discount[];
  taxation: Taxation;
  /** The customer's credit that may be used up, in minor units. */
  credit: bigint;
}

export interface ComposedLine extends NewLine {
  /** As it is shown; all lines add up to the subtotal. */
  amountMinor: bigint;
  /** Less its part of the discounts; all lines add up to subtotal − discount. */
  netMinor: bigint;
  /** Percent; null where no tax applies. */
  taxRate: string | null;
}

export interface InvoiceTax {
  name: string;
  /** Percent. */
  rate: string;
  taxableMinor: bigint;
  amountMinor: bigint;
}

/** In minor units. */
export interface Composition {
  lines: ComposedLine[];
  subtotalMinor: bigint;
  discountMinor: bigint;
  taxes: InvoiceTax[];
  taxMinor: bigint;
  isTaxInclusive: boolean;
  totalMinor: bigint;
  creditAppliedMinor: bigint;
}

export function compose({ lines, discounts, taxation, credit }: ComposeInput): Composition {
  const { rate } = taxation;
  const rateOf = ({ isTaxed }: NewLine) => (isTaxed && rate ? rate.rate : null);
  const isTaxInclusive = rate?.isInclusive ?? false;
  const totals = totalsOf(
    {
      lines: lines.map((line) => ({
        amount: line.amount,
        taxRate: shareOfRate(rateOf(line)),
        isDiscountable: line.isDiscountable,
      })),
      discounts,
      creditNotes: credit,
      prepaid: 0n,
    },
    { ...defaultRules, isTaxInclusive },
  );
  const taxes = totals.taxes.flatMap(({ rate: share, taxable, amount }): InvoiceTax[] =>
    rate && isSame(share, shareOfRate(rate.rate))
      ? [{ name: rate.name, rate: rate.rate, taxableMinor: taxable, amountMinor: amount }]
      : [],
  );
  return {
    lines: lines.map((line, index) => ({
      ...line,
      amountMinor: totals.lines[index] ?? 0n,
      netMinor: totals.discounted[index] ?? 0n,
      taxRate: rateOf(line),
    })),
    subtotalMinor: totals.subtotal,
    discountMinor: totals.discount,
    taxes,
    taxMinor: taxes.reduce((total, { amountMinor }) => total + amountMinor, 0n),
    isTaxInclusive,
    totalMinor: totals.total,
    creditAppliedMinor: totals.creditNotes,
  };
}

/** One line of a whole amount that is not discounted, such as a purchase at a price. */
export function purchaseLine(
  line: Pick<NewLine, 'kind' | 'text' | 'isTaxed'> & { minor: bigint },
): NewLine {
  const { minor, ...what } = line;
  const amount = ratio(minor);
  return { ...what, quantity: ratio(1n), unitAmount: amount, amount, isDiscountable: false };
}

function isSame(a: Ratio, b: Ratio): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}
