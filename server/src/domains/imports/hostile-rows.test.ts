/** Rows as no system should have them: none stops an import, and none gets more than it had. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerifiedUser } from '../identity/index.ts';
import type { ImportReport } from './index.ts';
import { type ImportsFixture, startImports } from './testing/imports-fixture.ts';
import { oldTokenKey, tokenRow, userRow } from './testing/old-one-api.ts';

let fixture: ImportsFixture;
let report: ImportReport;
const here = 'already@old.example.com';

beforeAll(async () => {
  fixture = await startImports();
  await createVerifiedUser(fixture.context, {
    ...{ email: here, name: 'Was Here', password: 'correct horse battery' },
  });
  const users = [
    userRow(101, { quota: -5_000_000 }),
    userRow(102, { display_name: 'n'.repeat(300), email: 'long@old.example.com' }),
    userRow(103, { email: 'Twin@old.example.com', quota: 1_000_000 }),
    userRow(104, { email: 'twin@OLD.example.com', quota: 2_000_000 }),
    userRow(105, { email: here.toUpperCase(), role: 100 }),
    userRow(106, { username: 'nul\0nul', display_name: 'a\0b', email: 'nul@old.example.com' }),
    userRow(107, { email: '', display_name: '' }),
    userRow(108, { email: 'no address at all', quota: 9_000_000_000_000_000_000 }),
    userRow(109, { status: 3 }),
    userRow(110, { status: 2, email: 'shut.out@old.example.com' }),
  ];
  const token = (id: number, user: number, rest: object = {}) =>
    tokenRow({ id, user, nth: 1 }, { key: oldTokenKey(user, id), ...rest });
  const tokens = [
    token(1001, 103, { remain_quota: -10, unlimited_quota: 0 }),
    token(1002, 103, { key: 'short' }),
    token(1003, 104, { models: 'gpt-4o,gpt-4o-mini', subnet: '10.0.0.0/8, 192.0.2.1/32' }),
    token(1004, 104, { subnet: 'everywhere' }),
    token(1005, 109),
    token(1006, 999),
    token(1007, 110, { status: 2 }),
    token(1008, 106, { name: 'n\0'.repeat(300), expired_time: 1_700_000_000 }),
    token(1009, 102, { key: `${'k'.repeat(40)}\n${'k'.repeat(7)}` }),
  ];
  const ratios = { 'gpt-4o-mini': 0.5, 'house-model': 2.25, broken: 'much' };
  const options = [
    { key: 'QuotaPerUnit', value: '500000' },
    { key: 'ModelRatio', value: JSON.stringify(ratios) },
  ];
  await fixture.gateway.price({});
  const database = await fixture.oldOneApi({
    ...{ kind: 'one-api', users: 1, tokensPerUser: 1, logsPerUser: 1 },
    more: { users, tokens, options },
  });
  report = await fixture.importOneApi(database, { name: 'hostile' });
}, 60_000);
afterAll(() => fixture.close());

const notesOf = (kind: string, id: number) =>
  report.notes
    .filter((note) => note.kind === kind && note.id === String(id))
    .map(({ text }) => text);

const ownersOf = async (email: string) => {
  const { rows } = await sql<{ name: string; available: bigint }>`
    select o.name, b.available
    from identity_users as u
    join identity_members as m on m.user_id = u.id
    join identity_organizations as o on o.id = m.organization_id
    join ledger_buckets as b on b.organization_id = o.id and b.kind = 'wallet'
    where u.email = ${email}
    order by b.available
  `.execute(fixture.platform.database);
  return rows;
};

const keyOf = async (theirId: number) => {
  const { rows } = await sql<Record<string, unknown>>`
    select k.name, k.allowed_models as models, k.ip_allowlist as ips, k.spend_cap_total as total, k.expires_at as expiry
    from identity_api_keys as k
    join imports_mappings as m on m.our_id = k.id and m.kind = 'key' and m.their_id = ${String(theirId)}
  `.execute(fixture.platform.database);
  return rows[0];
};

describe('runImport', () => {
  test('opens nothing for a balance below zero or beyond any wallet, and says so', async () => {
    expect(await fixture.walletOf('user101@old.example.com')).toBe(0n);
    expect(notesOf('balance', 101)).toEqual([
      'below zero there: it opens with nothing, and nothing is owed',
    ]);
    expect(notesOf('balance', 108)).toHaveLength(1);
  });

  test('links accounts whose addresses differ in case, each with an organization of its own', async () => {
    const rows = await ownersOf('twin@old.example.com');
    expect(rows.map(({ available }) => available)).toEqual([2_000_000_000n, 4_000_000_000n]);
    expect(notesOf('account', 104)).toHaveLength(1);
  });

  test('leaves whoever is here already what they have, and gives no role', async () => {
    const rows = await ownersOf(here);
    expect(rows.map(({ name }) => name).sort()).toEqual(['User 105', 'Was Here']);
    expect(notesOf('account', 105)).toEqual([
      'was the root user there; roles are given here by hand',
      'the person is here already and gets another organization',
    ]);
    const { rows: roles } = await sql`
      select distinct platform_role as role from identity_users
    `.execute(fixture.platform.database);
    expect(roles).toEqual([{ role: 'user' }]);
  });

  test('cuts names, drops NUL, and keeps accounts without an address for their callers', async () => {
    const [long] = await ownersOf('long@old.example.com');
    expect(long?.name).toBe('n'.repeat(100));
    expect((await ownersOf('nul@old.example.com'))[0]?.name).toMatch(/^a/);
    expect(await ownersOf('hostile-107@moved-in.invalid')).toHaveLength(1);
    expect(notesOf('account', 107)).toEqual(['no mail address: nobody can sign in']);
    expect(notesOf('account', 108)[0]).toBe('its mail address is none: nobody can sign in');
  });

  test('takes no prices, and tells where they differ', () => {
    expect(report.notes.filter(({ kind }) => kind === 'price')).toEqual([
      {
        ...{ kind: 'price', id: 'house-model', name: 'house-model', isLeft: true },
        text: 'a million tokens of input are 4.50 there, no price here',
      },
    ]);
  });

  test('leaves who is deleted, and keeps out who was shut out', async () => {
    expect(notesOf('account', 109)).toEqual(['deleted there']);
    expect(notesOf('key', 1005)).toEqual(['its account was not moved']);
    const { rows } = await sql`
      select status from identity_users where email = 'shut.out@old.example.com'
    `.execute(fixture.platform.database);
    expect(rows).toEqual([{ status: 'suspended' }]);
  });

  test('never makes a key do more than it did', async () => {
    expect(await keyOf(1001)).toMatchObject({ total: 0n });
    expect(await keyOf(1003)).toMatchObject({
      models: ['gpt-4o', 'gpt-4o-mini'],
      ips: ['10.0.0.0/8', '192.0.2.1/32'],
    });
    expect(await keyOf(1008)).toMatchObject({ expiry: new Date(1_700_000_000_000) });
    for (const [id, text] of [
      [1002, 'its secret is too short to be safe'],
      [1004, 'its address "everywhere" is none'],
      [1006, 'its account was not moved'],
      [1007, 'disabled there'],
      [1009, 'its secret cannot be sent in a header'],
    ] as const) {
      expect([id, notesOf('key', id)]).toEqual([id, [text]]);
      expect(await keyOf(id)).toBeUndefined();
    }
  });
});
