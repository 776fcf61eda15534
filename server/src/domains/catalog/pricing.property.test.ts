import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { applyPricing } from './operations/apply-pricing.ts';
import { exportPricing, type PricingLists, writePricing } from './operations/export-pricing.ts';

const runs = 12;
let dbs: TestDatabase[];
beforeAll(async () => {
  dbs = [await createTestDatabase(), await createTestDatabase()];
});
afterAll(() => Promise.all(dbs.map((db) => db.close())));

const money = fc
  .tuple(fc.nat(99_999), fc.nat(99))
  .map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`);
const decimal = fc
  .tuple(fc.nat(9_999), fc.stringMatching(/^\d{1,9}$/))
  .map(([whole, decimals]) => `${whole}.${decimals}`);
const some = <T>(values: fc.Arbitrary<T>, max: number, key: (value: T) => string) =>
  fc.uniqueArray(values, { maxLength: max, selector: key });

const price = fc.record(
  {
    currency: fc.constantFrom('USD', 'CNY', 'EUR'),
    interval: fc.constantFrom('day', 'week', 'month', 'year'),
    interval_count: fc.integer({ min: 1, max: 12 }),
    amount: money,
    setup_fee: money,
  },
  { requiredKeys: ['currency', 'interval', 'amount'] },
);
const tiers = fc
  .uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 3 })
  .chain((ends) => {
    const ups = [...ends.sort((a, b) => a - b).map(String), null];
    const tier = (up_to: string | null) =>
      fc.record({ unit_amount: decimal, flat_amount: decimal }).map((rest) => ({ up_to, ...rest }));
    return fc.tuple(...ups.map(tier));
  });
const charge = fc.record({
  meter: fc.constantFrom('requests', 'reports'),
  model: fc.constantFrom('graduated' as const, 'volume' as const),
  tiers,
  free_units: decimal,
});
const quota = fc.record({
  meter: fc.constantFrom('requests', 'tokens', 'reports'),
  window: fc.constantFrom('minute', 'day', 'month', 'year'),
  limit: fc.oneof(fc.nat(1_000_000).map(String), fc.constant(null)),
  hard: fc.boolean(),
});
const quotas = some(quota, 4, ({ meter, window }) => `${meter} ${window}`);
const plan = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z#:'"{}&*!%@-][ -~]{0,30}[A-Za-z0-9]$/),
    description: fc.stringMatching(/^[a-z][ -~]{0,60}[a-z]$/),
    prices: some(price, 3, (one) => `${one.currency} ${one.interval} ${one.interval_count ?? 1}`),
    trial_days: fc.nat(730),
    addon_of: fc.constantFrom(null, ['studio', 'team']),
    quotas,
    features: fc.dictionary(fc.constantFrom('seats'), fc.integer({ min: 0, max: 99 })),
    models: fc.uniqueArray(fc.constantFrom('*', 'gpt-4o', 'claude: sonnet'), { minLength: 1 }),
    rate_limits: fc.record({
      rpm: fc.integer({ min: 1, max: 1_000_000_000 }),
      tpm: fc.constant(null),
    }),
    sort_order: fc.integer({ min: -5, max: 5 }),
    status: fc.constantFrom('active', 'archived'),
  },
  { requiredKeys: ['name'] },
);
/** Charges go with prices, in a currency of theirs. */
const pricedPlan = fc.tuple(plan, fc.array(charge, { maxLength: 2 })).map(([one, charges]) => {
  const currency = one.prices?.[0]?.currency;
  return currency ? { ...one, charges: charges.map((each) => ({ ...each, currency })) } : one;
});
const pack = fc.record({
  name: fc.constantFrom('Week', 'Month', '# 7'),
  price: money,
  currency: fc.constantFrom('USD', 'CNY'),
  duration_days: fc.integer({ min: 1, max: 366 }),
  daily_limit: decimal.filter((text) => Number(text) > 0),
  quotas,
});
const modelPrice = fc.record(
  {
    model: fc.constantFrom('gpt-4o', 'claude: sonnet', 'own'),
    prices: fc.record({ input: decimal, output: decimal, search: decimal }),
    service_tiers: fc.record({ flex: fc.record({ input: decimal }) }, { requiredKeys: [] }),
    context_window: fc.integer({ min: 1, max: 1_000_000 }),
  },
  { requiredKeys: ['model', 'prices'] },
);
const modelGroup = fc.record({
  name: fc.constantFrom('Group', 'Others'),
  multiplier: fc.constantFrom('1', '1.2', '0.000001', '1000'),
});
const catalog = fc.record({
  meters: fc.constant([
    { meter: 'reports', name: 'Reports', aggregation: 'count', requires_quota: true },
  ]),
  features: fc.constant([{ feature: 'seats', name: 'Seats', kind: 'number' }]),
  plans: fc
    .array(pricedPlan, { maxLength: 3 })
    .map((plans) => plans.map((one, index) => ({ slug: `plan-${index}`, ...one }))),
  packages: some(pack, 3, ({ name }) => name),
  model_prices: some(modelPrice, 3, ({ model }) => model),
  model_groups: fc
    .array(modelGroup, { maxLength: 2 })
    .map((groups) =>
      groups.map((one, index) => ({ slug: `g${index}`, models: [`m${index}-*`], ...one })),
    ),
});

describe('a catalog by chance', () => {
  propertyTest.prop([catalog], { numRuns: runs })(
    'is exported as a file that changes nothing here, and gives the same elsewhere',
    async (file) => {
      const [here, elsewhere] = dbs.map((db) => testContext(testPlatform(db)));
      if (!here || !elsewhere) throw new Error('two databases were made');
      const apply = (context: typeof here, lists: PricingLists | typeof file | string) =>
        applyPricing(context, {
          text: typeof lists === 'string' ? lists : JSON.stringify(lists),
          ...{ archivesMissing: true, isTrial: false },
        });
      const announced = await applyPricing(here, {
        ...{ text: JSON.stringify(file), archivesMissing: true, isTrial: true },
      });
      expect(await apply(here, file)).toEqual(announced);
      const isQuiet = ({ change }: { change: string }) => change === 'unchanged';
      expect((await apply(here, file)).every(isQuiet)).toBe(true);

      const lists = await exportPricing(here);
      expect((await apply(here, lists)).every(isQuiet)).toBe(true);
      await apply(elsewhere, writePricing(lists));
      expect(await exportPricing(elsewhere)).toEqual(lists);
    },
  );
});
