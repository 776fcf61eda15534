import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { multiply, parseRatio, ratio, sum } from '../../../platform/ratio.ts';
import { type Draft, defaultRules, shownSoThatTheyAddUp, totalsOf } from './totals.ts';

const line = (amount: string, taxRate = '0', isDiscountable = true) => ({
  amount: multiply(parseRatio(amount), ratio(100n)),
  taxRate: parseRatio(taxRate),
  isDiscountable,
});
const draft = (given: Partial<Draft>): Draft => ({
  ...{ lines: [], discounts: [], creditNotes: 0n, prepaid: 0n },
  ...given,
});

describe('totalsOf', () => {
  test('takes the coupon off, then taxes, then uses credit notes and prepaid credit', () => {
    const given = draft({
      lines: [line('50', '0.1'), line('20', '0.1')],
      discounts: [{ kind: 'amount', amount: ratio(1000n) }],
      creditNotes: 2000n,
      prepaid: 3000n,
    });
    expect(totalsOf(given)).toMatchObject({
      ...{ subtotal: 7000n, discount: 1000n, total: 6600n },
      ...{ creditNotes: 2000n, prepaid: 3000n, due: 1600n },
    });
    expect(totalsOf(given, { ...defaultRules, discountsBeforeTax: false })).toMatchObject({
      total: 6700n,
      due: 1700n,
    });
  });

  test('rounds tax once, on the total', () => {
    const totals = totalsOf(draft({ lines: [line('0.17', '0.2'), line('4.46', '0.2')] }));
    expect(totals).toMatchObject({ total: 556n, taxes: [{ taxable: 463n, amount: 93n }] });
  });

  test('rounds tax half up, or truncates it where the rule says so', () => {
    const given = draft({
      lines: [line('29', '0.05')],
      discounts: [{ kind: 'percentage', share: parseRatio('0.5') }],
    });
    expect(totalsOf(given).total).toBe(1523n);
    expect(totalsOf(given, { ...defaultRules, taxRounding: 'truncate' }).total).toBe(1522n);
  });

  test('finds the tax that is in an inclusive price', () => {
    const rules = { ...defaultRules, isTaxInclusive: true };
    const totals = totalsOf(draft({ lines: [line('119', '0.19')] }), rules);
    expect(totals).toMatchObject({ total: 11_900n, taxes: [{ amount: 1900n }] });
  });

  test('taxes each rate by itself, with the discount shared out', () => {
    const totals = totalsOf(
      draft({
        lines: [line('80', '0.2'), line('20', '0.05')],
        discounts: [{ kind: 'amount', amount: ratio(1000n) }],
      }),
    );
    expect(totals.taxes.map(({ taxable, amount }) => [taxable, amount])).toEqual([
      [7200n, 1440n],
      [1800n, 90n],
    ]);
    expect(totals.total).toBe(9000n + 1530n);
  });

  test('never lets a coupon take more than there is, or touch what it does not apply to', () => {
    const discounts = [{ kind: 'amount', amount: ratio(5000n) }] as const;
    expect(totalsOf(draft({ lines: [line('20')], discounts })).total).toBe(0n);
    const topUp = draft({ lines: [line('20', '0', false), line('10')], discounts });
    expect(totalsOf(topUp)).toMatchObject({ discount: 1000n, total: 2000n });
  });

  test('discounts a refunded line alike', () => {
    const discounts = [{ kind: 'percentage', share: parseRatio('0.2') }] as const;
    expect(totalsOf(draft({ lines: [line('-20')], discounts })).total).toBe(-1600n);
    expect(totalsOf(draft({ lines: [line('-20', '0', false)], discounts })).total).toBe(-2000n);
  });

  test.each([
    ['200', '29', '0.25', 19_333n, 24_166n],
    ['160', '29', '0.25', 15_467n, 19_334n],
  ])('credits %s for %s days of 30 with its tax', (price, days, rate, net, gross) => {
    const amount = multiply(multiply(parseRatio(price), ratio(100n)), ratio(BigInt(days), 30n));
    const lines = [{ amount, taxRate: parseRatio(rate), isDiscountable: true }];
    expect(totalsOf(draft({ lines }))).toMatchObject({ subtotal: net, total: gross });
  });

  test('always adds up', () => {
    const lines = fc.array(
      fc.record({
        amount: fc
          .tuple(fc.bigInt({ min: -5_000n, max: 900_000n }), fc.bigInt({ min: 1n, max: 366n }))
          .map(([numerator, denominator]) => ratio(numerator, denominator)),
        taxRate: fc.constantFrom('0', '0.06', '0.19', '0.2').map(parseRatio),
        isDiscountable: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    const credits = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(lines, fc.nat(100), credits, credits, (given, percent, creditNotes, prepaid) => {
        const share = ratio(BigInt(percent), 100n);
        const discounts = [{ kind: 'percentage', share }] as const;
        const totals = totalsOf({ lines: given, discounts, creditNotes, prepaid });
        const taxes = totals.taxes.reduce((total, { amount }) => total + amount, 0n);
        expect(totals.lines.reduce((total, part) => total + part, 0n)).toBe(totals.subtotal);
        expect(totals.subtotal - totals.discount + taxes).toBe(totals.total);
        expect(totals.due).toBe(totals.total - totals.creditNotes - totals.prepaid);
        if (totals.total >= 0n) expect(totals.due >= 0n).toBe(true);
      }),
    );
  });
});

describe('shownSoThatTheyAddUp', () => {
  test('gives what is missing to those that lost most', () => {
    const thirds = [ratio(100n, 3n), ratio(100n, 3n), ratio(100n, 3n)];
    expect(shownSoThatTheyAddUp(thirds, 100n)).toEqual([34n, 33n, 33n]);
    expect(sum(thirds)).toEqual(ratio(100n));
    expect(shownSoThatTheyAddUp([ratio(-1n, 2n), ratio(3n, 2n)], 1n)).toEqual([0n, 1n]);
  });
});
