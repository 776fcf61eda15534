import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { verifyAudit } from '../audit/index.ts';
import { rateBetween } from './core/exchange-rate.ts';
import {
  exchangeRate,
  readSetting,
  type SettingName,
  settingsChannel,
  writeSetting,
} from './index.ts';

let db: TestDatabase;
let platform: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
});
afterAll(async () => {
  await platform.notifications.close();
  await db.close();
});

function write(name: SettingName, value: unknown): Promise<void> {
  const context = testContext(platform);
  return inTransaction(context, (transaction) =>
    writeSetting(context, transaction, name, value as never),
  );
}

describe('writeSetting', () => {
  test('is read back, recorded, and told to every process', async () => {
    const heard: string[] = [];
    platform.notifications.subscribe(settingsChannel, {
      onNotify: (name) => heard.push(name),
      onGap: () => undefined,
    });
    await platform.notifications.start(db.url);
    expect(await readSetting(db.database, 'exchange_rates')).toEqual({});
    await write('exchange_rates', { CNY: '7.2' });
    expect(await readSetting(db.database, 'exchange_rates')).toEqual({ CNY: '7.2' });
    await expect.poll(() => heard).toEqual(['exchange_rates']);
    expect(await verifyAudit(platform)).toEqual({
      ...{ chains: 1, entries: 1, anchors: 0, months: 0 },
      problems: [],
    });
  });

  test.each<[SettingName, unknown]>([
    ['exchange_rates', { CNY: '0' }],
    ['exchange_rates', { CNY: '-7.2' }],
    ['exchange_rates', { CNY: '7,2' }],
    ['exchange_rates', { yuan: '7.2' }],
    ['clock_offset_ms', -1],
    ['clock_offset_ms', 0.5],
  ])('refuses %s = %o and changes nothing', async (name, value) => {
    const before = await readSetting(db.database, name);
    await expect(write(name, value)).rejects.toMatchObject({ code: 'rule_violated', param: name });
    expect(await readSetting(db.database, name)).toEqual(before);
  });
});

describe('exchangeRate', () => {
  test('reads the operator’s rate in both directions', async () => {
    await write('exchange_rates', { CNY: '7.2' });
    const { config } = platform;
    expect(await exchangeRate(db.database, config, 'USD', 'CNY')).toBe('7.2');
    expect(await exchangeRate(db.database, config, 'CNY', 'USD')).toBe('0.138888888888888889');
    expect(await exchangeRate(db.database, config, 'USD', 'JPY')).toBeUndefined();
    expect(await exchangeRate(db.database, config, 'JPY', 'JPY')).toBe('1');
  });
});

describe('rateBetween', () => {
  const rates = { CNY: '7.2', JPY: '150', EUR: '0.9' };
  test.each([
    ['USD', 'JPY', '150'],
    ['JPY', 'USD', '0.006666666666666667'],
    ['EUR', 'CNY', '8'],
    ['CNY', 'EUR', '0.125'],
    ['CNY', 'GBP', undefined],
    ['GBP', 'USD', undefined],
    ['GBP', 'GBP', '1'],
  ])('of %s in %s is %s', (from, to, rate) => {
    expect(rateBetween(rates, { usageCurrency: 'USD', from, to })).toBe(rate);
  });
});
