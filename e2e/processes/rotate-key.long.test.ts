/**
 * The key that seals is changed while two servers run, one after the other. Nobody is signed out, everything opens, and
 * in the end nothing in the whole database is sealed under the old key.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  type Customer,
  createClient,
  done,
  newCustomer,
  newKey,
  payIn,
  signIn,
} from '../client.ts';
import { query } from '../database.ts';
import { call, offerModelPerCall } from '../gateway.ts';
import { runCommand, type ServerProcess, startServer } from '../server.ts';

const model = 'fixed-price';
const oldKey = 'the key of before, of 32 characters or more';
const newKeyText = 'the key of today, of 32 characters or more';
const rounds = {
  old: { SLUICE_SECRET_KEY: oldKey },
  oldThatLearns: { SLUICE_SECRET_KEY: oldKey, SLUICE_SECRET_KEY_PREVIOUS: newKeyText },
  newThatOpensOld: { SLUICE_SECRET_KEY: newKeyText, SLUICE_SECRET_KEY_PREVIOUS: oldKey },
  new: { SLUICE_SECRET_KEY: newKeyText },
};
let first: ServerProcess;
let second: ServerProcess;
let customer: Customer;
let operator: Client;
let key: string;
let refreshToken: string;

beforeAll(async () => {
  first = await startServer({ environment: rounds.old });
  operator = await signIn(first, first.operator);
  customer = await newCustomer(first);
  await payIn(operator, customer.organization, '10.00');
  key = await newKey(customer.client);
  await offerModelPerCall(operator, { model, price: '0.01' });
  refreshToken = (await logIn(first)).refresh_token;
});
afterAll(async () => {
  await second?.dispose();
  await first?.dispose();
});

const logIn = (server: ServerProcess) =>
  done(
    createClient(server).post('/api/v1/auth/login', {
      login: customer.email,
      password: customer.password,
    }),
  );

/** Starts the first again with other keys; the database and its address stay. */
async function restartWith(keys: Record<string, string>): Promise<void> {
  await first.stop();
  for (const name of ['SLUICE_SECRET_KEY', 'SLUICE_SECRET_KEY_PREVIOUS']) {
    delete first.environment[name];
  }
  Object.assign(first.environment, keys);
  await first.restart();
}

async function expectAllWell(server: ServerProcess): Promise<void> {
  expect((await call(server, { key, model })).status).toBe(200);
  const { refresh_token } = await done(
    createClient(server).post('/api/v1/auth/refresh', { refresh_token: refreshToken }),
  );
  refreshToken = refresh_token;
  expect((await logIn(server)).access_token).toBeTruthy();
  const { code, output } = await runCommand(['audit', 'verify'], server.environment);
  expect(output).toContain('is whole');
  expect(code).toBe(0);
}

/** Values anywhere in the database that are sealed under a key. */
async function sealedUnder(keyId: string): Promise<string[]> {
  const columns = await query(
    first,
    `select table_name, column_name
    from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE'
      and data_type in ('text', 'jsonb')`,
  );
  const found: string[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const [row] = await query(
      first,
      `select count(*)::int as count from "${table}" where "${column}"::text ~ $1`,
      [`v1[.][A-Za-z0-9_-]{30,}[.]${keyId}`],
    );
    if (row?.count !== 0) found.push(`${table}.${column}`);
  }
  return found;
}

async function rotate(...words: string[]) {
  const { output } = await runCommand(['rotate-key', '--json', ...words], first.environment);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

describe('changing the key that seals', () => {
  let oldId: string;

  test('every server first learns to open with the new one', async () => {
    oldId = (await rotate('--dry-run')).key_id;
    expect((await sealedUnder(oldId)).length).toBeGreaterThan(2);
    await restartWith(rounds.oldThatLearns);
    await expectAllWell(first);
  });

  test('then servers with either key work side by side', async () => {
    second = await startServer({
      environment: { ...rounds.newThatOpensOld, DATABASE_URL: first.databaseUrl },
    });
    await expectAllWell(second);
    await expectAllWell(first);
    await expectAllWell(second);
    await second.stop();
  });

  test('then everything is sealed anew while the server runs', async () => {
    await restartWith(rounds.newThatOpensOld);
    expect(await rotate('--dry-run')).toMatchObject({ ok: false });
    const [rotated] = await Promise.all([rotate(), expectAllWell(first)]);
    expect(rotated.resealed).toBeGreaterThan(1);
    const again = await rotate();
    expect(again).toMatchObject({ ok: true, under_other_keys: 0, unreadable: 0 });
    expect(await sealedUnder(oldId)).toEqual([]);
    expect((await sealedUnder(again.key_id)).length).toBeGreaterThan(2);
  });

  test('then the old key is gone, and all goes on', async () => {
    await restartWith(rounds.new);
    await expectAllWell(first);
    const { code, output } = await runCommand(['doctor'], {
      ...first.environment,
      SLUICE_SECRET_KEY: oldKey,
    });
    expect(output).toContain('is not the key of this database');
    expect(code).toBe(1);
  });
});
