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
import { createModelPrice, createPriceBook, type ModelPrice } from '../../catalog/index.ts';
import { chargeFor, type Usage } from '../../metering/index.ts';
import { rerateSums } from '../price-effect.ts';
import { listPriceUpdates } from './list-price-updates.ts';
import { simulateModelPrice } from './simulate-model-price.ts';

let db: TestDatabase;
let platform: TestPlatform;
let payer: Payer;
let price: ModelPrice;
let organizations: string[];
let calls = 0;
const model = 'gpt-4o-mini';
const plain = { cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false };

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { clocks: fakeClocks('2026-03-11T06:00:00Z') });
  payer = await createPayer(platform, db.url);
  price = await createModelPrice(testContext(platform), {
    model,
    prices: { input: '1', output: '2' },
  });
  organizations = [await payer.organization(10n ** 13n), await payer.organization(10n ** 13n)];
  const [first = '', second = ''] = organizations;
  await call(first, { inputTokens: 1_000_000, outputTokens: 0 });
  // Twice the list price, and an upstream that says what it charged.
  await call(second, { inputTokens: 0, outputTokens: 1_000_000 }, 2_000_000n, 500_000_000n);
});
afterAll(async () => {
  await payer.close();
  await db.close();
});

async function call(
  organizationId: string,
  counts: Pick<Usage, 'inputTokens' | 'outputTokens'>,
  multiplierMillionths = 1_000_000n,
  costNanos?: bigint,
): Promise<void> {
  calls += 1;
  const at = platform.clocks.business();
  const usage = { ...plain, ...counts };
  await payer.settle({
    requestId: idAt('req', at) + String(calls).padStart(16, '0'),
    ...{ organizationId, apiKeyId: null, userId: null, costCenterId: null },
    ...{ applicationId: null, meters: [], model, priceId: price.id, channel: null, tags: [] },
    amount: chargeFor(price, usage, multiplierMillionths),
    usage,
    ...{ outcome: 'completed', authorizedAt: at, latencyMs: null, firstTokenMs: null },
    details: { multiplierMillionths, ...(costNanos === undefined ? {} : { costNanos }) },
  });
  platform.clocks.advance('PT1M');
}

async function simulate(body: Partial<Parameters<typeof simulateModelPrice>[2]> = {}) {
  const asked = { model, prices: { input: '2', output: '2' }, ...body };
  return simulateModelPrice(testContext(platform), await createPriceBook(platform), asked);
}

describe('simulateModelPrice', () => {
  test('rates each call again, with the multiplier that it had', async () => {
    expect(await simulate()).toMatchObject({
      ...{ calls: 2, is_exact: true, currency: 'USD' },
      before: { revenue: '5.00', cost: '1.50', margin: '3.50' },
      after: { revenue: '6.00', cost: '1.50', margin: '4.50' },
    });
  });

  test('says whose bills would differ most', async () => {
    const { organizations: shown } = await simulate();
    expect(shown).toMatchObject([
      {
        organization: organizations[0],
        calls: 1,
        before: '1.00',
        after: '2.00',
        difference: '1.00',
      },
      { organization: organizations[1], before: '4.00', after: '4.00', difference: '0.00' },
    ]);
  });

  test('tries a multiplier, and an upstream that changes its prices alike', async () => {
    const tried = await simulate({ multiplier: '1.5', moves_cost: true });
    // List costs double; what the second upstream charged follows an output price that stays.
    expect(tried.after).toEqual({ revenue: '6.00', cost: '2.50', margin: '3.50' });
  });

  test('takes only calls of the time, and refuses a time that is none', async () => {
    const from = '2026-03-11T06:01:00Z';
    expect(await simulate({ from })).toMatchObject({ calls: 1, before: { revenue: '4.00' } });
    await expect(simulate({ from: '2027-01-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'rule_violated',
    });
    await expect(simulate({ model: 'none' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('listPriceUpdates', () => {
  test('shows what the published price would have done, costs included', async () => {
    const { data } = await listPriceUpdates(testContext(platform), { limit: 50, q: model });
    const update = data.find((one) => one.model === model);
    // The list says 0.15 and 0.60.
    expect(update).toMatchObject({
      kind: 'changed',
      before: { id: price.id },
      effect: {
        ...{ calls: 2, is_exact: true },
        before: { revenue: '5.00', cost: '1.50' },
        after: { revenue: '1.35', cost: '0.30', margin: '1.05' },
      },
    });
    expect(update?.changes).toContainEqual({
      ...{ above_input_tokens: null, position: 'input' },
      ...{ before: '1.00', after: '0.15', percent: '-85' },
    });
  });

  test('is read page by page, by kind', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: 3, kind: 'new' as const, q: 'gpt-4.1', cursor };
      const page = await listPriceUpdates(testContext(platform), query);
      seen.push(...page.data.map((one) => one.model));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...new Set(seen)].sort());
  });
});

describe('rerateSums', () => {
  const sums = (over: object = {}) => ({
    ...{ calls: 10n, input_tokens: 1_000_000n, cached_input_tokens: 0n, cache_write_tokens: 0n },
    ...{ output_tokens: 500_000n, reasoning_tokens: 0n, amount: 4_000_000_000n, ...over },
  });
  const terms = { tiers: [], serviceTiers: {}, contextWindow: null, maxOutputTokens: null };
  const trial = (input: bigint) => ({
    terms: { ...terms, prices: { input, output: 2_000_000_000n } },
    currency: 'USD',
    movesCost: true,
  });

  test('changes what was billed as the list price of its tokens changes', () => {
    // Two dollars by the list, billed at twice that.
    expect(rerateSums(sums(), price, trial(3_000_000_000n))).toEqual({
      calls: 10,
      revenueBefore: 4_000_000_000n,
      revenueAfter: 8_000_000_000n,
      costBefore: 2_000_000_000n,
      costAfter: 4_000_000_000n,
    });
  });

  test('takes no tier for what many calls come to together', () => {
    const tiers = [{ aboveInputTokens: 1000, prices: price.prices }];
    const same = { ...trial(1_000_000_000n), terms: { ...price, tiers } };
    expect(rerateSums(sums(), price, same).revenueAfter).toBe(4_000_000_000n);
  });
});
