/**
 * What an invoice comes to. Lines are exact; each figure is rounded once, to the currency's minor unit, and lines are
 * shown so that they add up. The order is: discounts, tax, credit notes, prepaid credit.
 */
import {
  add,
  compare,
  divide,
  floor,
  greatest,
  isZero,
  least,
  multiply,
  one,
  type Ratio,
  ratio,
  roundHalfUp,
  subtract,
  sum,
  truncate,
  zero,
} from '../../../platform/ratio.ts';

export interface DraftLine {
  /** In minor units, exact; negative for a credit. */
  amount: Ratio;
  /** 0.19 for 19 %. */
  taxRate: Ratio;
  /** False where no discount applies, such as to a top-up. */
  isDiscountable: boolean;
}

export type Discount =
  | { kind: 'percentage'; share: Ratio }
  /** Minor units; no more than what it applies to. */
  | { kind: 'amount'; amount: Ratio };

export interface TotalsRules {
  /** Whether amounts have the tax in them. */
  isTaxInclusive: boolean;
  /** Whether discounts lessen what is taxed. */
  discountsBeforeTax: boolean;
  taxRounding: 'half_up' | 'truncate';
}

export const defaultRules: TotalsRules = {
  isTaxInclusive: false,
  discountsBeforeTax: true,
  taxRounding: 'half_up',
};

export interface Draft {
  lines: readonly DraftLine[];
  discounts: readonly Discount[];
  /** Credit notes that may be used up here, in minor units. */
  creditNotes: bigint;
  /** Prepaid credit that may be used up here, in minor units. */
  prepaid: bigint;
}

/** In minor units. */
export interface Totals {
  /** Each line as it is shown; they add up to the subtotal. */
  lines: bigint[];
  /** Each line less its part of the discounts, before tax is added; they add up to subtotal − discount. */
  discounted: bigint[];
  subtotal: bigint;
  discount: bigint;
  /** Tax by rate, in the order in which rates appear. */
  taxes: { rate: Ratio; taxable: bigint; amount: bigint }[];
  total: bigint;
  creditNotes: bigint;
  prepaid: bigint;
  due: bigint;
}

export function totalsOf(draft: Draft, rules: TotalsRules = defaultRules): Totals {
  const exact = draft.lines.map(({ amount }) => amount);
  const subtotal = roundHalfUp(sum(exact));
  const reductions = reductionsOf(draft);
  const reduction = sum(reductions);
  const discounted = exact.map((amount, index) => subtract(amount, reductions[index] ?? zero));
  const discount = roundHalfUp(reduction);
  const shown = {
    lines: shownSoThatTheyAddUp(exact, subtotal),
    discounted: shownSoThatTheyAddUp(discounted, subtotal - discount),
  };
  const taxed = rules.discountsBeforeTax ? shown.discounted : shown.lines;
  const taxes = taxesOf(draft.lines, taxed, rules);
  const added = rules.isTaxInclusive ? 0n : taxes.reduce((total, { amount }) => total + amount, 0n);
  const total = subtotal - discount + added;
  const creditNotes = within(draft.creditNotes, total);
  const prepaid = within(draft.prepaid, total - creditNotes);
  return {
    ...shown,
    ...{ subtotal, discount, taxes, total, creditNotes, prepaid },
    due: total - creditNotes - prepaid,
  };
}

/**
 * Rounds parts so that they add up to the whole: each is rounded down, and what is missing goes, a unit each, to those
 * that lost most, the earlier first.
 */
export function shownSoThatTheyAddUp(parts: readonly Ratio[], whole: bigint): bigint[] {
  const floors = parts.map(floor);
  const missing = Number(whole - floors.reduce((total, part) => total + part, 0n));
  const lost = parts.map((part, index) => ({
    index,
    rest: subtract(part, ratio(floors[index] ?? 0n)),
  }));
  const order = lost.sort((a, b) => compare(b.rest, a.rest) || a.index - b.index);
  for (const { index } of order.slice(0, Math.max(missing, 0))) {
    floors[index] = (floors[index] ?? 0n) + 1n;
  }
  return floors;
}

/** What discounts take off each line: one after the other, each from what the ones before left. */
function reductionsOf({ lines, discounts }: Draft): Ratio[] {
  let left = lines.map((line) => (line.isDiscountable ? line.amount : zero));
  for (const discount of discounts) {
    const before = sum(left);
    if (isZero(before)) break;
    const amount =
      discount.kind === 'percentage'
        ? multiply(before, discount.share)
        : greatest(zero, least(discount.amount, before));
    const kept = subtract(one, divide(amount, before));
    left = left.map((part) => multiply(part, kept));
  }
  return lines.map((line, index) =>
    line.isDiscountable ? subtract(line.amount, left[index] ?? zero) : zero,
  );
}

/**
 * Tax is computed once for each rate, as a person would: on the figures shown of all that it applies to. What is taxed and
 * what is not add up to what is left after discounts, to the unit.
 */
function taxesOf(
  lines: readonly DraftLine[],
  shown: readonly bigint[],
  rules: TotalsRules,
): Totals['taxes'] {
  const groups = new Map<string, { rate: Ratio; taxable: bigint }>();
  for (const [index, { taxRate }] of lines.entries()) {
    const key = `${taxRate.numerator}/${taxRate.denominator}`;
    const taxable = (groups.get(key)?.taxable ?? 0n) + (shown[index] ?? 0n);
    groups.set(key, { rate: taxRate, taxable });
  }
  const round = rules.taxRounding === 'half_up' ? roundHalfUp : truncate;
  return [...groups.values()].map(({ rate, taxable }) => {
    const share = rules.isTaxInclusive ? divide(rate, add(one, rate)) : rate;
    return { rate, taxable, amount: round(multiply(ratio(taxable), share)) };
  });
}

function within(available: bigint, total: bigint): bigint {
  if (total <= 0n) return 0n;
  return available < total ? available : total;
}
