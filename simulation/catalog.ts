/** What is on sale in the simulated world: plans that differ in every way that billing cares about. */
import { type Client, done, type Json } from './client.ts';
import type { World } from './world.ts';

export interface Catalog {
  /** Slugs with the cycles each is sold by. */
  plans: { slug: string; cycles: string[] }[];
  coupons: string[];
  packageIds: string[];
  /** The application's own service, which asks for access and reports what was used. */
  service: Client;
}

const scans = (limit: number) => [
  { meter: 'imaging.scans', window: 'month', anchor: 'subscription', limit: String(limit) },
];
const price = (amount: string, interval = 'month', more = {}) => ({
  ...{ currency: 'USD', interval, amount },
  ...more,
});

const plans = [
  {
    ...{ slug: 'starter', name: 'Starter', quotas: scans(500) },
    prices: [price('9.99'), price('99.90', 'year')],
    trial_days: 14,
  },
  {
    ...{ slug: 'team', name: 'Team', quotas: scans(5000), proration: 'day' },
    prices: [price('49.50', 'month', { setup_fee: '25.00' }), price('499.00', 'year')],
    charges: [
      {
        ...{ meter: 'imaging.scans', model: 'graduated', free_units: '50' },
        tiers: [
          { up_to: '100', unit_amount: '0.07' },
          { up_to: null, unit_amount: '0.033' },
        ],
      },
    ],
  },
  {
    ...{ slug: 'clinic', name: 'Clinic', quotas: scans(50_000), proration: 'second' },
    prices: [
      price('129.00', 'month', { minimum_commitment: '150.00' }),
      price('33.00', 'week'),
      price('19.90', 'day', { interval_count: 10 }),
    ],
    charges: [{ meter: 'imaging.storage', model: 'per_unit', unit_amount: '0.0123' }],
  },
  {
    ...{ slug: 'hospital', name: 'Hospital', quotas: scans(500_000), refund: 'none' },
    prices: [price('799.00'), price('2100.00', 'month', { interval_count: 3 })],
    ...{ proration: 'none', trial_days: 7 },
  },
];

const coupons = [
  { code: 'WELCOME', percent: '15', duration: 'once' },
  { code: 'QUARTER', percent: '33.3', duration: 'repeating', periods: 3 },
  { code: 'FIVEOFF', amount: '5.00', currency: 'USD', duration: 'forever' },
];

const packages = [
  { name: 'Ten days', price: '12.00', currency: 'USD', duration_days: 10, daily_limit: '2.00' },
  { name: 'A month', price: '199.00', currency: 'CNY', duration_days: 30, daily_limit: '3.00' },
];

/** Tax as it is inside and outside the prices, and none elsewhere. */
const taxRates = [
  { country: 'DE', name: 'MwSt', rate: '19', inclusive: false },
  { country: 'CN', name: 'VAT', rate: '6', inclusive: true },
];

export async function makeCatalog({ operator, clientWith }: World): Promise<Catalog> {
  const make = (path: string, body: object) => done(operator.post(`/api/v1/admin/${path}`, body));
  await done(
    operator.patch('/api/v1/admin/settings', {
      exchange_rates: { CNY: '7.2' },
      seller: { name: 'Sluice', country: 'DE', tax_id: 'DE100000001' },
    }),
  );
  const application = await make('applications', { slug: 'imaging', name: 'Imaging' });
  await makeMeters(make);
  for (const rate of taxRates) await make('tax-rates', rate);
  for (const plan of plans) await make('plans', { application: 'imaging', ...plan });
  for (const coupon of coupons) await make('coupons', coupon);
  const made: Json[] = [];
  for (const offered of packages) made.push(await make('packages', offered));
  const { key } = await make(`applications/${application.id}/keys`, { name: 'service' });
  return {
    plans: plans.map(({ slug, prices }) => ({ slug, cycles: prices.map(cycleOf) })),
    coupons: coupons.map(({ code }) => code),
    packageIds: made.map(({ id }) => id),
    service: clientWith(key),
  };
}

/** Without a quota nothing may be scanned, so a plan that has ended permits nothing. */
async function makeMeters(make: (path: string, body: object) => Promise<Json>): Promise<void> {
  const application = 'imaging';
  const [scansMeter, storage] = [
    { key: 'scans', name: 'Scans', aggregation: 'count', requires_quota: true },
    { key: 'storage', name: 'Storage', aggregation: 'sum', unit: 'gb' },
  ];
  await make('meters', { application, ...scansMeter });
  await make('meters', { application, ...storage });
}

/** As the API names it: `month`, `3_months`. */
function cycleOf({ interval, interval_count: count = 1 }: Json): string {
  return count === 1 ? interval : `${count}_${interval}s`;
}
