import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { writeFieldChange } from './core/describe-difference.ts';
import { applyPricing } from './operations/apply-pricing.ts';
import { createModelPrice } from './operations/create-model-price.ts';
import { exportPricing, writePricing } from './operations/export-pricing.ts';
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

async function run(text: string, isTrial = false): Promise<string[]> {
  const changes = await applyPricing(testContext(at), { text, isTrial, archivesMissing: true });
  return changes
    .filter(({ change }) => change !== 'unchanged')
    .flatMap(({ change, kind, name, fields }) => [
      `${change} ${kind} ${name}`,
      ...fields.map((field) => `  ${writeFieldChange(field)}`),
    ]);
}

const file = `
model_prices:
  - model: house-model
    prices: { input: "1", output: "4", search: "0.01" }
    service_tiers: { flex: { input: "0.5" } }
    max_output_tokens: 4096
model_groups:
  - { slug: house, name: House, models: [house-*], multiplier: "1.20" }
`;

describe('prices of models in a file', () => {
  test('are put into the book with their group, once', async () => {
    expect(await run(file, true)).toEqual([
      'added model price house-model',
      'added model group house',
    ]);
    expect(await run(file)).toHaveLength(2);
    expect(await run(file)).toEqual([]);
    const book = await createPriceBook(at);
    const now = at.clocks.business();
    expect(book.priceOf('house-model', now)).toMatchObject({
      prices: { input: 1_000_000_000n, search: 10_000_000n },
      serviceTiers: { flex: { input: 500_000_000n } },
    });
    expect(book.groups.multiplierFor(null, 'house-model', now)).toBe(1_200_000n);
  });

  test('that differ become another version; what is said in full is what is exported', async () => {
    const dearer = file.replace('"4"', '"5"').replace('"1.20"', '"1.25"');
    expect(await run(dearer)).toEqual([
      'changed model price house-model',
      '  prices output: 4.00 → 5.00',
      'changed model group house',
      '  multiplier: 1.2 → 1.25',
    ]);
    const written = writePricing(await exportPricing(testContext(at)));
    expect(written).toContain('house-model');
    expect(written).not.toContain('gpt-4o');
    expect(await run(written)).toEqual([]);
  });

  test('are refused where they make no sense, with the line', async () => {
    const both = file.replace(
      'max_output',
      'tiers: [{ above_input_tokens: 9, prices: { input: 1, output: 1 } }]\n    max_output',
    );
    await expect(run(both)).rejects.toMatchObject({ details: [{ line: 5 }] });
  });
});

describe('createModelPrice', () => {
  test('refuses a way of serving that says nothing', async () => {
    const prices = { input: '1', output: '1' };
    await expect(
      createModelPrice(testContext(at), { model: 'm', prices, service_tiers: { batch: {} } }),
    ).rejects.toMatchObject({ code: 'rule_violated', param: 'service_tiers.batch' });
  });
});
