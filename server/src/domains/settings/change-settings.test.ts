import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { changeSettings, readSettings, type SettingChanges } from './operations/change-settings.ts';
import { exchangeRate } from './operations/exchange-rate.ts';

let db: TestDatabase;
let at: TestPlatform;

beforeAll(async () => {
  db = await createTestDatabase();
  at = testPlatform(db);
});
beforeEach(async () => {
  await sql`delete from settings_values`.execute(db.database);
});
afterAll(() => db.close());

const change = (changes: SettingChanges) => changeSettings(testContext(at), changes);

const initial = {
  default_plan: null,
  dunning_steps: [
    { after_days: 1, action: 'remind' },
    { after_days: 3, action: 'remind' },
    { after_days: 7, action: 'suspend' },
    { after_days: 14, action: 'cancel' },
  ],
  exchange_rates: {},
  forgotten_passwords_per_hour: 30,
  metering_late_horizon_days: 35,
  metering_retention_months: null,
  past_due_grace_days: 7,
  payment_notifications_per_hour: 36_000,
  sign_ups_per_hour: 60,
};

describe('changeSettings', () => {
  test('changes what is named and leaves the rest', async () => {
    expect(await change({})).toMatchObject(initial);
    const changes = { metering_retention_months: 12, past_due_grace_days: 0, sign_ups_per_hour: 5 };
    expect(await change(changes)).toMatchObject({ ...initial, ...changes });
    expect(await change({ metering_retention_months: null })).toMatchObject({
      ...initial,
      ...changes,
      metering_retention_months: null,
    });
  });

  test('sets all rates at once', async () => {
    await change({ exchange_rates: { CNY: '7.2', EUR: '0.92' } });
    await change({ exchange_rates: { CNY: '7.1' } });
    expect(await exchangeRate(at.database, at.config, 'USD', 'CNY')).toBe('7.1');
    expect(await exchangeRate(at.database, at.config, 'USD', 'EUR')).toBeUndefined();
  });

  test.each<[keyof SettingChanges, SettingChanges, string]>([
    ['exchange_rates', { exchange_rates: { CNY: '0' } }, 'positive decimal'],
    ['past_due_grace_days', { past_due_grace_days: 366 }, 'from 0 to 365'],
    ['metering_late_horizon_days', { metering_late_horizon_days: 0 }, 'from 1 to 400'],
    ['metering_retention_months', { metering_retention_months: 1 }, 'from 2 to 1200'],
    ['dunning_steps', { dunning_steps: [{ after_days: 400, action: 'remind' }] }, 'from 0 to 365'],
    ['sign_ups_per_hour', { sign_ups_per_hour: 0.5 }, 'from 1 to 1000000'],
    ['payment_notifications_per_hour', { payment_notifications_per_hour: 0 }, 'from 1 to 10000000'],
  ])('refuses a bad %s and changes nothing beside it', async (param, changes, sentence) => {
    const refused = change({ default_plan: null, forgotten_passwords_per_hour: 1, ...changes });
    await expect(refused).rejects.toMatchObject({
      code: 'rule_violated',
      param,
      message: expect.stringContaining(sentence),
    });
    expect(await readSettings(db.database)).toMatchObject(initial);
  });

  test('changes what is named of the seller and leaves the rest of it', async () => {
    const { seller } = await readSettings(db.database);
    expect((await change({ seller: { name: 'Clinic Ltd' } })).seller).toEqual({
      ...seller,
      name: 'Clinic Ltd',
    });
  });

  test('refuses a rate of the usage currency', async () => {
    await expect(change({ exchange_rates: { USD: '1' } })).rejects.toMatchObject({
      code: 'rule_violated',
      param: 'exchange_rates.USD',
    });
  });

  test('leaves a trace of every change', async () => {
    await change({ sign_ups_per_hour: 9, metering_late_horizon_days: 40 });
    const { rows } = await sql<{ resource_id: string; new_values: unknown }>`
      select resource_id, new_values
      from audit_entries
      where action = 'setting.write'
      order by position desc
      limit 2
    `.execute(db.database);
    expect(rows).toEqual([
      { resource_id: 'sign_ups_per_hour', new_values: { value: 9 } },
      { resource_id: 'metering_late_horizon_days', new_values: { value: 40 } },
    ]);
  });
});
