import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createModelPrice } from './operations/create-model-price.ts';
import {
  acceptPriceUpdates,
  readPriceUpdates,
  refusePriceUpdates,
} from './operations/decide-price-updates.ts';
import { seedModelPrices } from './operations/seed-model-prices.ts';
import { createPriceBook } from './price-book.ts';

let db: TestDatabase;
let at: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
  await seedModelPrices(testContext(at));
});
afterAll(() => db.close());

const updateOf = async (model: string) =>
  (await readPriceUpdates(testContext(at))).find((update) => update.model === model);
async function setPrice(model: string, input: string) {
  await createModelPrice(testContext(at), { model, prices: { input, output: '0.60' } });
  return (await updateOf(model)) ?? expect.unreachable('the price differs from the list');
}

describe('readPriceUpdates', () => {
  test('finds nothing in a book that came from the list', async () => {
    expect(await readPriceUpdates(testContext(at))).toEqual([]);
  });

  test('finds nothing where the usage currency is another than the list’s', async () => {
    const chinese = testPlatform(db, { config: { usageCurrency: 'CNY' } });
    expect(await readPriceUpdates(testContext(chinese))).toEqual([]);
  });
});

describe('acceptPriceUpdates', () => {
  test('puts the list’s price into force, once', async () => {
    const { id } = await setPrice('gpt-4o-mini', '9');
    const accept = { updates: [{ id }] };
    const [made] = await acceptPriceUpdates(testContext(at), accept);
    expect(made).toMatchObject({ prices: { input: 150_000_000n }, source: 'operator' });
    const book = await createPriceBook(at);
    expect(book.priceOf('gpt-4o-mini', at.clocks.business())?.id).toBe(made?.id);
    expect(await updateOf('gpt-4o-mini')).toBeUndefined();
    await expect(acceptPriceUpdates(testContext(at), accept)).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('is done once where two operators accept at the same time', async () => {
    const { id } = await setPrice('gpt-4.1', '9');
    const accept = () => acceptPriceUpdates(testContext(at), { updates: [{ id }] });
    const results = await Promise.allSettled([accept(), accept(), accept()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('takes an edited price instead', async () => {
    const { id } = await setPrice('gpt-4.1-mini', '9');
    const price = { prices: { input: '0.5', output: '2' } };
    const [made] = await acceptPriceUpdates(testContext(at), { updates: [{ id, price }] });
    expect(made?.prices).toEqual({ input: 500_000_000n, output: 2_000_000_000n });
  });

  test('does all or nothing', async () => {
    const { id } = await setPrice('gpt-4.1-nano', '9');
    const updates = [{ id }, { id: 'pup_none' }];
    await expect(acceptPriceUpdates(testContext(at), { updates })).rejects.toMatchObject({
      code: 'conflict',
      param: 'updates.1.id',
    });
    await expect(
      acceptPriceUpdates(testContext(at), { updates: [{ id }, { id }] }),
    ).rejects.toMatchObject({ code: 'rule_violated' });
    expect((await updateOf('gpt-4.1-nano'))?.id).toBe(id);
  });
});

describe('refusePriceUpdates', () => {
  test('shows exactly that difference no more', async () => {
    const { id } = await setPrice('gpt-4o', '9');
    await refusePriceUpdates(testContext(at), [id]);
    await refusePriceUpdates(testContext(at), [id]);
    expect(await updateOf('gpt-4o')).toBeUndefined();
    expect((await setPrice('gpt-4o', '8')).id).not.toBe(id);
    await expect(refusePriceUpdates(testContext(at), ['pup_none'])).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
