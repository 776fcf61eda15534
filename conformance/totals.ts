/** C. Tax, coupons, credit notes, rounding. */
import {
  type Discount,
  defaultRules,
  formatRatio,
  multiply,
  parseRatio,
  ratio,
  type TotalsRules,
  totalsOf,
  trueUp,
} from './doors.ts';
import type { Example } from './example.ts';

const r = parseRatio;
interface Given {
  lines: readonly [amount: string, tax?: string, isDiscountable?: boolean][];
  discounts?: readonly Discount[];
  creditNotes?: bigint;
  prepaid?: bigint;
  rules?: Partial<TotalsRules>;
}
const hundred = ratio(100n);
const totals = ({ lines, discounts = [], creditNotes = 0n, prepaid = 0n, rules }: Given) =>
  totalsOf(
    {
      lines: lines.map(([amount, tax = '0', isDiscountable = true]) => ({
        ...{ amount: multiply(r(amount), hundred), taxRate: r(tax), isDiscountable },
      })),
      ...{ discounts, creditNotes, prepaid },
    },
    { ...defaultRules, ...rules },
  );
const cents = (minor: bigint) => minor.toString();
const half: readonly Discount[] = [{ kind: 'percentage', share: r('0.5') }];
const fifth: readonly Discount[] = [{ kind: 'percentage', share: r('0.2') }];
const tenOff: readonly Discount[] = [{ kind: 'amount', amount: ratio(1000n) }];

export const totalsExamples: readonly Example[] = [
  {
    id: 'W55',
    source: 'Lago, fees',
    expected: ['0.18', '0.17'],
    ours: () => ['0.175', '0.174'].map((text) => formatRatio(r(text), 2)),
  },
  {
    id: 'W56',
    source: 'Lago, fees',
    expected: ['556'],
    ours: () => [
      cents(
        totals({
          lines: [
            ['0.17', '0.2'],
            ['4.46', '0.2'],
          ],
        }).total,
      ),
    ],
  },
  {
    id: 'W57',
    source: 'Lago, credit notes',
    expected: ['600', '6600', '1600'],
    ours: () => {
      const { taxes, total, due } = totals({
        ...{
          lines: [
            ['50', '0.1'],
            ['20', '0.1'],
          ],
          discounts: tenOff,
        },
        ...{ creditNotes: 2000n, prepaid: 3000n },
      });
      return [taxes[0]?.amount ?? 0n, total, due].map(cents);
    },
  },
  {
    id: 'W58',
    source: 'Lago, invoice calculation method',
    rules: 'discounts after tax',
    expected: ['3700'],
    ours: () => {
      const { due } = totals({
        ...{
          lines: [
            ['50', '0.1'],
            ['20', '0.1'],
          ],
          discounts: tenOff,
          prepaid: 3000n,
        },
        rules: { discountsBeforeTax: false },
      });
      return [cents(due)];
    },
  },
  {
    id: 'W60',
    source: 'Lago, credit_note_rounding_spec.rb',
    expected: ['19333', '4833', '24166'],
    ours: () => credited(20_000n, 29n, 30n),
  },
  {
    id: 'W61',
    source: 'Lago, credit_note_rounding_spec.rb',
    expected: ['15467', '3867', '19334'],
    ours: () => credited(16_000n, 29n, 30n),
  },
  {
    id: 'W64',
    source: 'UniBee, invoice computation',
    rules: 'tax rounding: truncate',
    expected: ['72', '1522'],
    ours: () => {
      const { taxes, total } = totals({
        ...{ lines: [['29', '0.05']], discounts: half, rules: { taxRounding: 'truncate' } },
      });
      return [taxes[0]?.amount ?? 0n, total].map(cents);
    },
  },
  {
    id: 'W65',
    source: 'Lago, wallets/topup_with_rounding_spec.rb',
    expected: ['17.97', '1797'],
    ours: () => {
      const credits = '17.9699999999999988631316';
      return [formatRatio(r(credits), 2), cents(totals({ lines: [[credits]] }).total)];
    },
  },
  {
    id: 'W67',
    source: 'Lago, minimum of a charge',
    expected: ['50'],
    ours: () => [formatRatio(trueUp(r('100'), r('50'), ratio(1n)), 2)],
  },
  {
    id: 'W68',
    source: 'Autumn, proration-credit-discount.spec.ts',
    expected: ['-1600', '-2000'],
    ours: () =>
      [true, false].map((isDiscountable) =>
        cents(totals({ lines: [['-20', '0', isDiscountable]], discounts: fifth }).total),
      ),
  },
];

/** What a credit note comes to for so many days of a period of `days`, at 25 % tax. */
function credited(price: bigint, unused: bigint, days: bigint): string[] {
  const amount = ratio(price * unused, days);
  const { subtotal, taxes, total } = totalsOf({
    lines: [{ amount, taxRate: r('0.25'), isDiscountable: true }],
    ...{ discounts: [], creditNotes: 0n, prepaid: 0n },
  });
  return [subtotal, taxes[0]?.amount ?? 0n, total].map(cents);
}
