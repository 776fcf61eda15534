import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createMeterBook } from './meter-book.ts';
import { createFeature, updateFeature } from './operations/create-feature.ts';
import { createMeter, updateMeter } from './operations/create-meter.ts';
import { createPackage } from './operations/create-package.ts';
import { createPlan, deletePlan, updatePlan } from './operations/create-plan.ts';
import { getPlan, listMeters, listPlans } from './operations/read-plans.ts';
import { registerTemplate } from './operations/register-template.ts';
import { updatePackage } from './operations/update-package.ts';

let db: TestDatabase;
let at: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
  const template = 'application: { slug: lab, name: Lab }';
  await registerTemplate(testContext(at), { template, dryRun: false });
});
afterAll(() => db.close());

let made = 0;
function fresh(prefix: string): string {
  made += 1;
  return `${prefix}${made}`;
}
const meter = (fields: Partial<Parameters<typeof createMeter>[1]> = {}) =>
  createMeter(testContext(at), {
    key: fresh('meter'),
    application: 'lab',
    name: 'A meter',
    aggregation: 'count',
    ...fields,
  });
const plan = (fields: Partial<Parameters<typeof createPlan>[1]> = {}) =>
  createPlan(testContext(at), { slug: fresh('plan-'), name: 'A plan', ...fields });

describe('createMeter', () => {
  test('names it by its application, counts times where nothing else is said', async () => {
    const made = await meter({ key: 'scans' });
    expect(made).toMatchObject({
      reference: 'lab.scans',
      unit: 'count',
      kind: 'flow',
      property: null,
      requiresQuota: false,
      status: 'active',
    });
  });

  test.each([
    [{ aggregation: 'count', unit: 'gb' }, 'rule_violated', 'unit'],
    [{ aggregation: 'unique' }, 'rule_violated', 'property'],
    [{ aggregation: 'sum', property: 'user' }, 'rule_violated', 'property'],
    [{ aggregation: 'max', kind: 'level' }, 'rule_violated', 'kind'],
    [{ application: 'nobody' }, 'rule_violated', 'application'],
    [{ key: 'requests', application: null }, 'already_exists', 'key'],
  ] as const)('refuses %o', async (fields, code, param) => {
    await expect(meter(fields)).rejects.toMatchObject({ code, param });
  });
});

describe('updateMeter', () => {
  test('writes down what changed, and nothing where nothing did', async () => {
    const { id } = await meter();
    await updateMeter(testContext(at), id, { requires_quota: true });
    await updateMeter(testContext(at), id, { requires_quota: true });
    const { rows } = await sql<{ count: bigint }>`
      select count(*) from audit_entries where action = 'meter.update' and resource_id = ${id}
    `.execute(at.database);
    expect(rows[0]?.count).toBe(1n);
  });

  test('leaves the deployment’s own meters active', async () => {
    await expect(
      updateMeter(testContext(at), 'mtr_tokens', { status: 'archived' }),
    ).rejects.toMatchObject({ code: 'rule_violated', param: 'status' });
  });
});

describe('the meter book', () => {
  test('finds by reference, and a bare key as the application’s own first', async () => {
    const book = await createMeterBook(at);
    const own = await meter({ key: 'tokens', aggregation: 'sum', unit: 'tokens' });
    await book.load();
    expect(book.resolve(own.applicationId, 'tokens')?.id).toBe(own.id);
    expect(book.resolve(null, 'tokens')?.id).toBe('mtr_tokens');
    expect(book.resolve(null, 'lab.tokens')?.id).toBe(own.id);
    expect(book.resolve(own.applicationId, 'requests')?.id).toBe('mtr_requests');
    expect(book.find(own.applicationId, 'requests')).toBeUndefined();
    expect(book.byId(own.id)?.reference).toBe('lab.tokens');
  });

  test('hears of changes that another process made', async () => {
    const book = await createMeterBook(at);
    await at.notifications.start(db.url);
    const { id } = await meter();
    await expect.poll(() => book.byId(id)?.name).toBe('A meter');
    await at.notifications.close();
  });
});

describe('listMeters', () => {
  test('walks pages of one application', async () => {
    const context = testContext(at);
    await Promise.all([meter(), meter(), meter()]);
    const all = (await listMeters(context, { limit: 200, application: 'lab' })).data;
    const walked: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listMeters(context, { limit: 2, cursor, application: 'lab' });
      walked.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(walked).toEqual(all.map(({ id }) => id));
    expect(all.every(({ application }) => application?.slug === 'lab')).toBe(true);
  });
});

describe('createPlan', () => {
  test('keeps limits exactly and shows them in the meter’s unit', async () => {
    const storage = await meter({ aggregation: 'sum', unit: 'gb', kind: 'level' });
    const { slug } = await plan({
      quotas: [
        { meter: storage.reference, window: 'lifetime', limit: '1.5' },
        { meter: 'requests', window: 'month', anchor: 'subscription', limit: null },
      ],
      rate_limits: { rpm: 60, tpm: 5_000_000_000 },
    });
    expect(await getPlan(testContext(at), slug)).toMatchObject({
      version: 1,
      quotas: [
        { meter: storage.reference, unit: 'gb', anchor: 'calendar', limit: '1.5', hard: true },
        { meter: 'requests', anchor: 'subscription', limit: null },
      ],
      models: ['*'],
      rate_limits: { rpm: 60, tpm: 5_000_000_000, concurrency: null },
      on_short_funds: 'reject',
    });
  });

  test('lets what is only known afterwards be soft', async () => {
    const peak = await meter({ aggregation: 'max' });
    const made = await plan({ quotas: [{ meter: peak.reference, window: 'day', limit: '5' }] });
    expect(made.quotas).toMatchObject([{ hard: false }]);
  });

  test('refuses quotas that their meter cannot have, and says what to write', async () => {
    const storage = await meter({ aggregation: 'sum', unit: 'gb', kind: 'level' });
    const peak = await meter({ aggregation: 'max' });
    const refusals = [
      [{ meter: storage.reference, window: 'month', limit: '1' }, 'window', /write lifetime/],
      [
        { meter: 'requests', window: 'hour', anchor: 'subscription', limit: '1' },
        'anchor',
        /write calendar/,
      ],
      [{ meter: peak.reference, window: 'day', limit: '1', hard: true }, 'hard', /write false/],
      [{ meter: 'requests', window: 'day', limit: '0.5' }, 'limit', /whole number/],
    ] as const;
    for (const [quota, field, sentence] of refusals) {
      await expect(plan({ quotas: [quota] })).rejects.toMatchObject({
        code: 'rule_violated',
        param: `quotas.0.${field}`,
        message: expect.stringMatching(sentence),
      });
    }
    await expect(
      plan({ quotas: [{ meter: 'lab.nothing', window: 'day', limit: '1' }] }),
    ).rejects.toMatchObject({ code: 'meter_unknown', param: 'quotas.0.meter' });
  });

  test('takes an archived meter for none', async () => {
    const { id, reference } = await meter();
    await updateMeter(testContext(at), id, { status: 'archived' });
    await expect(
      plan({ quotas: [{ meter: reference, window: 'day', limit: '1' }] }),
    ).rejects.toMatchObject({ code: 'meter_unknown' });
  });

  test('refuses two quotas that two names make the same', async () => {
    const { key, reference } = await meter();
    const twice = [key, reference].map((name) => ({
      meter: name,
      window: 'day' as const,
      limit: '1',
    }));
    await expect(plan({ application: 'lab', quotas: twice })).rejects.toMatchObject({
      param: 'quotas.1',
    });
  });

  test('checks a feature’s value against its kind', async () => {
    const feature = await createFeature(testContext(at), {
      key: fresh('feature'),
      application: 'lab',
      name: 'Seats',
      kind: 'number',
    });
    const made = await plan({ application: 'lab', features: { [feature.key]: 5 } });
    expect(made.features).toEqual({ [feature.reference]: 5 });
    await expect(plan({ features: { [feature.reference]: true } })).rejects.toMatchObject({
      code: 'rule_violated',
      message: expect.stringContaining('a number'),
    });
    await updateFeature(testContext(at), feature.id, { status: 'archived' });
    await expect(plan({ features: { [feature.reference]: 5 } })).rejects.toMatchObject({
      param: `features.${feature.reference}`,
    });
  });

  test('refuses a slug that is taken', async () => {
    const { slug } = await plan();
    await expect(plan({ slug })).rejects.toMatchObject({ code: 'already_exists', param: 'slug' });
  });
});

describe('updatePlan', () => {
  test('counts changes of what it gives, not of how it is called', async () => {
    const { slug } = await plan({ quotas: [{ meter: 'requests', window: 'day', limit: '5' }] });
    const renamed = await updatePlan(testContext(at), slug, { name: 'Another name' });
    expect(renamed.version).toBe(1);
    const raised = await updatePlan(testContext(at), slug, {
      quotas: [{ meter: 'requests', window: 'day', limit: '6' }],
    });
    expect(raised.version).toBe(2);
    const limited = await updatePlan(testContext(at), slug, { rate_limits: { rpm: 5 } });
    expect(limited).toMatchObject({ version: 3, requests_per_minute: 5, concurrency: null });
  });
});

describe('deletePlan', () => {
  test('takes it off the public list and keeps it', async () => {
    const { slug } = await plan();
    const listed = async () =>
      (await listPlans(testContext(at), { limit: 200, status: 'active' })).data.map((p) => p.slug);
    expect(await listed()).toContain(slug);
    await deletePlan(testContext(at), slug);
    expect(await listed()).not.toContain(slug);
    expect((await getPlan(testContext(at), slug)).status).toBe('archived');
  });
});

describe('a package’s quotas', () => {
  test('are kept, shown and changed like a plan’s', async () => {
    const terms = { name: 'Pack', price: '1', duration_days: 1, daily_limit: '1' };
    const { id } = await createPackage(testContext(at), {
      ...terms,
      quotas: [{ meter: 'cost', window: 'day', limit: '2.5' }],
    });
    const renamed = await updatePackage(testContext(at), id, { name: 'Pack 2' });
    expect(renamed.quotas).toMatchObject([{ meter: 'mtr_cost', limit: '2500000000' }]);
    expect((await updatePackage(testContext(at), id, { quotas: [] })).quotas).toEqual([]);
  });
});
