import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRatio, ratio } from '../../platform/ratio.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { chargesOf, isOfferedTo, priceOf } from './core/offer.ts';
import { createMeter } from './operations/create-meter.ts';
import { createPlan, updatePlan } from './operations/create-plan.ts';
import { currentPlanVersion, findPlanVersion } from './operations/find-plan-version.ts';
import { getPlan, listPlans, listPlanVersions } from './operations/read-plans.ts';
import { registerTemplate } from './operations/register-template.ts';

type PlanCommand = Parameters<typeof createPlan>[1];

let db: TestDatabase;
let at: TestPlatform;
let made = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
  const pages = { key: 'pages', name: 'Pages', aggregation: 'sum' as const };
  await createMeter(testContext(at), { ...pages, application: null });
});
afterAll(() => db.close());

const plan = (fields: Partial<PlanCommand> = {}) => {
  made += 1;
  return createPlan(testContext(at), { slug: `plan-${made}`, name: 'A plan', ...fields });
};
const monthly = { currency: 'USD', interval: 'month' as const, amount: '29.99' };

describe('an offer', () => {
  test('is answered as it was asked for, with what it leaves out', async () => {
    const { id } = await plan({
      prices: [monthly, { ...monthly, interval: 'month', interval_count: 3, amount: '80' }],
      trial_days: 14,
      setup_fee: '5',
      charges: [{ meter: 'pages', model: 'per_unit', unit_amount: '0.01', free_units: '100' }],
    });
    expect(await getPlan(testContext(at), id)).toMatchObject({
      version: 1,
      prices: [
        { billing_cycle: 'month', interval_count: 1, amount: '29.99', setup_fee: '5.00' },
        { billing_cycle: '3_months', interval_count: 3, amount: '80.00', setup_fee: '5.00' },
      ],
      trial_days: 14,
      setup_fee: '5.00',
      charges: [{ meter: 'pages', name: 'Pages', model: 'per_unit', free_units: '100' }],
      proration: 'second',
      refund: 'unused',
      visible_to: 'public',
    });
  });

  test('is read exactly, in minor units, for the currency that is paid in', async () => {
    const { id } = await plan({
      prices: [monthly, { currency: 'JPY', interval: 'year', amount: '48000', setup_fee: '500' }],
      charges: [
        {
          ...{ meter: 'pages', currency: 'USD', model: 'graduated' as const },
          tiers: [
            { up_to: '10', unit_amount: '0.3', flat_amount: '2' },
            { up_to: null, unit_amount: '0.1' },
          ],
        },
        { meter: 'pages', currency: 'JPY', model: 'percentage', rate: '1.2', fixed_amount: '3' },
      ],
    });
    const offer = (await currentPlanVersion(db.database, id))?.offer;
    if (!offer) throw new Error('it was created');
    expect(priceOf(offer, {})).toMatchObject({ cycle: 'month', amount: ratio(2_999n) });
    expect(priceOf(offer, { currency: 'JPY' })).toMatchObject({
      interval: { unit: 'year', count: 1 },
      amount: ratio(48_000n),
      setupFee: ratio(500n),
    });
    expect(priceOf(offer, { currency: 'USD', cycle: 'year' })).toBeUndefined();
    expect(chargesOf(offer, 'USD').map(({ charge }) => charge.pricing)).toEqual([
      {
        model: 'graduated',
        tiers: [
          { upTo: ratio(10n), unitAmount: parseRatio('0.3'), flatAmount: ratio(2n) },
          { upTo: null, unitAmount: parseRatio('0.1'), flatAmount: ratio(0n) },
        ],
      },
    ]);
    expect(chargesOf(offer, 'JPY').map(({ charge }) => charge.pricing)).toEqual([
      { model: 'percentage', rate: parseRatio('0.012'), fixedAmount: ratio(3n) },
    ]);
  });

  const perUnit = { meter: 'pages', model: 'per_unit', unit_amount: '1' } as const;
  const tiers = (...ends: (string | null)[]) => ({
    prices: [monthly],
    charges: [
      {
        meter: 'pages',
        model: 'volume' as const,
        tiers: ends.map((end) => ({ up_to: end, unit_amount: '1' })),
      },
    ],
  });
  const euros = { ...monthly, currency: 'EUR' };
  test.each<[Partial<PlanCommand>, string, string]>([
    [{ prices: [monthly, monthly] }, 'rule_violated', 'prices.1'],
    [{ prices: [{ ...monthly, amount: '1.005' }] }, 'amount_out_of_range', 'prices.0.amount'],
    [
      { prices: [{ ...monthly, currency: 'JPY', amount: '1.5' }] },
      'amount_out_of_range',
      'prices.0.amount',
    ],
    [
      { prices: [{ ...monthly, interval: 'once', interval_count: 2 }] },
      'rule_violated',
      'prices.0.interval_count',
    ],
    [{ prices: [monthly, euros], setup_fee: '1' }, 'rule_violated', 'setup_fee'],
    [{ charges: [perUnit] }, 'rule_violated', 'charges.0'],
    [
      { prices: [monthly], charges: [{ ...perUnit, meter: 'nothing' }] },
      'meter_unknown',
      'charges.0.meter',
    ],
    [{ prices: [monthly, euros], charges: [perUnit] }, 'rule_violated', 'charges.0.currency'],
    [
      { prices: [monthly], charges: [{ ...perUnit, currency: 'CNY' }] },
      'rule_violated',
      'charges.0.currency',
    ],
    [
      { prices: [monthly], charges: [{ ...perUnit, discount: '101' }] },
      'rule_violated',
      'charges.0.discount',
    ],
    [
      { prices: [monthly], charges: [{ ...perUnit, minimum_spend: '2', maximum_spend: '1' }] },
      'rule_violated',
      'charges.0.minimum_spend',
    ],
    [tiers('10', '10', null), 'rule_violated', 'charges.0.tiers.1.up_to'],
    [tiers('10', null, null), 'rule_violated', 'charges.0.tiers.1.up_to'],
    [tiers('10', '20'), 'rule_violated', 'charges.0.tiers.1.up_to'],
    [
      { prices: [monthly], charges: [{ meter: 'requests', model: 'percentage', rate: '1' }] },
      'rule_violated',
      'charges.0.model',
    ],
    [
      {
        prices: [monthly],
        charges: [{ meter: 'pages', model: 'tokens', per_million: { input: '1' } }],
      },
      'rule_violated',
      'charges.0.meter',
    ],
    [
      {
        prices: [monthly],
        charges: [{ meter: 'tokens', model: 'tokens', per_million: { input: '1', ouput: '2' } }],
      },
      'rule_violated',
      'charges.0.per_million.ouput',
    ],
  ])('is refused: %o', async (fields, code, param) => {
    await expect(plan(fields)).rejects.toMatchObject({ code, param });
  });
});

describe('versions', () => {
  test('are kept as they were, whatever the plan becomes', async () => {
    const { id } = await plan({ prices: [monthly] });
    await updatePlan(testContext(at), id, { name: 'Renamed' });
    await updatePlan(testContext(at), id, { prices: [{ ...monthly, amount: '39.99' }] });
    await updatePlan(testContext(at), id, { trial_days: 7, status: 'archived' });
    const versions = await listPlanVersions(testContext(at), id, { limit: 2 });
    expect(versions.data.map(({ version, trial_days }) => [version, trial_days])).toEqual([
      [3, 7],
      [2, 0],
    ]);
    const rest = await listPlanVersions(testContext(at), id, {
      limit: 2,
      ...(versions.next_cursor !== null && { cursor: versions.next_cursor }),
    });
    expect(rest.data.map(({ version }) => version)).toEqual([1]);
    const first = await findPlanVersion(db.database, id, 1);
    expect(first).toMatchObject({ name: 'Renamed', status: 'archived', version: 1 });
    expect(first && priceOf(first.offer, {})?.amount).toEqual(ratio(2_999n));
    expect(await findPlanVersion(db.database, id, 4)).toBeUndefined();
  });

  test('are never changed', async () => {
    await plan({ prices: [monthly] });
    const change = db.database
      .withTables<{ catalog_plan_versions: { version: number } }>()
      .updateTable('catalog_plan_versions')
      .set({ version: 9 })
      .execute();
    await expect(change).rejects.toThrow('never changed');
  });

  test('follow a template, whose mistakes are said with their place', async () => {
    const template = (amount: string) => `
application: { slug: press, name: Press }
meters: [{ key: sheets, name: Sheets, aggregation: sum }]
plans:
  - slug: press-pro
    name: Pro
    prices: [{ currency: USD, interval: month, amount: ${amount} }]
    charges: [{ meter: sheets, model: package, size: 100, amount: 5 }]
`;
    await registerTemplate(testContext(at), { template: template('20'), dryRun: false });
    const repeated = await registerTemplate(testContext(at), {
      template: template('20'),
      dryRun: false,
    });
    expect(repeated.changes.every(({ change }) => change === 'unchanged')).toBe(true);
    await registerTemplate(testContext(at), { template: template('25'), dryRun: false });
    expect(await currentPlanVersion(db.database, 'press-pro')).toMatchObject({ version: 2 });
    await expect(
      registerTemplate(testContext(at), { template: template('0.001'), dryRun: false }),
    ).rejects.toMatchObject({ code: 'template_invalid' });
  });
});

test('a plan for some is shown to them only', async () => {
  const { slug } = await plan({ prices: [monthly], visible_to: ['org_a', 'org_b'] });
  const seenBy = async (organizationId: string | undefined) =>
    (await listPlans(testContext(at), { limit: 200, offeredTo: { organizationId } })).data.some(
      (one) => one.slug === slug,
    );
  expect([await seenBy('org_a'), await seenBy('org_c'), await seenBy(undefined)]).toEqual([
    true,
    false,
    false,
  ]);
  const offer = (await currentPlanVersion(db.database, slug))?.offer;
  expect(offer && [isOfferedTo(offer, 'org_b'), isOfferedTo(offer, 'org_c')]).toEqual([
    true,
    false,
  ]);
});
