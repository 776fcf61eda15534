/** Moving claude-relay-service in: its hashed keys go on working for whoever has them. */
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RedisServer, startRedis } from '../../platform/testkit/redis.ts';
import { model } from '../gateway/testkit/gateway-fixture.ts';
import { createVerifiedUser } from '../identity/index.ts';
import { postTransfers } from '../ledger/index.ts';
import type { ImportCommand } from './index.ts';
import { atPar, openClaudeRelay, runImport } from './index.ts';
import { type ImportsFixture, startImports } from './testing/imports-fixture.ts';
import {
  encryptionKey,
  fillOldRelay,
  type OldRelay,
  oldRelayKeyId,
  oldRelaySecret,
  relayTotals,
} from './testing/old-claude-relay.ts';

const owner = 'operator@example.com';
let fixture: ImportsFixture;
let redis: RedisServer;
let wanted: OldRelay;
beforeAll(async () => {
  fixture = await startImports();
  redis = await startRedis();
  const today = fixture.context.clocks.wall().toISOString().slice(0, 10);
  wanted = { users: 40, keys: 10_000, limitedEvery: 100, today };
  await fillOldRelay(redis.url, wanted);
  await fixture.gateway.price({});
  await fixture.gateway.channel({ label: 'relay' });
  const made = await createVerifiedUser(fixture.context, {
    ...{ email: owner, name: 'Operator', password: 'correct horse battery' },
  });
  await fixture.platform.database.transaction().execute((transaction) =>
    postTransfers(fixture.context, transaction, made?.organizationId ?? '', [
      {
        ...{ debit: 'world', credit: 'wallet', kind: 'top_up', reference: 'test' },
        amount: { amount: 5_000_000_000n, currency: 'USD' },
      },
    ]),
  );
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await redis.dispose();
});

const open = (options: { encryptionKey?: string; sampleKey?: string } = {}) =>
  openClaudeRelay({
    ...{ url: redis.url, encryptionKey, rate: atPar, timeZone: 'UTC' },
    now: fixture.context.clocks.wall(),
    ...options,
  });

async function importRelay(command: Partial<ImportCommand> = {}) {
  const old = await open();
  const salt = { prefix: 'cr_', text: encryptionKey };
  try {
    return await runImport(fixture.context, old, {
      ...{ name: 'relay', applies: true, owner, salt },
      ...command,
    });
  } finally {
    await old.close();
  }
}

const call = (secret: string) =>
  fixture.gateway.chat(secret, {
    ...{ model, max_tokens: 20 },
    messages: [{ role: 'user', content: 'Hello from before' }],
  });

describe('openClaudeRelay', () => {
  test('refuses an encryption key that is another one’s, by its name', async () => {
    await expect(open({ encryptionKey: 'CHANGE-THIS-32-CHARACTER-KEY-NOW' })).rejects.toThrow(
      'The encryption key is not that installation’s',
    );
    const sampleKey = oldRelaySecret(1);
    await expect(open({ encryptionKey: 'wrong', sampleKey })).rejects.toThrow('The sample key');
    const old = await open({ sampleKey });
    await old.close();
  });
});

describe('runImport', () => {
  test('moves 10,000 keys, stopped half-way and run again, with equal figures', {
    timeout: 120_000,
  }, async () => {
    const stop = new AbortController();
    const half = await importRelay({
      signal: stop.signal,
      progress: (stage, done) => {
        if (stage === 'keys' && done >= 5_000) stop.abort();
      },
    });
    expect(half.isComplete).toBe(false);
    expect(half.keys.moved).toBeLessThan(wanted.keys);
    const rest = await importRelay();
    expect(half.keys.moved + rest.keys.moved).toBe(wanted.keys);
    expect(rest).toMatchObject({
      ...{ isComplete: true, accounts: { moved: 0, unchanged: 40 }, channels: { moved: 1 } },
      ...{ keys: { left: 0 }, usageCalls: relayTotals(wanted).calls },
      usageAmount: relayTotals(wanted).nanos,
    });
    const again = await importRelay();
    expect(again).toMatchObject({
      keys: { read: wanted.keys, moved: 0, changed: 0, unchanged: wanted.keys },
    });
  });

  test('lets a caller keep a key of which only the salted hash is known', async () => {
    const answer = await call(oldRelaySecret(9_999));
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('choices')]);
    expect((await call(oldRelaySecret(10_001))).status).toBe(401);
    // The hash itself opens nothing.
    expect((await call(`cr_${oldRelaySecret(9_999)}`)).status).toBe(401);
  });

  test('carries what means the same: caps with what is left of them, concurrency, tags', async () => {
    const { rows } = await sql`
      select k.spend_cap_day as day, k.spend_cap_total as total, k.concurrency, k.tags, k.prefix, k.calls_only
      from identity_api_keys as k
      join imports_mappings as m on m.our_id = k.id and m.their_id = ${oldRelayKeyId(100)}
    `.execute(fixture.platform.database);
    expect(rows).toEqual([
      {
        ...{ day: 2_500_000_000n, total: 9_750_000_000n, concurrency: 5 },
        ...{ tags: ['team-a'], prefix: 'cr_', calls_only: true },
      },
    ]);
  });

  test('revokes here what is disabled there, and does not wake it again', async () => {
    const old = new Redis(redis.url);
    await old.hset(`apikey:${oldRelayKeyId(41)}`, 'isActive', 'false');
    expect((await importRelay()).keys).toMatchObject({ changed: 1, moved: 0 });
    expect((await call(oldRelaySecret(41))).status).toBe(401);
    await old.hset(`apikey:${oldRelayKeyId(41)}`, 'isActive', 'true');
    const report = await importRelay();
    expect(report.notes.map(({ text }) => text)).toContain(
      'changed there, but revoked here: it stays so',
    );
    expect((await call(oldRelaySecret(41))).status).toBe(401);
    await old.quit();
  });
});
