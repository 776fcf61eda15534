import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { writeFieldChange } from './core/describe-difference.ts';
import { applyPricing } from './operations/apply-pricing.ts';
import { updateMeter } from './operations/create-meter.ts';
import { createPackage } from './operations/create-package.ts';
import { updatePlan } from './operations/create-plan.ts';
import { exportPricing, writePricing } from './operations/export-pricing.ts';
import { findPlanVersion } from './operations/find-plan-version.ts';
import { findPlan } from './plans-store.ts';
import { writeProblem } from './template-text.ts';

let dbs: TestDatabase[];
let at: TestPlatform;
let empty: TestPlatform;

beforeAll(async () => {
  dbs = [await createTestDatabase(), await createTestDatabase()];
  const [first, second] = dbs.map((db) => testPlatform(db));
  if (!first || !second) throw new Error('two databases were made');
  [at, empty] = [first, second];
});
afterAll(() => Promise.all(dbs.map((db) => db.close())));

const run = (text: string, options: { isTrial?: boolean; archivesMissing?: boolean } = {}) =>
  applyPricing(testContext(at), { text, isTrial: false, archivesMissing: false, ...options });
const written = async (platform: TestPlatform) =>
  writePricing(await exportPricing(testContext(platform)));
/** What a run did, one line each. */
const said = async (changes: ReturnType<typeof run>) =>
  (await changes)
    .filter(({ change }) => change !== 'unchanged')
    .flatMap(({ change, kind, name, fields }) => [
      `${change} ${kind} ${name}`,
      ...fields.map((field) => `  ${writeFieldChange(field)}`),
    ]);

const file = `
applications:
  - { slug: clinic, name: Clinic }
meters:
  - { meter: clinic.scans, name: Scans, aggregation: count }
  - { meter: clinic.space, name: Space, aggregation: sum, unit: gb, kind: level }
features:
  - { feature: clinic.sso, name: SSO }
plans:
  - slug: clinic-pro
    application: clinic
    name: Pro
    prices:
      - { currency: USD, interval: month, amount: 29.99, setup_fee: 10 }
      - { currency: CNY, interval: year, amount: "1999.0", minimum_commitment: 3000 }
    trial_days: 14
    charges:
      - meter: scans
        model: graduated
        currency: USD
        tiers:
          - { up_to: 1000, unit_amount: "0.010" }
          - { up_to: null, unit_amount: 0.008, flat_amount: 1 }
    quotas:
      - { meter: scans, window: month, limit: 5000, hard: false }
      - { meter: clinic.space, window: lifetime, limit: 0.5 }
      - { meter: requests, window: day, anchor: subscription, limit: null }
    features: { sso: true }
    models: [gpt-4o, claude-sonnet]
    rate_limits: { rpm: 60, concurrency: 5 }
packages:
  - name: Starter
    price: 30
    currency: CNY
    duration_days: 30
    daily_limit: 5.5
    quotas: [{ meter: requests, window: day, limit: 100 }]
coupons:
  - { code: launch20, percent: "20.0", duration: repeating, periods: 3, redemptions_max: 100 }
  - { code: FIVE, amount: 5, currency: USD, duration: once, expires_at: "2027-01-01T00:00:00Z" }
`;

describe('applyPricing', () => {
  test('adds what is missing, and a second time nothing', async () => {
    expect(await said(run(file, { isTrial: true }))).toHaveLength(8);
    expect(await findPlan(at.database, 'clinic-pro')).toBeUndefined();
    expect(await said(run(file))).toEqual([
      'added application clinic',
      'added meter clinic.scans',
      'added meter clinic.space',
      'added feature clinic.sso',
      'added plan clinic-pro',
      'added package Starter',
      'added coupon LAUNCH20',
      'added coupon FIVE',
    ]);
    const audited = () =>
      sql<{ count: bigint }>`select count(*) from audit_entries`.execute(at.database);
    const before = await audited();
    expect(await said(run(file))).toEqual([]);
    expect((await audited()).rows).toEqual(before.rows);
    expect(await findPlan(at.database, 'clinic-pro')).toMatchObject({ version: 1 });
  });

  test('applied to an empty deployment gives the same catalog again', async () => {
    const exported = await written(at);
    await applyPricing(testContext(empty), {
      ...{ text: exported, isTrial: false, archivesMissing: true },
    });
    expect(await written(empty)).toBe(exported);
    const [plan, copy] = await Promise.all(
      [at, empty].map(({ database }) => findPlan(database, 'clinic-pro')),
    );
    expect(copy?.offer.prices).toMatchObject([{ amount: '29.99' }, { amount: '1999.00' }]);
    expect(copy?.offer.charges[0]).toMatchObject({ meter: 'clinic.scans', name: 'Scans' });
    expect(copy?.quotas.map(({ limit, hard }) => [limit, hard])).toEqual(
      plan?.quotas.map(({ limit, hard }) => [limit, hard]),
    );
    expect(await said(run(exported))).toEqual([]);
    expect(await said(run(JSON.stringify(await exportPricing(testContext(at)))))).toEqual([]);
  });

  test('says what differs in words, and keeps it as another version', async () => {
    const before = await findPlan(at.database, 'clinic-pro');
    const changed = file
      .replace('amount: 29.99', 'amount: 39.99')
      .replace(
        '      - { currency: CNY, interval: year, amount: "1999.0", minimum_commitment: 3000 }\n',
        '',
      )
      .replace('limit: 5000', 'limit: null')
      .replace('    trial_days: 14\n', '    trial_days: 30\n    proration: day\n')
      .replace('unit_amount: 0.008', 'unit_amount: 0.007')
      .replace('rpm: 60, ', '')
      .replace('[gpt-4o, claude-sonnet]', '["*"]')
      .replace('price: 30\n', 'price: 36\n');
    const expected = [
      'changed plan clinic-pro',
      '  prices USD month amount: 29.99 → 39.99',
      '  prices CNY year: removed (currency CNY, interval year, interval_count 1, amount 1999.00, minimum_commitment 3000.00)',
      '  charges clinic.scans graduated in USD tiers 2 unit_amount: 0.008 → 0.007',
      '  trial_days: 14 → 30',
      '  proration: second → day',
      '  quotas clinic.scans by the month limit: 5000 → unlimited',
      '  models: gpt-4o, claude-sonnet → *',
      '  rate_limits rpm: 60 → none',
      'changed package Starter',
      '  price: 30.00 → 36.00',
    ];
    expect(await said(run(changed, { isTrial: true }))).toEqual(expected);
    expect(await findPlan(at.database, 'clinic-pro')).toEqual(before);
    expect(await said(run(changed))).toEqual(expected);
    const after = await findPlan(at.database, 'clinic-pro');
    expect(after?.version).toBe(2);
    const bought = await findPlanVersion(at.database, after?.id ?? '', 1);
    expect(bought?.offer.trialDays).toBe(14);
  });

  test('changes a name without another version, and the order of prices with one', async () => {
    await run(file);
    const { version } = (await findPlan(at.database, 'clinic-pro')) ?? { version: 0 };
    expect(await said(run(file.replace('name: Pro', 'name: Professional')))).toEqual([
      'changed plan clinic-pro',
      '  name: Pro → Professional',
    ]);
    expect(await findPlan(at.database, 'clinic-pro')).toMatchObject({ version });
    const [usd = '', cny = ''] = file.match(/^ +- \{ currency: .*\n/gm) ?? [];
    expect(await said(run(file.replace(usd + cny, cny + usd)))).toEqual([
      'changed plan clinic-pro',
      '  name: Professional → Pro',
      '  prices order: USD month, CNY year → CNY year, USD month',
    ]);
    await run(file);
  });

  test('removes nothing unless told to, and takes back what the file names again', async () => {
    await run(file);
    const small = file.replace(/packages:[\s\S]*$/, '');
    expect(await said(run(small))).toEqual([]);
    const gone = ['archived package Starter', 'archived coupon FIVE', 'archived coupon LAUNCH20'];
    expect(await said(run(small, { archivesMissing: true }))).toEqual(gone);
    expect(await said(run(file))).toEqual([
      'changed package Starter',
      '  status: archived → active',
      'changed coupon LAUNCH20',
      '  status: archived → active',
      'changed coupon FIVE',
      '  status: archived → active',
    ]);
    const archived = file.replace('    name: Pro\n', '    name: Pro\n    status: archived\n');
    expect(await said(run(archived))).toEqual(['archived plan clinic-pro']);
    await run(file);
  });

  test('keeps what is archived but still named by what is on sale', async () => {
    await run(file);
    const { rows } = await sql<{ id: string }>`
      select id from catalog_meters where key = 'scans'
    `.execute(at.database);
    const id = rows[0]?.id ?? '';
    await updateMeter(testContext(at), id, { status: 'archived' });
    await updatePlan(testContext(at), 'clinic-pro', { name: 'Pro' });
    const exported = await written(at);
    expect(exported).toMatch(/- meter: clinic\.scans\n(.*\n){2} +status: archived/);
    expect(await said(run(exported))).toEqual([]);
    const fresh = await createTestDatabase();
    const context = testContext(testPlatform(fresh));
    await applyPricing(context, { text: exported, isTrial: false, archivesMissing: false });
    expect(writePricing(await exportPricing(context))).toBe(exported);
    await fresh.close();
    await updateMeter(testContext(at), id, { status: 'active' });
  });

  test('gives one catalog where two apply at once', async () => {
    const text = 'plans: [{ slug: at-once, name: At once }]';
    const changes = await Promise.all([run(text), run(text)]);
    expect(
      changes
        .flat()
        .map(({ change }) => change)
        .sort(),
    ).toEqual(['added', 'unchanged']);
  });

  test.each([
    [
      'a key is unknown',
      'plan: []',
      'line 1, column 1: plan: "plan" is no field here: leave it out or correct its name',
    ],
    [
      'a field of a price is unknown',
      file.replace('setup_fee: 10', 'setupfee: 10'),
      'line 14, column 58: plans[0].prices[0].setupfee: "setupfee" is no field here: leave it out or correct its name',
    ],
    [
      'a price is finer than its currency',
      file.replace('29.99', '29.999'),
      'line 14, column 51: plans[0].prices[0].amount: USD has 2 decimals: use an amount with no more',
    ],
    [
      'a meter is unknown',
      file.replace('meter: scans, window', 'meter: scan, window'),
      'line 25, column 18: plans[0].quotas[0].meter: there is no meter "scan" in use: create it, or name another one',
    ],
    [
      'a feature is unknown',
      file.replace('{ sso: true }', '{ clinic.ssp: true }'),
      'line 28, column 15: plans[0].features.clinic.ssp: there is no feature "clinic.ssp" in use: create it, or name another one',
    ],
    [
      'a meter would count otherwise',
      file.replace('aggregation: count', 'aggregation: sum'),
      'line 5, column 54: meters[0].aggregation: it has count here, and how a meter counts never changes: choose another key',
    ],
    [
      'a coupon would give something else',
      file.replace('"20.0"', '"25"'),
      'line 39, column 32: coupons[0].percent: what a coupon gives has been promised and never changes: choose another code',
    ],
    [
      'a coupon stands twice',
      `${file}  - { code: five, amount: 5, currency: USD, duration: once }\n`,
      'line 41, column 13: coupons[2].code: there is "FIVE" above already: give each its own code',
    ],
    [
      'an application is missing',
      file.replace('meter: clinic.space, name', 'meter: hospital.space, name'),
      'line 6, column 14: meters[1].meter: there is no application "hospital": add it under applications',
    ],
    [
      'an alias names nothing',
      'plans: *nothing',
      'line 1, column 1: an alias (*) names nothing, or too much: write it out',
    ],
  ])('refuses with the line where %s, and changes nothing', async (_what, text, problem) => {
    await run(file);
    const before = await written(at);
    const error = await run(text).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: 'template_invalid' });
    expect(error.details.map(writeProblem)).toEqual([problem]);
    expect(await written(at)).toBe(before);
  });

  test('says every problem at once', async () => {
    const text = file.replace('29.99', '29.999').replace('price: 30\n', 'price: 30.001\n');
    await expect(run(text)).rejects.toMatchObject({
      message: 'Correct the file: it has 2 problems.',
      details: [{ line: 14 }, { line: 33 }],
    });
  });
});

describe('exportPricing', () => {
  test('refuses two packages on sale that a file could not tell apart', async () => {
    const context = testContext(empty);
    const one = { name: 'Twin', price: '1', duration_days: 1, daily_limit: '1' };
    await createPackage(context, one);
    await createPackage(context, one);
    await expect(exportPricing(context)).rejects.toMatchObject({ code: 'rule_violated' });
    const text = 'packages: [{ name: Twin, price: 2, duration_days: 1, daily_limit: 1 }]';
    await expect(
      applyPricing(context, { text, isTrial: false, archivesMissing: false }),
    ).rejects.toMatchObject({ details: [{ line: 1, column: 20 }] });
  });
});
