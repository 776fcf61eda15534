/** A. Pricing models. */
import {
  type Charge,
  difference,
  formatRatio,
  type PeriodUsage,
  type PricingModel,
  parseRatio,
  type Ratio,
  rateCharge,
  rateProrated,
  ratio,
  type Tier,
} from './doors.ts';
import type { Example } from './example.ts';

const r = parseRatio;
const tier = (upTo: string | null, unit: string, flat = '0', per?: string): Tier => ({
  upTo: upTo === null ? null : r(upTo),
  unitAmount: r(unit),
  flatAmount: r(flat),
  ...(per === undefined ? {} : { per: r(per) }),
});
const amount = (charge: Charge, usage: PeriodUsage) =>
  formatRatio(rateCharge(charge, usage).amount, 6);
const of = (pricing: PricingModel, ...quantities: string[]) =>
  quantities.map((quantity) => amount({ pricing }, { quantity: r(quantity) }));
const ofEvents = (pricing: PricingModel, events: readonly string[]) => {
  const parsed = events.map(r);
  const quantity = parsed.reduce(
    (total, event) => ({
      numerator: total.numerator * event.denominator + event.numerator * total.denominator,
      denominator: total.denominator * event.denominator,
    }),
    r('0'),
  );
  return amount({ pricing }, { quantity, events: parsed });
};
/** What each further quantity adds. */
const steps = (pricing: PricingModel, ...totals: string[]) =>
  totals.slice(1).map((total, index) => {
    const before = rateCharge({ pricing }, { quantity: r(totals[index] ?? '0') });
    return formatRatio(
      difference(rateCharge({ pricing }, { quantity: r(total) }), before.amount),
      6,
    );
  });

const lagoTiers = [tier('10', '10', '2'), tier('20', '5', '3'), tier(null, '5', '3')];
const volumeTiers = [tier('100', '2', '10'), tier('200', '1'), tier(null, '0.5', '50')];
const cliff: PricingModel = {
  model: 'volume',
  tiers: [tier('5', '0', '100'), tier('10', '0', '150'), tier('15', '10'), tier(null, '5')],
};
const shares = [tier('10', '0.01', '200'), tier('20', '0.02', '300'), tier(null, '0.03', '400')];
const cents = (pricing: PricingModel, quantity: string) =>
  formatRatio(rateCharge({ pricing }, { quantity: r(quantity) }).amount, 2);

export const pricingExamples: readonly Example[] = [
  {
    id: 'W01',
    source: 'Lago, charges: standard',
    expected: ['50'],
    ours: () => of({ model: 'per_unit', unitAmount: r('0.05') }, '1000'),
  },
  {
    id: 'W02',
    source: 'Lago, graduated_service_spec.rb',
    rules: 'charge_flat_fee_at_zero: true, then the first flat fee 0',
    expected: ['2', '12', '102', '110', '115', '163', '0'],
    ours: () => [
      ...of({ model: 'graduated', tiers: lagoTiers }, '0', '1', '10', '11', '12', '21'),
      ...of({ model: 'graduated', tiers: [tier('10', '10'), ...lagoTiers.slice(1)] }, '0'),
    ],
  },
  {
    id: 'W03',
    source: 'Autumn, graduated pricing',
    expected: ['107'],
    ours: () =>
      of(
        {
          model: 'graduated',
          tiers: [tier('1000', '0.01'), tier('10000', '0.008'), tier(null, '0.005')],
        },
        '15000',
      ),
  },
  {
    id: 'W04',
    source: 'Zuplo, pricing models',
    expected: ['600', '150'],
    ours: () => {
      const tiers = [tier('1000', '0.10'), tier('10000', '0.05'), tier(null, '0.01')];
      return [
        ...of({ model: 'graduated', tiers }, '15000'),
        ...of({ model: 'volume', tiers }, '15000'),
      ];
    },
  },
  {
    id: 'W06',
    source: 'Lago, volume_service_spec.rb',
    expected: ['10', '12', '210', '100.5', '101', '200'],
    ours: () => of({ model: 'volume', tiers: volumeTiers }, '0', '1', '100', '100.5', '101', '200'),
  },
  {
    id: 'W08',
    source: 'Lago, package',
    expected: ['10'],
    ours: () =>
      of({ model: 'package', amount: r('5'), size: r('100'), freeUnits: r('100') }, '201'),
  },
  {
    id: 'W09',
    source: 'Lago, package_service_spec.rb',
    expected: ['1300', '1200', '0'],
    ours: () =>
      ['0', '10', '200'].flatMap((freeUnits) =>
        of({ model: 'package', amount: r('100'), size: r('10'), freeUnits: r(freeUnits) }, '121'),
      ),
  },
  {
    id: 'W11',
    source: 'Flexprice, tiered',
    expected: ['5', '39'],
    ours: () =>
      of(
        { model: 'volume', tiers: [tier('10000', '1', '0', '1000'), tier(null, '0.0006')] },
        '4500',
        '65000',
      ),
  },
  {
    id: 'W12',
    source: 'Lago, percentage',
    expected: ['0', '0.7'],
    ours: () => {
      const pricing: PricingModel = {
        ...{ model: 'percentage', rate: r('0.012'), fixedAmount: r('0.10') },
        ...{ freeEvents: 3, freeTotal: r('500') },
      };
      return [
        ['200', '100', '100'],
        ['200', '100', '100', '50'],
      ].map((events) => ofEvents(pricing, events));
    },
  },
  {
    id: 'W13',
    source: 'Lago, percentage_service_spec.rb',
    expected: ['11.15', '7.2', '18.4', '8'],
    ours: () => {
      const base = { model: 'percentage', rate: r('0.013'), fixedAmount: r('2') } as const;
      const all: PricingModel[] = [
        { ...base, freeEvents: 3, freeTotal: r('250') },
        { ...base, freeEvents: 3 },
        base,
        { ...base, rate: r('0') },
      ];
      return all.map((pricing) => ofEvents(pricing, ['50', '100', '250', '400']));
    },
  },
  {
    id: 'W15',
    source: 'Lago, graduated_percentage_service_spec.rb',
    expected: ['200', '200.01', '200.1', '500.12', '500.14', '900.33'],
    ours: () =>
      of({ model: 'graduated_percentage', tiers: shares }, '0', '1', '10', '11', '12', '21'),
  },
  {
    id: 'W16',
    source: 'Lago, graduated percentage',
    rules: 'charge_flat_fee_at_zero: false',
    expected: ['205', '306', '80'],
    ours: () =>
      steps(
        {
          model: 'graduated_percentage',
          tiers: [
            tier('1000', '0.01', '200'),
            tier('10000', '0.02', '300'),
            tier(null, '0.03', '400'),
          ],
          chargesFlatAtZero: false,
        },
        ...['0', '500', '1050', '5050'],
      ),
  },
  {
    id: 'W17',
    source: 'OpenMeter, tieredgraduated_test.go',
    expected: ['182', '15', '22'],
    ours: () => {
      const tiers = [
        tier('5', '0', '100'),
        tier('10', '0', '50'),
        tier('15', '5'),
        tier(null, '1'),
      ];
      const pricing: PricingModel = { model: 'graduated', tiers };
      const [beyond] = steps(pricing, '12', '22');
      const [third] = steps(pricing, '12', '15');
      return [...of(pricing, '22'), third ?? '', beyond ?? ''];
    },
  },
  {
    id: 'W18',
    source: 'OpenMeter, tieredvolume_test.go',
    rules: 'minimum spend 150 in the last two',
    expected: ['100', '100', '100', '140', '150', '80', '500', '150', '150'],
    ours: () => [
      ...of(cliff, '0', '3', '5', '14', '15', '16', '100'),
      ...['0', '5'].map((quantity) =>
        amount({ pricing: cliff, minimumSpend: r('150') }, { quantity: r(quantity) }),
      ),
    ],
  },
  {
    id: 'W21',
    source: 'OpenMeter, dynamic_test.go',
    rules: 'maximum spend 100 in the second',
    expected: ['13.33', '6.67', '6.67'],
    ours: () => {
      const pricing: PricingModel = { model: 'dynamic', multiplier: r('1.33333') };
      const capped = rateCharge({ pricing, maximumSpend: r('100') }, { quantity: r('120') });
      const discounted = rateCharge({ pricing }, { quantity: r('50') });
      return [
        cents(pricing, '10'),
        formatRatio(difference(capped, r('93.33')), 2),
        formatRatio(difference(discounted, r('60')), 2),
      ];
    },
  },
  {
    id: 'W22',
    source: 'OpenMeter, delta rating',
    expected: ['30', '-70'],
    ours: () => {
      const unit: PricingModel = { model: 'per_unit', unitAmount: r('10') };
      const volume: PricingModel = { model: 'volume', tiers: [tier('15', '10'), tier(null, '5')] };
      return [...steps(unit, '5', '8'), ...steps(volume, '15', '16')];
    },
  },
  {
    id: 'W24',
    source: 'Kill Bill, TestContiguousIntervalConsumableInArrear.java',
    expected: ['15'],
    ours: () =>
      of(
        {
          model: 'graduated',
          tiers: [tier('1000', '1', '0', '100'), tier(null, '1', '0', '1000')],
        },
        '5325',
      ),
  },
  {
    id: 'W29',
    source: 'Lago, prorated_graduated_service_spec.rb',
    expected: ['197.33', '184.33', '125', '0'],
    ours: () => {
      const tiers = [tier('5', '10', '100'), tier(null, '5', '50')];
      const twoThirds = ratio(8n, 3n);
      return [
        prorated(tiers, [
          ['5', r('3.5')],
          ['5', twoThirds],
          ['10', r('2')],
          ['-6', r('-2.2')],
        ]),
        prorated(tiers, [
          ['2', r('1.4')],
          ['5', twoThirds],
          ['10', r('2')],
          ['-6', r('-2.2')],
        ]),
        prorated(tiers, [
          ['5', r('3.5')],
          ['-2', r('-1')],
        ]),
        prorated(
          [tier(null, '10')],
          [
            ['5', r('1')],
            ['-5', r('-5')],
          ],
        ),
      ];
    },
  },
  {
    id: 'W76',
    source: 'Autumn, track-tokens.test.ts',
    expected: ['0.125', '0.0625'],
    ours: () => [tokens('5', '15', [10_000n, 5_000n]), tokens('5', '15', [5_000n, 2_500n])],
  },
  {
    id: 'W77',
    source: 'Autumn, track-tokens.test.ts',
    expected: ['0.21'],
    ours: () => [tokens('10', '30', [8_000n, 2_000n], '0.5')],
  },
  {
    id: 'W78',
    source: 'Autumn, track-tokens-tiered.test.ts',
    expected: ['0.21', '0.26'],
    ours: () => [
      tokens('10', '20', [10_000n, 5_000n], '0.05'),
      tokens('10', '20', [10_000n, 5_000n], '0.3'),
    ],
  },
  {
    id: 'W90',
    source: 'OpenMeter, per-unit pricing',
    expected: ['100'],
    ours: () => of({ model: 'per_unit', unitAmount: r('0.01') }, '10000'),
  },
];

function prorated(tiers: readonly Tier[], events: readonly (readonly [string, Ratio])[]): string {
  const given = events.map(([units, share]) => ({ units: r(units), prorated: share }));
  return formatRatio(rateProrated({ model: 'graduated', tiers }, given), 2);
}

function tokens(
  input: string,
  output: string,
  used: readonly [bigint, bigint],
  markup?: string,
): string {
  const pricing: PricingModel = {
    model: 'tokens',
    perMillion: { input: r(input), output: r(output) },
    ...(markup === undefined ? {} : { markup: r(markup) }),
  };
  return amount({ pricing }, { quantity: r('0'), tokens: { input: used[0], output: used[1] } });
}
