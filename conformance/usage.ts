/** A. How what is reported of a meter comes to one quantity: through the door that reports, read as invoices read it. */
import {
  formatRatio,
  type PricingModel,
  type Ratio,
  rateCharge,
  ratio,
  roundHalfUp,
} from './doors.ts';
import type { Example } from './example.ts';
import { meter } from './world.ts';

const at = (day: string) => new Date(`${day}T00:00:00Z`);
const march = [at('2023-03-01'), at('2023-04-01')] as const;
const april = [at('2023-04-01'), at('2023-05-01')] as const;
const oneDollar: PricingModel = { model: 'per_unit', unitAmount: ratio(1n) };
const cents = (quantity: Ratio) => {
  const { amount } = rateCharge({ pricing: oneDollar }, { quantity });
  return roundHalfUp(ratio(amount.numerator * 100n, amount.denominator)).toString();
};

export const usageExamples: readonly Example[] = [
  {
    id: 'W26',
    source: 'Lago, aggregation examples',
    expected: ['2', '30', '20', '1'],
    async ours() {
      const seen: string[] = [];
      for (const aggregation of ['count', 'sum', 'max', 'unique']) {
        const terms = { aggregation, ...(aggregation === 'unique' && { property: 'user' }) };
        const pageviews = await meter(terms);
        for (const [quantity, day] of [
          [10, '2023-03-05'],
          [20, '2023-03-06'],
        ] as const) {
          const properties = aggregation === 'unique' ? { user: 'one' } : undefined;
          await pageviews.use(quantity, at(day), properties);
        }
        seen.push(formatRatio(await pageviews.used(...march), 9));
      }
      return seen;
    },
  },
  {
    id: 'W27',
    source: 'Lago, scenarios/current_usage/by_aggregation_type/weighted_sum_agg_spec.rb',
    rules: 'a level, which carries over',
    expected: ['217742', '53333', '300'],
    async ours() {
      const weighted = await meter({ aggregation: 'weighted_sum', kind: 'level' });
      const standing = await meter({ aggregation: 'sum', kind: 'level' });
      for (const [quantity, day] of [
        [2500, '2023-03-05'],
        [-2000, '2023-04-04'],
        [-200, '2023-04-06'],
      ] as const) {
        await weighted.use(quantity, at(day));
        await standing.use(quantity, at(day));
      }
      return [
        cents(await weighted.used(...march)),
        cents(await weighted.used(...april)),
        formatRatio(await standing.used(...april), 9),
      ];
    },
  },
];
