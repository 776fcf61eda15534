/** B. Proration, trials, upgrades. Dates are UTC where the source names no zone. */
import {
  add,
  changeOfPrice,
  commitmentTrueUp,
  daysBoughtBy,
  directionOf,
  formatRatio,
  type Interval,
  multiply,
  negate,
  type Period,
  type ProrationRule,
  parseRatio,
  periodAt,
  periodNumber,
  type Ratio,
  ratio,
  roundHalfUp,
  shareOf,
  sum,
  totalsOf,
  trueUp,
  truncate,
  unusedShare,
} from './doors.ts';
import type { Example } from './example.ts';

const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
const span = (from: string, to: string): Period => ({ from: at(from), to: at(to) });
const by = (rule: ProrationRule) => ({ rule, timeZone: 'UTC' });
const r = parseRatio;
const dollars = (value: Ratio) => formatRatio(value, 2);
const cents = (value: Ratio) => roundHalfUp(value).toString();
/** The share of a price, by whole days with the first and the last one counted. */
const byDay = (price: string, part: Period, whole: Period) =>
  multiply(r(price), shareOf(part, whole, by('day')));
const taxed = (net: readonly Ratio[], rate: string) =>
  totalsOf({
    lines: net.map((amount) => ({ amount, taxRate: r(rate), isDiscountable: true })),
    ...{ discounts: [], creditNotes: 0n, prepaid: 0n },
  });

const february = span('2023-02-01', '2023-03-01');
const halfway = (from: string, to: string) => {
  const month = span('2026-04-01', '2026-05-01');
  return changeOfPrice({ from: r(from), to: r(to) }, at('2026-04-16'), month, by('second'));
};

export const prorationExamples: readonly Example[] = [
  {
    id: 'W30',
    source: 'Lago, upgrades and downgrades',
    rules: 'proration: day',
    expected: ['7.1'],
    ours: () => {
      const may = span('2022-05-01', '2022-06-01');
      const prices = { from: r('20'), to: r('40') };
      const { credit, charge } = changeOfPrice(prices, at('2022-05-11'), may, by('day'));
      return [dollars(add(credit, charge))];
    },
    differs:
      'The source credits all of the old price, the ten days that were used included; ours credits what was not used.',
  },
  {
    id: 'W31',
    source: 'Lago, subscription',
    rules: 'proration: day',
    expected: ['35.48'],
    ours: () => [
      dollars(byDay('50', span('2022-08-10', '2022-09-01'), span('2022-08-01', '2022-09-01'))),
    ],
  },
  {
    id: 'W32',
    source: 'Lago, plan model',
    rules: 'proration: day',
    expected: ['41.67'],
    ours: () => [
      dollars(byDay('50', span('2022-04-06', '2022-05-01'), span('2022-04-01', '2022-05-01'))),
    ],
  },
  {
    id: 'W34',
    source: 'Lago, free_trial_billing_spec.rb',
    rules: 'proration: day',
    expected: ['2741935'],
    ours: () => {
      const afterTrial = { from: at('2024-03-15T12:12:00Z'), to: at('2024-04-01') };
      return [cents(byDay('5000000', afterTrial, span('2024-03-01', '2024-04-01')))];
    },
  },
  {
    id: 'W38',
    source: 'Lago, upgrade_proration_spec.rb',
    rules: 'proration: day',
    expected: ['32000'],
    ours: () => [
      cents(byDay('91000', span('2024-05-20', '2024-06-21'), span('2024-04-15', '2024-07-15'))),
    ],
  },
  {
    id: 'W39',
    source: 'Lago, upgrades and downgrades',
    expected: ['up', 'down', 'up', 'down'],
    ours: () => {
      const monthly = (amount: string) => ({
        amount: r(amount),
        interval: { unit: 'month', count: 1 } as const,
      });
      const yearly = (amount: string) => ({
        amount: r(amount),
        interval: { unit: 'year', count: 1 } as const,
      });
      return [monthly('40'), monthly('15'), yearly('300'), yearly('180')].map((to) =>
        directionOf(monthly('20'), to),
      );
    },
  },
  {
    id: 'W40',
    source: 'Lago, consolidated invoices',
    expected: ['600', '100', '600'],
    ours: () => {
      const plans = [
        { price: '40', interval: { unit: 'month', count: 1 } },
        { price: '60', interval: { unit: 'month', count: 1 } },
        { price: '500', interval: { unit: 'year', count: 1 } },
      ] as const;
      const anchor = at('2022-01-01');
      const cycle = (interval: Interval) => ({ interval, anchor, timeZone: 'UTC' });
      return [0, 1, 12].map((index) => {
        const month = periodNumber(cycle({ unit: 'month', count: 1 }), index);
        const renewed = plans.filter(
          ({ interval }) => +periodAt(cycle(interval), month.from).from === +month.from,
        );
        return dollars(sum(renewed.map(({ price }) => r(price))));
      });
    },
  },
  {
    id: 'W41',
    source: 'Lago, spending_minimum_spec.rb',
    rules: 'proration: day; tax 20 %',
    expected: ['4645'],
    ours: () => {
      const amount = byDay(
        '5000',
        span('2023-01-08', '2023-02-01'),
        span('2023-01-01', '2023-02-01'),
      );
      return [taxed([amount], '0.2').total.toString()];
    },
  },
  {
    id: 'W42',
    source: 'Lago, spending_minimum_spec.rb',
    rules: 'proration: day; tax 20 %',
    expected: ['800', '93', '1072', '643', '429'],
    ours: () => {
      const had = span('2023-02-01', '2023-02-26');
      const share = shareOf(had, february, by('day'));
      const usage = r('800');
      const missing = ratio(roundHalfUp(trueUp(r('1000'), usage, share)));
      const { total } = taxed([usage, missing], '0.2');
      const unused = multiply(
        r('5000'),
        unusedShare(at('2023-02-25T12:00:00Z'), february, by('day')),
      );
      const credit = taxed([unused], '0.2').total;
      return [usage, missing].map(cents).concat([total, credit, total - credit].map(String));
    },
  },
  {
    id: 'W43',
    source: 'Lago, commitments/minimum/in_arrears_spec.rb',
    rules: 'proration: day',
    expected: ['642857', '803571', '900000'],
    ours: () => {
      const shares = [
        shareOf(span('2023-02-01', '2023-02-06'), span('2023-01-30', '2023-02-06'), by('day')),
        shareOf(span('2023-02-04', '2023-03-01'), february, by('day')),
        ratio(1n),
      ];
      return shares.map((share) => cents(commitmentTrueUp(r('1000000'), r('100000'), share)));
    },
  },
  {
    id: 'W46',
    source: 'Lago, subscriptions/upgrade_spec.rb',
    rules: 'proration: day',
    expected: ['419', '629', '1000', '1500'],
    ours: () => {
      const part = span('2023-07-19', '2023-08-01');
      const july = span('2023-07-01', '2023-08-01');
      return [part, july].flatMap((had) =>
        ['1000', '1500'].map((price) => truncate(byDay(price, had, july)).toString()),
      );
    },
  },
  {
    id: 'W47',
    source: 'Autumn, proration',
    expected: ['15'],
    ours: () => [dollars(net(halfway('20', '50')))],
  },
  {
    id: 'W48',
    source: 'Stripe, prorations',
    expected: ['-5', '10', '5'],
    ours: () => {
      const change = halfway('10', '20');
      return [change.credit, change.charge, net(change)].map(dollars);
    },
  },
  {
    id: 'W49',
    source: 'Stripe, to the second',
    expected: ['-3.64'],
    ours: () => {
      const to = new Date(1_489_449_600_000);
      const period = { from: new Date(to.getTime() - 28 * 86_400_000), to };
      const share = unusedShare(new Date(1_488_568_488_000), period, by('second'));
      return [dollars(negate(multiply(r('10'), share)))];
    },
  },
  {
    id: 'W51',
    source: 'Kill Bill, TestDefaultInvoiceGenerator.java',
    expected: ['27.26'],
    ours: () => {
      const cycle = (anchor: string) => ({
        ...{ interval: { unit: 'month', count: 1 } as const, anchor: at(anchor), timeZone: 'UTC' },
      });
      const october = periodNumber(cycle('2011-09-01'), 1);
      const share = shareOf({ from: october.from, to: at('2011-10-15') }, october, by('second'));
      const first = add(r('5'), multiply(r('5'), share));
      const target = at('2011-12-03');
      let later = r('0');
      for (let index = 0; periodNumber(cycle('2011-10-15'), index).from <= target; index += 1) {
        later = add(later, r('10'));
      }
      return [dollars(add(first, later))];
    },
  },
  {
    id: 'W52',
    source: 'Kill Bill, TestInvoiceDateUtilsWithFixedProration.java',
    rules: 'proration: thirty_days',
    expected: ['0.733333333', '0.733333333', '0.733333333', '0.266666667'],
    ours: () =>
      [
        span('2011-05-23', '2011-06-15'),
        span('2011-02-23', '2011-03-15'),
        span('2012-02-23', '2012-03-15'),
        span('2011-05-15', '2011-05-23'),
      ].map((part) => formatRatio(shareOf(part, part, by('thirty_days')), 9)),
  },
  {
    id: 'W54',
    source: 'Samsung IAP, subscription examples',
    expected: ['15', '8'],
    ours: () => {
      const month = span('2026-09-01', '2026-10-01');
      const when = at('2026-09-16');
      const prices = { from: r('30'), to: r('60') };
      const change = changeOfPrice(prices, when, month, by('second'));
      const left = negate(change.credit);
      return [dollars(net(change)), formatRatio(daysBoughtBy(left, r('60'), 30), 0)];
    },
  },
];

function net({ credit, charge }: { credit: Ratio; charge: Ratio }): Ratio {
  return add(credit, charge);
}
