import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { listMeters, listPlans } from './operations/read-plans.ts';
import { readTemplates } from './operations/read-templates.ts';
import { registerTemplate, validateTemplate } from './operations/register-template.ts';
import { writeProblem } from './template-text.ts';

let db: TestDatabase;
let at: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
});
afterAll(() => db.close());

const register = (template: string, dryRun = false) =>
  registerTemplate(testContext(at), { template, dryRun });
const problemsOf = async (text: string) =>
  (await validateTemplate(at.database, text)).map(writeProblem);

const small = `application:
  slug: shop
  name: Shop
meters:
  - key: orders
    name: Orders
    aggregation: count
  - { key: space, name: Space, aggregation: sum, unit: gb, kind: level }
features:
  - { key: sso, name: SSO }
plans:
  - slug: shop-basic
    name: Basic
    quotas:
      - { meter: orders, window: month, limit: 100 }
      - { meter: requests, window: day, limit: 10 }
    features: { sso: true }
`;

describe('readTemplates', () => {
  test('ships templates that register, and again without a change', async () => {
    const shipped = await readTemplates();
    expect(shipped.map(({ name }) => name)).toEqual(['ai-hub', 'medical-analysis']);
    for (const { template } of shipped) {
      const first = await register(template);
      expect(first.changes.every(({ change }) => change === 'created')).toBe(true);
      const second = await register(template);
      expect(second.changes.filter(({ change }) => change !== 'unchanged')).toEqual([]);
    }
  });

  test('has the published numbers of the AI hub', async () => {
    const { data } = await listPlans(testContext(at), { limit: 200, application: 'ai-hub' });
    expect(
      data.map(({ name, quotas }) => [name, ...quotas.map((quota) => [quota.meter, quota.limit])]),
    ).toEqual([
      ['Free', ['requests', '100'], ['tokens', '10000']],
      ['Pro', ['requests', '10000'], ['tokens', '1000000']],
      ['Enterprise', ['requests', '1000000'], ['tokens', '100000000']],
    ]);
  });
});

describe('registerTemplate', () => {
  test('changes what differs, names the fields, and removes nothing', async () => {
    await register(small);
    const changed = small
      .replace('name: Orders', 'name: Sales orders')
      .replace('limit: 100', 'limit: 250');
    const { changes } = await register(changed);
    expect(changes.filter(({ change }) => change !== 'unchanged')).toEqual([
      { kind: 'meter', name: 'shop.orders', change: 'updated', fields: ['name'] },
      { kind: 'plan', name: 'shop-basic', change: 'updated', fields: ['quotas'] },
    ]);
    await register('application: { slug: shop, name: Shop }');
    const meters = await listMeters(testContext(at), { limit: 50, application: 'shop' });
    expect(meters.data).toHaveLength(2);
  });

  test('does nothing in a dry run, and says what it would do', async () => {
    const text = small.replaceAll('shop', 'dry');
    const summary = await register(text, true);
    expect(summary).toMatchObject({ dry_run: true, application: { slug: 'dry' } });
    expect(summary.changes).toHaveLength(5);
    const meters = await listMeters(testContext(at), { limit: 50, application: 'dry' });
    expect(meters.data).toEqual([]);
  });

  test('refuses with every problem and its place', async () => {
    const broken = small.replace('window: month', 'window: week').replace('  slug: shop\n', '');
    await expect(register(broken)).rejects.toMatchObject({
      code: 'template_invalid',
      message: 'Correct the template: it has 2 problems.',
      details: [
        { line: 2, column: 3, message: 'application.slug: is missing: add it' },
        {
          line: 14,
          column: 34,
          message:
            'plans[0].quotas[0].window: write one of minute, hour, day, month, year, lifetime',
        },
      ],
    });
  });
});

describe('validateTemplate', () => {
  test.each([
    ['the text is no YAML', 'application: [', /^line 1, column 15: .*flow/i],
    [
      'a field stands twice',
      small.replace('    name: Basic\n', '    name: Basic\n    name: Basic\n'),
      /^line 14, column 5: this field stands here twice$/,
    ],
    [
      'a field is unknown',
      small.replace('    aggregation: count', '    aggregation: count\n    units: count'),
      /^line 8, column 5: meters\[0\]\.units: "units" is no field here/,
    ],
    [
      'a value has another type',
      small.replace('name: Basic', 'name: [Basic]'),
      /^line 13, column 11: plans\[0\]\.name: write a text$/,
    ],
    [
      'a limit is no number',
      small.replace('limit: 100', 'limit: many'),
      /^line 15, column 48: plans\[0\]\.quotas\[0\]\.limit: write the quantity as a plain decimal/,
    ],
    [
      'a limit is a truth',
      small.replace('limit: 100', 'limit: true'),
      /quotas\[0\]\.limit: write a text or a number$/,
    ],
    [
      'an aggregation is none',
      small.replace('aggregation: count', 'aggregation: average'),
      /^line 7, column 18: meters\[0\]\.aggregation: write one of count, sum, max/,
    ],
    [
      'a meter stands twice',
      small.replace('key: space', 'key: orders'),
      /^line 8, column 12: meters\[1\]\.key: there is "orders" above already/,
    ],
    [
      'a plan limits a meter that is not there',
      small.replace('meter: orders', 'meter: sales'),
      /^line 15, column 18: .*there is no meter "sales": .*orders, space/,
    ],
    [
      'a level has a window',
      small.replace('{ meter: requests, window: day', '{ meter: space, window: day'),
      /^line 16, column 33: .*window: "shop\.space" is a level/,
    ],
    [
      'a feature is not there',
      small.replace('{ sso: true }', '{ sso: true, ssp: true }'),
      /^line 17, column 28: plans\[0\]\.features\.ssp: there is no feature "ssp"/,
    ],
    [
      'a feature has another kind',
      small.replace('{ sso: true }', '{ sso: 5 }'),
      /^line 17, column 22: plans\[0\]\.features\.sso: write true or false/,
    ],
    [
      'a quota stands twice',
      small.replace('{ meter: requests, window: day', '{ meter: orders, window: month'),
      /^line 16, column 9: plans\[0\]\.quotas\[1\]: give one quota/,
    ],
    [
      'a registered meter would count otherwise',
      small.replace('aggregation: count', 'aggregation: sum'),
      /^line 7, column 18: .*it is registered with count, and how a meter counts never changes/,
    ],
    [
      'a plan is another application’s',
      small.replace('slug: shop-basic', 'slug: ai-hub-pro'),
      /^line 12, column 11: .*another application/,
    ],
  ])('says where %s', async (_what, text, expected) => {
    const problems = await problemsOf(text);
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  test('is content with a template that is well', async () => {
    expect(await problemsOf(small)).toEqual([]);
  });
});
