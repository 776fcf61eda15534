import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createModelPrice } from './operations/create-model-price.ts';
import { createPackage } from './operations/create-package.ts';
import { deletePackage } from './operations/delete-package.ts';
import { listPackages, listPriceVersions } from './operations/read-catalog.ts';
import { seedModelPrices } from './operations/seed-model-prices.ts';
import { updatePackage } from './operations/update-package.ts';
import { createPriceBook } from './price-book.ts';
import { findModelPrices, findPackage } from './store.ts';

let db: TestDatabase;
let at: TestPlatform;
const starter = { name: 'Starter', price: '30', duration_days: 30, daily_limit: '5' };

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
});
afterAll(() => db.close());

describe('createPackage', () => {
  test('takes the deployment’s currency where none is named', async () => {
    const row = await createPackage(testContext(at), starter);
    expect(row).toMatchObject({
      price_minor: 3000n,
      currency: 'USD',
      daily_limit: 5_000_000_000n,
      status: 'active',
    });
    const chinese = testPlatform(db, { config: { currency: 'CNY' } });
    expect((await createPackage(testContext(chinese), starter)).currency).toBe('CNY');
  });

  test('keeps prices in the currency’s own minor unit and refuses finer ones', async () => {
    const yen = await createPackage(testContext(at), {
      ...starter,
      price: '3000',
      currency: 'JPY',
    });
    expect(yen.price_minor).toBe(3000n);
    await expect(
      createPackage(testContext(at), { ...starter, price: '0.005' }),
    ).rejects.toMatchObject({
      code: 'amount_out_of_range',
      param: 'price',
    });
  });
});

describe('updatePackage', () => {
  test('changes only what is named, and writes down both sides', async () => {
    const { id } = await createPackage(testContext(at), starter);
    const after = await updatePackage(testContext(at), id, { price: '25.50', sort_order: -1 });
    expect(after).toMatchObject({
      price_minor: 2550n,
      sort_order: -1,
      name: 'Starter',
      duration_days: 30,
    });
    const { rows } = await sql<{
      old_values: { price_minor: string };
      new_values: { price_minor: string };
    }>`
      select old_values, new_values from audit_entries where action = 'package.update' and resource_id = ${id}
    `.execute(at.database);
    expect(rows[0]).toMatchObject({
      old_values: { price_minor: '3000' },
      new_values: { price_minor: '2550' },
    });
  });

  test('keeps the number when the currency has another scale', async () => {
    const { id } = await createPackage(testContext(at), starter);
    expect(await updatePackage(testContext(at), id, { currency: 'JPY' })).toMatchObject({
      price_minor: 30n,
    });
    await expect(updatePackage(testContext(at), 'pkg_none', {})).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('deletePackage', () => {
  test('takes it off sale and keeps it for those who bought it', async () => {
    const { id } = await createPackage(testContext(at), { ...starter, name: 'Gone' });
    await deletePackage(testContext(at), id);
    await deletePackage(testContext(at), id);
    expect((await findPackage(at.database, id))?.status).toBe('archived');
    const { data } = await listPackages(testContext(at), { limit: 200, status: 'active' });
    expect(data.map((item) => item.id)).not.toContain(id);
  });
});

describe('listPackages', () => {
  test('walks pages in the operator’s order, ties included', async () => {
    const context = testContext(at);
    const expected = (await listPackages(context, { limit: 200 })).data.map(({ id }) => id);
    const walked: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listPackages(context, { limit: 2, cursor });
      walked.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(expected.length).toBeGreaterThan(3);
    expect(walked).toEqual(expected);
    await expect(listPackages(context, { limit: 2, cursor: 'bm90IG9uZQ' })).rejects.toMatchObject({
      code: 'malformed',
    });
  });
});

describe('the price book', () => {
  const mini = { model: 'mini', prices: { input: '0.15', output: '0.60' }, max_output_tokens: 100 };

  test('has a new version in force at once, and the old one for calls that began before', async () => {
    const book = await createPriceBook(at);
    const first = await createModelPrice(testContext(at), mini);
    at.clocks.advance('PT1M');
    const before = new Date(at.clocks.business().getTime() - 1);
    const second = await createModelPrice(testContext(at), {
      ...mini,
      prices: { input: '1', output: '2' },
    });
    await book.load();
    expect(book.priceOf('mini', at.clocks.business())?.id).toBe(second.id);
    expect(book.priceOf('mini', before)?.id).toBe(first.id);
    expect(book.priceOf('unpriced', at.clocks.business())).toBeUndefined();
    const versions = await listPriceVersions(testContext(at), 'mini', { limit: 10 });
    expect(versions.data.map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  test('finds snapshots by id, exact to the nano', async () => {
    const price = await createModelPrice(testContext(at), {
      model: 'nano',
      prices: { input: '0.000000001', output: '0', request: '0.01' },
      tiers: [
        { above_input_tokens: 400_000, prices: { input: '3', output: '3' } },
        { above_input_tokens: 200_000, prices: { input: '2', output: '2' } },
      ],
    });
    const found = (await findModelPrices(at.database, [price.id, 'mpr_none'])).get(price.id);
    expect(found).toEqual(price);
    expect(found?.prices).toEqual({ input: 1n, output: 0n, request: 10_000_000n });
    expect(found?.tiers.map((tier) => tier.aboveInputTokens)).toEqual([200_000, 400_000]);
  });

  test.each([
    [{ ...mini, effective_from: '2020-01-01T00:00:00Z' }, 'rule_violated', 'effective_from'],
    [{ ...mini, currency: 'CNY' }, 'currency_unsupported', 'currency'],
    [{ ...mini, prices: { input: '1000001', output: '1' } }, 'amount_out_of_range', 'prices.input'],
    [
      {
        ...mini,
        tiers: [
          { above_input_tokens: 5, prices: mini.prices },
          { above_input_tokens: 5, prices: mini.prices },
        ],
      },
      'rule_violated',
      'tiers',
    ],
  ])('refuses %o', async (command, code, param) => {
    await expect(createModelPrice(testContext(at), command)).rejects.toMatchObject({ code, param });
  });

  test('never changes a version', async () => {
    const change = sql`update catalog_model_prices set model = 'other'`.execute(at.database);
    await expect(change).rejects.toThrow(/never changes/);
  });
});

describe('seedModelPrices', () => {
  test('fills the book once, and leaves an operator’s version in force', async () => {
    const own = await createModelPrice(testContext(at), {
      model: 'gpt-4o-mini',
      prices: { input: '9', output: '9' },
    });
    const added = await seedModelPrices(testContext(at));
    expect(added).toBeGreaterThan(150);
    expect(await seedModelPrices(testContext(at))).toBe(0);
    const book = await createPriceBook(at);
    const now = at.clocks.business();
    expect(book.priceOf('gpt-4o-mini', now)?.id).toBe(own.id);
    expect(book.priceOf('claude-sonnet-4-5', now)).toMatchObject({
      source: 'dataset',
      maxOutputTokens: 64000,
      prices: { input: 3_000_000_000n, output: 15_000_000_000n },
    });
    expect(book.priceOf('gemini-2.5-flash', now)?.prices.output).toBe(2_500_000_000n);
  });

  test('leaves the book empty in another usage currency', async () => {
    expect(
      await seedModelPrices(testContext(testPlatform(db, { config: { usageCurrency: 'EUR' } }))),
    ).toBe(0);
  });
});
