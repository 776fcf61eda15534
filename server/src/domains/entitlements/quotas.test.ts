import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createPlan, registerTemplate } from '../catalog/index.ts';
import { updatePlan } from '../catalog/operations/create-plan.ts';
import { apiKeyLimitsChanged, organizationCreated } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { changeSettings } from '../settings/index.ts';
import {
  addPackageQuotas,
  createTermsBook,
  endPlanWithin,
  entitlementsListeners,
  givePlan,
  listQuotas,
  type PlanGrant,
  type QuotaView,
  setOverride,
} from './index.ts';
import { listFeatures, setFeatures } from './operations/set-features.ts';
import { removeOverride } from './operations/set-override.ts';

let db: TestDatabase;
let platform: TestPlatform;
let plans = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(() => {
  platform = testPlatform(db, {
    clocks: fakeClocks('2026-03-04T10:00:00Z'),
    listeners: [...ledgerListeners, ...entitlementsListeners],
  });
});
afterAll(() => db.close());

async function organization(): Promise<string> {
  const context = testContext(platform);
  const organizationId = newId('org', platform.clocks.business());
  await inTransaction(context, (transaction) =>
    platform.events.announce(context, transaction, organizationCreated, {
      organizationId,
      timeZone: 'Asia/Shanghai',
    }),
  );
  return organizationId;
}

type PlanTerms = Partial<Parameters<typeof createPlan>[1]>;

async function plan(terms: PlanTerms): Promise<string> {
  plans += 1;
  const slug = `plan-${plans}`;
  await createPlan(testContext(platform), { slug, name: slug, ...terms });
  return slug;
}

async function give(
  organizationId: string,
  planId: string,
  options: Partial<PlanGrant> = {},
): Promise<void> {
  const context = testContext(platform);
  await inTransaction(context, (transaction) =>
    givePlan(context, transaction, {
      organizationId,
      planId,
      startsAt: platform.clocks.business(),
      ...options,
    }),
  );
}

const quotasOf = (organizationId: string, at = platform.clocks.business()): Promise<QuotaView[]> =>
  listQuotas(db.database, { organizationId, after: undefined, limit: 100, at });

const calls = (limit: number | null) =>
  ({ meter: 'requests', window: 'month', limit: limit === null ? null : String(limit) }) as const;

describe('givePlan', () => {
  test('gives the plan’s quotas at once, in the organization’s zone', async () => {
    const id = await organization();
    await give(id, await plan({ quotas: [calls(100)] }));
    expect(await quotasOf(id)).toMatchObject([
      {
        subject: { kind: 'organization', id },
        meter: { reference: 'requests' },
        window: 'month',
        anchorAt: null,
        limit: 100n,
        hard: true,
        inForce: true,
        sources: [{ source: 'plan', limit: 100n }],
      },
    ]);
  });

  test('keeps the quota, and so its counters, when another plan limits the same', async () => {
    const id = await organization();
    await give(id, await plan({ quotas: [calls(100)] }));
    const [before] = await quotasOf(id);
    await give(id, await plan({ quotas: [calls(5000)] }));
    const after = await quotasOf(id);
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ id: before?.id, limit: 5000n });
  });

  test('takes back what the new plan does not give', async () => {
    const id = await organization();
    await give(id, await plan({ quotas: [calls(100)] }));
    await give(id, await plan({ quotas: [] }));
    expect(await quotasOf(id)).toMatchObject([{ inForce: false, limit: null, sources: [] }]);
  });

  test('case 15: counts from the first plan’s beginning where windows follow the subscription', async () => {
    const id = await organization();
    const anchored = { ...calls(100), anchor: 'subscription' } as const;
    await give(id, await plan({ quotas: [anchored] }));
    const [before] = await quotasOf(id);
    platform.clocks.advance('P9D');
    await give(id, await plan({ quotas: [{ ...anchored, limit: '300' }] }));
    expect(before?.anchorAt?.toISOString()).toBe('2026-03-04T10:00:00.000Z');
    expect(await quotasOf(id)).toMatchObject([{ id: before?.id, limit: 300n }]);
  });

  test('gives a version that somebody has, also of a plan that is archived', async () => {
    const context = testContext(platform);
    const template = (plans: string) =>
      ['application: { slug: kept, name: Kept }', plans].join('\n');
    const basic = (limit: number) =>
      `plans: [{ slug: kept-basic, name: Basic, quotas: [{ meter: requests, window: month, limit: ${limit} }] }]`;
    for (const plans of [basic(10), basic(20)]) {
      await registerTemplate(context, { template: template(plans), dryRun: false });
    }
    await updatePlan(context, 'kept-basic', { status: 'archived' });
    const id = await organization();
    await expect(give(id, 'kept-basic')).rejects.toMatchObject({ code: 'rule_violated' });
    await give(id, 'kept-basic', { version: 1 });
    expect(await quotasOf(id)).toMatchObject([{ limit: 10n }]);
    await give(id, 'kept-basic', { version: 2 });
    expect(await quotasOf(id)).toMatchObject([{ limit: 20n }]);
    await expect(give(id, 'kept-basic', { version: 3 })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('limits what runs until its instant, and gives the whole limit from then on', async () => {
    const id = await organization();
    const until = new Date('2026-03-20T10:00:00Z');
    const terms = { quotas: [calls(100), { ...calls(10), window: 'day' } as const] };
    const limit = { meterId: 'mtr_requests', window: 'month' as const, limit: 40n };
    await give(id, await plan(terms), { running: { until, limits: [limit] } });
    const limits = async (at?: Date) =>
      (await quotasOf(id, at)).map((quota) => `${quota.window} ${quota.limit}`).sort();
    expect(await limits()).toEqual(['day 10', 'month 40']);
    expect(await limits(new Date(+until - 1))).toEqual(['day 10', 'month 40']);
    expect(await limits(until)).toEqual(['day 10', 'month 100']);
  });

  test('ends at its instant without anything having to run', async () => {
    const id = await organization();
    const endsAt = new Date('2026-04-04T10:00:00Z');
    await give(id, await plan({ quotas: [calls(100)], rate_limits: { rpm: 5 } }), { endsAt });
    const terms = createTermsBook(platform);
    expect(await terms.termsOf(id)).toMatchObject({ rates: { requestsPerMinute: 5 } });
    const before = new Date(endsAt.getTime() - 1);
    expect(await quotasOf(id, before)).toMatchObject([{ inForce: true, changesAt: endsAt }]);
    expect(await quotasOf(id, endsAt)).toMatchObject([{ inForce: false, changesAt: null }]);
    platform.clocks.advance('P31D');
    expect(await terms.termsOf(id)).toMatchObject({
      plan: null,
      rates: { requestsPerMinute: null },
    });
  });

  test.each([
    [{ startsAt: new Date('2026-03-04T10:00:01Z') }, 'starts_at'],
    [{ endsAt: new Date('2026-03-04T10:00:00Z') }, 'ends_at'],
  ])('refuses %o', async (options, param) => {
    const id = await organization();
    const slug = await plan({});
    await expect(give(id, slug, options)).rejects.toMatchObject({ code: 'rule_violated', param });
  });
});

describe('endPlan', () => {
  test('takes the plan’s quotas and leaves the others', async () => {
    const id = await organization();
    await give(id, await plan({ quotas: [calls(100)] }));
    await setOverride(testContext(platform), {
      organizationId: id,
      meter: 'tokens',
      window: 'day',
      limit: '7',
    });
    const context = testContext(platform);
    await inTransaction(context, (transaction) => endPlanWithin(context, transaction, id));
    const quotas = await quotasOf(id);
    expect(quotas.find(({ meter }) => meter.key === 'requests')?.inForce).toBe(false);
    expect(quotas.find(({ meter }) => meter.key === 'tokens')?.limit).toBe(7n);
  });
});

describe('addPackageQuotas', () => {
  test('adds up with the plan, and is gone at the package’s end', async () => {
    const id = await organization();
    await give(id, await plan({ quotas: [calls(100)] }));
    const context = testContext(platform);
    const startsAt = platform.clocks.business();
    const endsAt = new Date('2026-03-14T10:00:00Z');
    await inTransaction(context, (transaction) =>
      addPackageQuotas(context, transaction, {
        organizationId: id,
        organizationPackageId: 'opk_1',
        quotas: [
          {
            meter: 'mtr_requests',
            reference: 'requests',
            unit: 'count',
            window: 'month',
            anchor: 'calendar',
            limit: '50',
            hard: true,
          },
        ],
        startsAt,
        endsAt,
      }),
    );
    expect(await quotasOf(id)).toMatchObject([{ limit: 150n, changesAt: endsAt }]);
    expect(await quotasOf(id, endsAt)).toMatchObject([{ limit: 100n, changesAt: null }]);
  });
});

describe('setOverride', () => {
  test('stands alone, may be unlimited, and is taken back', async () => {
    const id = await organization();
    const context = testContext(platform);
    await give(id, await plan({ quotas: [calls(100)] }));
    const set = await setOverride(context, { organizationId: id, ...calls(null) });
    expect(set).toMatchObject({ inForce: true, limit: null, sources: [{}, {}] });
    await removeOverride(context, { organizationId: id, quotaId: set.id });
    expect(await quotasOf(id)).toMatchObject([{ id: set.id, limit: 100n }]);
    await expect(
      removeOverride(context, { organizationId: id, quotaId: set.id }),
    ).rejects.toMatchObject({ code: 'not_found', param: 'quota' });
  });

  test('reads the limit in the meter’s unit', async () => {
    const id = await organization();
    const set = await setOverride(testContext(platform), {
      organizationId: id,
      meter: 'cost',
      window: 'day',
      limit: '1.5',
    });
    expect(set.limit).toBe(1_500_000_000n);
  });

  test.each([
    [{ meter: 'nothing', window: 'day', limit: '1' }, 'meter_unknown', 'meter'],
    [{ meter: 'requests', window: 'day', limit: '1.5' }, 'rule_violated', 'limit'],
    [
      { meter: 'requests', window: 'hour', anchor: 'subscription', limit: '1' },
      'rule_violated',
      'anchor',
    ],
    [
      { meter: 'requests', window: 'day', anchor: 'subscription', limit: '1' },
      'rule_violated',
      'anchor',
    ],
    [
      { meter: 'requests', window: 'day', limit: '1', ends_at: '2026-03-04T10:00:00Z' },
      'rule_violated',
      'ends_at',
    ],
    [
      {
        meter: 'requests',
        window: 'day',
        limit: '1',
        subject: { kind: 'api_key', id: 'key_none' },
      },
      'not_found',
      'subject.id',
    ],
  ] as const)('refuses %o', async (command, code, param) => {
    const organizationId = await organization();
    await expect(
      setOverride(testContext(platform), { organizationId, ...command }),
    ).rejects.toMatchObject({ code, param });
  });
});

describe('an API key’s spend caps', () => {
  test('are quotas on cost, follow every change, and go with null', async () => {
    const id = await organization();
    const context = testContext(platform);
    const caps = (day: string | null, month: string | null, total: string | null) =>
      inTransaction(context, (transaction) =>
        platform.events.announce(context, transaction, apiKeyLimitsChanged, {
          organizationId: id,
          apiKeyId: 'key_1',
          spendCaps: { day, month, total },
        }),
      );
    await caps('2.5', null, '100');
    const byWindow = async () =>
      (await quotasOf(id)).sort((a, b) => a.window.localeCompare(b.window));
    expect(await byWindow()).toMatchObject([
      { subject: { kind: 'api_key', id: 'key_1' }, window: 'day', limit: 2_500_000_000n },
      { window: 'lifetime', limit: 100_000_000_000n, hard: true },
    ]);
    await caps(null, '30', '50');
    const after = await byWindow();
    expect(after.map(({ window, inForce, limit }) => [window, inForce, limit])).toEqual([
      ['day', false, null],
      ['lifetime', true, 50_000_000_000n],
      ['month', true, 30_000_000_000n],
    ]);
  });
});

describe('the default plan', () => {
  test('is given to new organizations, and to none once it is unset', async () => {
    const context = testContext(platform);
    await changeSettings(context, { default_plan: await plan({ quotas: [calls(3)] }) });
    expect(await quotasOf(await organization())).toMatchObject([{ limit: 3n }]);
    await changeSettings(context, { default_plan: null });
    expect(await quotasOf(await organization())).toEqual([]);
  });

  test('must be a plan on offer', async () => {
    await expect(
      changeSettings(testContext(platform), { default_plan: 'no-such' }),
    ).rejects.toMatchObject({
      code: 'rule_violated',
      param: 'default_plan',
    });
  });
});

describe('setFeatures', () => {
  test('stands over the plan’s, and gives way when it is left out', async () => {
    const context = testContext(platform);
    const template = [
      'application: { slug: feats, name: Feats }',
      'features:',
      '  - { key: sso, name: SSO }',
      '  - { key: seats, name: Seats, kind: number }',
      'plans:',
      '  - slug: feats-basic',
      '    name: Basic',
      '    features: { sso: false, seats: 5 }',
    ].join('\n');
    await registerTemplate(context, { template, dryRun: false });
    const id = await organization();
    await give(id, 'feats-basic');
    const terms = createTermsBook(platform);
    expect((await terms.termsOf(id)).features).toEqual({ 'feats.sso': false, 'feats.seats': 5 });
    await setFeatures(context, { organizationId: id, features: { 'feats.sso': true } });
    terms.forget(id);
    expect((await terms.termsOf(id)).features).toEqual({ 'feats.sso': true, 'feats.seats': 5 });
    await expect(
      setFeatures(context, { organizationId: id, features: { 'feats.seats': 'many' } }),
    ).rejects.toMatchObject({ code: 'rule_violated', param: 'features.feats.seats' });
    await setFeatures(context, { organizationId: id, features: {} });
    const at = platform.clocks.business();
    expect(await listFeatures(db.database, { organizationId: id, at })).toEqual([
      { feature: 'feats.seats', value: 5, source: 'plan' },
      { feature: 'feats.sso', value: false, source: 'plan' },
    ]);
  });
});
