/** Moving one-api in: figures are equal on both sides, and callers keep their keys. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { model } from '../gateway/testkit/gateway-fixture.ts';
import { type ImportsFixture, startImports } from './testing/imports-fixture.ts';
import { oldTokenKey, totalsOf, unitsPerDollar } from './testing/old-one-api.ts';

let fixture: ImportsFixture;
beforeAll(async () => {
  fixture = await startImports();
  await fixture.gateway.price({});
  await fixture.gateway.channel({ label: 'imports' });
});
afterAll(() => fixture.close());

const nanosPerUnit = 1_000_000_000n / BigInt(unitsPerDollar);
const typical = { kind: 'one-api', users: 60, tokensPerUser: 2, logsPerUser: 50 } as const;

describe('runImport', () => {
  let database: string;
  beforeAll(async () => {
    database = await fixture.oldOneApi(typical);
  });

  test('says what it would do, and does nothing, until it is told to', async () => {
    const before = await fixture.figures();
    const report = await fixture.importOneApi(database, { applies: false });
    expect(report).toMatchObject({
      isTrial: true,
      accounts: { read: 60, moved: 60, left: 0 },
      keys: { read: 120, moved: 120, left: 0 },
    });
    expect(await fixture.figures()).toEqual(before);
  });

  test('moves accounts, balances, keys and usage with equal figures', async () => {
    const there = totalsOf(typical);
    const report = await fixture.importOneApi(database);
    expect(report).toMatchObject({
      isComplete: true,
      accounts: { moved: there.users },
      keys: { moved: there.tokens },
      balanceMoved: there.quota * nanosPerUnit,
      usageCalls: there.calls,
      usageAmount: there.usedQuota * nanosPerUnit,
      channels: { moved: 2, left: 1 },
    });
    expect(await fixture.figures()).toMatchObject({ nanos: there.quota * nanosPerUnit });
    expect(await fixture.walletOf('user7@old.example.com')).toBe(7n * 123_457n * nanosPerUnit);
  });

  test('lets callers keep their keys: an old one calls, and its account pays', async () => {
    const before = await fixture.walletOf('user50@old.example.com');
    const answer = await fixture.gateway.chat(`sk-${oldTokenKey(50, 1)}`, {
      ...{ model, max_tokens: 20 },
      messages: [{ role: 'user', content: 'Hello from before' }],
    });
    expect(answer.status).toBe(200);
    await answer.text();
    await fixture.gateway.receipt(answer.headers.get('x-request-id'));
    const after = await fixture.walletOf('user50@old.example.com');
    expect(after).toBeLessThan(before ?? 0n);
  });

  test('changes nothing when it is repeated', async () => {
    const before = await fixture.figures();
    const report = await fixture.importOneApi(database);
    expect(report).toMatchObject({
      accounts: { moved: 0, unchanged: 60 },
      keys: { moved: 0, unchanged: 120 },
      channels: { moved: 0, unchanged: 2 },
      balanceMoved: 0n,
      usageDays: 1,
    });
    expect(await fixture.figures()).toEqual(before);
    const { rows } = await sql`select sum(calls) as calls from imports_usage_days`.execute(
      fixture.platform.database,
    );
    expect(rows).toEqual([{ calls: '3000' }]);
  });

  test('leaves channels off until an operator has looked at them', async () => {
    const { rows } = await sql<{ status: string; name: string }>`
      select name, status from gateway_channels where name like 'channel %' order by name
    `.execute(fixture.platform.database);
    expect(rows).toEqual([
      { name: 'channel 1', status: 'disabled' },
      { name: 'channel 2', status: 'disabled' },
    ]);
  });
});
