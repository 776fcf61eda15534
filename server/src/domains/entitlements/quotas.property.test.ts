import { test as propertyTest } from '@fast-check/vitest';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { storedFunction } from '../../platform/database/stored-functions.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { effectiveLimit, type QuotaSource } from './core/limit.ts';

let db: TestDatabase;
let made = 0;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const origin = Date.parse('2026-03-01T00:00:00Z');
const instant = (hours: number) => new Date(origin + hours * 3_600_000);

/** Hours are few, so that beginnings and ends meet often. */
const sourceArbitrary = fc.record({
  source: fc.constantFrom('plan', 'package', 'override', 'api_key', 'cap' as const),
  limit: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(2n ** 63n - 1n) },
    { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 1000n }) },
  ),
  hard: fc.boolean(),
  from: fc.integer({ min: 0, max: 11 }),
  hours: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
});

describe('entitlements_refresh_quotas', () => {
  propertyTest.prop([fc.array(sourceArbitrary, { maxLength: 6 })], { numRuns: 30 })(
    'makes the limit that the sources in force say, at every instant',
    async (drawn) => {
      let overrides = 0;
      const sources: QuotaSource[] = drawn
        // One override at a time is what operations allow.
        .filter(({ source }) => source !== 'override' || overrides++ === 0)
        .map(({ from, hours, ...rest }, index) => ({
          ...rest,
          // A cap is an amount.
          limit: rest.source === 'cap' ? (rest.limit ?? 7n) : rest.limit,
          sourceId: `source-${index}`,
          startsAt: instant(from),
          endsAt: hours === null ? null : instant(from + hours),
        }));
      made += 1;
      const id = `qta_${made}`;
      await insert(id, sources);
      for (let hour = -1; hour <= 18; hour += 1) {
        // Just before, at and after every instant at which something may begin or end.
        for (const offsetMs of [-1, 0, 1]) {
          const at = new Date(instant(hour).getTime() + offsetMs);
          expect({ at, ...(await refreshed(id, at)) }).toEqual({
            at,
            ...effectiveLimit(sources, at),
          });
        }
      }
    },
    60_000,
  );
});

async function insert(id: string, sources: readonly QuotaSource[]): Promise<void> {
  await sql`
    insert into entitlements_quotas (
      id, organization_id, subject_kind, subject_id, meter_id, aggregation, is_level, "window", time_zone,
      is_hard, is_in_force, created_at
    )
    values (${id}, ${id}, 'organization', ${id}, 'mtr_requests', 'count', false, 'day', 'UTC', false, false, ${instant(0)})
  `.execute(db.database);
  for (const { source, sourceId, limit, hard, startsAt, endsAt } of sources) {
    await sql`
      insert into entitlements_quota_sources (quota_id, source, source_id, limit_amount, is_hard, starts_at, ends_at)
      values (${id}, ${source}, ${sourceId}, ${limit}, ${hard}, ${startsAt}, coalesce(${endsAt}::timestamptz, 'infinity'))
    `.execute(db.database);
  }
}

async function refreshed(id: string, at: Date) {
  await sql`select ${storedFunction('entitlements_refresh_quotas')}(array[${id}]::text[], ${at})`.execute(
    db.database,
  );
  const { rows } = await sql<{
    limit_amount: bigint | null;
    is_hard: boolean;
    is_in_force: boolean;
    changes_at: Date | null;
  }>`
    select limit_amount, is_hard, is_in_force, nullif(changes_at, 'infinity') as changes_at
    from entitlements_quotas
    where id = ${id}
  `.execute(db.database);
  const [row] = rows;
  return {
    inForce: row?.is_in_force,
    limit: row?.limit_amount,
    hard: row?.is_hard,
    changesAt: row?.changes_at,
  };
}
