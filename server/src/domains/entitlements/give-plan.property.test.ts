import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { storedFunction } from '../../platform/database/stored-functions.ts';
import { fakeClocks } from '../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createAccess } from '../access/access.ts';
import { createAccessFixture, settleOf } from '../access/testkit/access-fixture.ts';
import { createPlan } from '../catalog/index.ts';
import { listOpenQuotas } from '../metering/index.ts';
import { effectiveLimit, type QuotaSource } from './core/limit.ts';
import { endPlanWithin, givePlan } from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;
const origin = Date.parse('2026-03-02T00:00:00Z');
const hour = (hours: number) => new Date(origin + hours * 3_600_000);

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks(hour(0).toISOString()) });
  const quota = (limit: number | null) => ({
    meter: 'requests',
    window: 'month' as const,
    anchor: 'subscription' as const,
    limit: limit === null ? null : String(limit),
  });
  for (const [slug, limit] of Object.entries(limits)) {
    const terms = { quotas: limit === undefined ? [] : [quota(limit)] };
    await createPlan(testContext(platform), { slug, name: slug, ...terms });
  }
});
afterAll(() => db.close());

const limits = { basic: 100, pro: 1000, open: null, bare: undefined } as const;
type Slug = keyof typeof limits;

const stepArbitrary = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      plan: fc.constantFrom<Slug>('basic', 'pro', 'open', 'bare'),
      byVersion: fc.boolean(),
      isRepeated: fc.boolean(),
      endsIn: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
      running: fc.option(
        fc.record({ hours: fc.integer({ min: -5, max: 70 }), limit: fc.bigInt(0n, 2000n) }),
        { nil: null },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('use' as const) }) },
);

const sequenceArbitrary = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), stepArbitrary), {
  minLength: 1,
  maxLength: 7,
});

describe('givePlan', () => {
  propertyTest.prop([sequenceArbitrary], { numRuns: 25, endOnFailure: true })(
    'limits at every instant what plan and running period say, and keeps what was used counted',
    async (steps) => {
      platform.clocks.set(hour(0).toISOString());
      const context = testContext(platform);
      const fixture = await createAccessFixture(platform);
      const access = createAccess(platform, { url: db.url });
      const organizationId = await fixture.organization(10n ** 12n);
      let sources: QuotaSource[] = [];
      let used = 0;
      let at = 0;
      for (const [hours, step] of steps) {
        at += hours;
        platform.clocks.set(hour(at).toISOString());
        if (step.kind === 'use') {
          // Settled without having been asked for, so that no limit refuses it.
          await access.settle(settleOf(fixture.call(organizationId, 0n), 1n));
          used += 1;
        } else if (step.kind === 'end') {
          await inTransaction(context, (transaction) =>
            endPlanWithin(context, transaction, organizationId),
          );
          sources = [];
        } else {
          const { plan, byVersion, endsIn, running, isRepeated } = step;
          const given = {
            ...{ organizationId, planId: plan, startsAt: hour(at), anchorAt: hour(0) },
            endsAt: endsIn === null ? null : hour(at + endsIn),
            ...(byVersion && { version: 1 }),
            ...(running && {
              running: {
                until: hour(at + running.hours),
                limits: [{ meterId: 'mtr_requests', limit: running.limit }],
              },
            }),
          };
          for (let turn = 0; turn < (isRepeated ? 2 : 1); turn += 1) {
            await inTransaction(context, (transaction) => givePlan(context, transaction, given));
          }
          sources = sourcesOf(plan, given);
        }
        for (let later = at; later <= at + 80; later += 3) {
          for (const offsetMs of [-1, 0]) {
            const instant = new Date(+hour(later) + offsetMs);
            if (instant >= hour(at)) await expectLimit(organizationId, sources, instant);
          }
        }
        expect(await usedOf(organizationId)).toBe(
          effectiveLimit(sources, hour(at)).inForce ? used : undefined,
        );
      }
      await access.close();
    },
    120_000,
  );
});

/** What the plan and the running period say, written once more: each instant has one limit. */
function sourcesOf(
  plan: Slug,
  {
    startsAt,
    endsAt,
    running,
  }: {
    startsAt: Date;
    endsAt: Date | null;
    running?: { until: Date; limits: { limit: bigint }[] };
  },
): QuotaSource[] {
  const limit = limits[plan];
  if (limit === undefined) return [];
  const hours = endsAt === null ? 200 : (+endsAt - +startsAt) / 3_600_000;
  return Array.from({ length: hours }, (_, index): QuotaSource => {
    const from = new Date(+startsAt + index * 3_600_000);
    const isRunning = running !== undefined && from < running.until;
    const own = limit === null ? null : BigInt(limit);
    return {
      ...{ source: 'plan', sourceId: plan, hard: true, startsAt: from },
      limit: isRunning ? (running.limits[0]?.limit ?? 0n) : own,
      endsAt: new Date(+from + 3_600_000),
    };
  });
}

/** As calls see it: the stored limit, made anew where its time has come. */
async function expectLimit(organizationId: string, sources: QuotaSource[], at: Date) {
  const { rows } = await sql<{ limit: bigint | null; hard: boolean; in_force: boolean }>`
    select limit_amount as limit, is_hard as hard, is_in_force as in_force
    from entitlements_quotas,
      lateral (select ${storedFunction('entitlements_refresh_quotas')}(array[id], ${at})) refreshed
    where organization_id = ${organizationId}
  `.execute(db.database);
  const { rows: now } = await sql<(typeof rows)[number]>`
    select limit_amount as limit, is_hard as hard, is_in_force as in_force
    from entitlements_quotas
    where organization_id = ${organizationId}
  `.execute(db.database);
  expect(now.length).toBeLessThanOrEqual(1);
  const { limit, inForce, hard } = effectiveLimit(sources, at);
  const stored = now[0] ?? { limit: null, hard: false, in_force: false };
  expect({ at, ...stored }).toEqual({ at, limit, hard, in_force: inForce });
}

/** Of the quota in force; it is one, however often plans were given. */
async function usedOf(organizationId: string): Promise<number | undefined> {
  const at = platform.clocks.business();
  await sql`
    select ${storedFunction('entitlements_refresh_quotas')}(array_agg(id), ${at})
    from entitlements_quotas
    where organization_id = ${organizationId}
    having count(*) > 0
  `.execute(db.database);
  const view = { all: true } as const;
  const rows = await listOpenQuotas(db.database, { organizationId, view, at, limit: 10 });
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0] === undefined ? undefined : Number(rows[0].used);
}
