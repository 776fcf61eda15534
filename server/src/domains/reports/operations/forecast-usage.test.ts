import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idAt } from '../../../platform/ids.ts';
import { fakeClocks } from '../../../platform/testkit/clock.ts';
import { createTestDatabase, type TestDatabase } from '../../../platform/testkit/database.ts';
import {
  type TestPlatform,
  testContext,
  testPlatform,
} from '../../../platform/testkit/platform.ts';
import { createPayer, type Payer } from '../../access/testkit/payer.ts';
import { forecastUsage } from './forecast-usage.ts';

let db: TestDatabase;
let platform: TestPlatform;
let payer: Payer;
let calls = 0;
const now = '2026-03-11T06:00:00Z';
const timeZone = 'UTC';

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks(now) });
  payer = await createPayer(platform, db.url);
});
afterAll(async () => {
  await payer.close();
  await db.close();
});

/** A call on that day that cost so many dollars. */
async function spend(organizationId: string, day: string, dollars: number): Promise<void> {
  calls += 1;
  const at = new Date(`${day}T05:00:00Z`);
  await payer.settle({
    requestId: idAt('req', at) + String(calls).padStart(16, '0'),
    ...{ organizationId, apiKeyId: null, userId: null, costCenterId: null },
    ...{ applicationId: null, meters: [] },
    ...{ model: 'gpt-4o-mini', priceId: 'mpr_fixture', channel: null, tags: [] },
    amount: BigInt(dollars) * 1_000_000_000n,
    usage: {
      ...{ inputTokens: 1, cachedInputTokens: 0, cacheWriteTokens: 0 },
      ...{ outputTokens: 1, reasoningTokens: 0, estimated: false },
    },
    ...{ outcome: 'completed', authorizedAt: at, latencyMs: null, firstTokenMs: null },
  });
}

const day = (month: number, date: number) =>
  `2026-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;

describe('forecastUsage', () => {
  test('expects the rest of the month to be as the days before, and says how far it was off', async () => {
    const organizationId = await payer.organization(10n ** 13n);
    // Two dollars a day from February on, and a third on each day of its second half.
    for (let date = 1; date <= 28; date += 1) {
      await spend(organizationId, day(2, date), date > 14 ? 3 : 2);
    }
    for (let date = 1; date <= 10; date += 1) await spend(organizationId, day(3, date), 3);
    const made = await forecastUsage(testContext(platform), { organizationId, timeZone });
    expect(made.currency).toBe('USD');
    expect(made.last_period).toEqual({ expected: '56.00', actual: '70.00' });
    // 30 dollars by now; of 38 days 24 were of three dollars.
    expect(Number(made.expected)).toBeGreaterThan(30 + 20.75 * 2.4);
    expect(Number(made.expected)).toBeLessThan(30 + 20.75 * 2.9);
    expect(Number(made.low)).toBeLessThan(Number(made.expected));
    expect(Number(made.high)).toBeGreaterThan(Number(made.expected));
  });

  test('expects nothing of who has used nothing', async () => {
    const organizationId = await payer.organization(0n);
    expect(await forecastUsage(testContext(platform), { organizationId, timeZone })).toEqual({
      ...{ currency: 'USD', expected: '0.00', low: '0.00', high: '0.00', last_period: null },
    });
  });
});
