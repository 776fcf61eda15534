import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { changeExchangeRates } from './operations/change-exchange-rates.ts';
import { exchangeRate } from './operations/exchange-rate.ts';

let db: TestDatabase;
let at: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
});
afterAll(() => db.close());

describe('changeExchangeRates', () => {
  test('sets all rates at once; none named leaves them', async () => {
    expect(await changeExchangeRates(testContext(at), { CNY: '7.2', EUR: '0.92' })).toEqual({
      CNY: '7.2',
      EUR: '0.92',
    });
    expect(await changeExchangeRates(testContext(at), { CNY: '7.1' })).toEqual({ CNY: '7.1' });
    expect(await changeExchangeRates(testContext(at), undefined)).toEqual({ CNY: '7.1' });
    expect(await exchangeRate(at.database, at.config, 'USD', 'CNY')).toBe('7.1');
    expect(await exchangeRate(at.database, at.config, 'USD', 'EUR')).toBeUndefined();
  });

  test('refuses a rate of the usage currency, and one that is no rate', async () => {
    const change = (rates: Record<string, string>) => changeExchangeRates(testContext(at), rates);
    await expect(change({ USD: '1' })).rejects.toMatchObject({ code: 'rule_violated' });
    await expect(change({ CNY: '0' })).rejects.toMatchObject({ code: 'rule_violated' });
  });
});
