/** Signing in, staying in, and being put out. */

import { createLocalJWKSet, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { limits, waitMs } from './core/login-throttle.ts';
import { decideRotation, graceMs } from './core/rotation.ts';
import { createVerifiedUser, identityJobs } from './index.ts';
import { login } from './operations/login.ts';
import { logout } from './operations/logout.ts';
import { refreshSession } from './operations/refresh-session.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;
let tokens: AccessTokens;
let people = 0;
let email: string;
const password = 'correct horse battery';

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db);
  context = testContext(platform);
  tokens = createAccessTokens(platform);
});
beforeEach(async () => {
  people += 1;
  email = `person${people}@example.com`;
  await createVerifiedUser(context, { email, name: 'Ada', password });
});
afterAll(() => db.close());

const signIn = () => login(context, tokens, { login: email, password });
const refresh = (refreshToken: string) => refreshSession(context, tokens, refreshToken);
const from = (ip: string): Context => ({ ...context, actor: { ...context.actor, ip } });

describe('login', () => {
  test('takes a mail address or a user name, in any case', async () => {
    await sql`update identity_users set username = ${`Ada.${people}`} where email = ${email}`.execute(
      db.database,
    );
    for (const name of [email, email.toUpperCase(), `ada.${people}`, `ADA.${people}`]) {
      const session = await login(context, tokens, { login: name, password });
      expect(session.user.email).toBe(email);
    }
  });

  test('says the same of a wrong password and of a person who is not there', async () => {
    const wrong = login(context, tokens, { login: email, password: 'wrong' });
    const nobody = login(context, tokens, { login: 'nobody@example.com', password: 'wrong' });
    const [first, second] = await Promise.all(
      [wrong, nobody].map((attempt) => attempt.catch((error) => error)),
    );
    expect(first).toMatchObject({ code: 'invalid_credentials' });
    expect(second.code).toBe(first.code);
    expect(second.message).toBe(first.message);
  });

  test('tells only whoever knows the password that the account is suspended', async () => {
    await sql`update identity_users set status = 'suspended' where email = ${email}`.execute(
      db.database,
    );
    await expect(signIn()).rejects.toMatchObject({ code: 'user_suspended' });
    await expect(login(context, tokens, { login: email, password: 'wrong' })).rejects.toMatchObject(
      { code: 'invalid_credentials' },
    );
  });

  test('makes whoever guesses wait, longer each time, and forgets once it succeeds', async () => {
    const guess = () => login(context, tokens, { login: email, password: 'wrong' });
    for (let index = 0; index < limits.account.freeFailures; index += 1) {
      await expect(guess()).rejects.toMatchObject({ code: 'invalid_credentials' });
    }
    await expect(guess()).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 1,
    });
    platform.clocks.advance('PT1S');
    await expect(guess()).rejects.toMatchObject({ code: 'invalid_credentials' });
    await expect(signIn()).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 2,
    });
    platform.clocks.advance('PT2S');
    await signIn();
    await expect(guess()).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  test('counts guesses that are made at the same time', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => login(context, tokens, { login: email, password: 'wrong' })),
    );
    const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code);
    expect(codes.filter((code) => code === 'invalid_credentials')).toHaveLength(
      limits.account.freeFailures,
    );
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(15);
  });

  test('makes an address wait that tries many accounts, and no other', async () => {
    for (let index = 0; index < limits.address.freeFailures; index += 1) {
      const attempt = { login: `victim${index}@example.com`, password: 'wrong' };
      await expect(login(from('203.0.113.7'), tokens, attempt)).rejects.toMatchObject({
        code: 'invalid_credentials',
      });
    }
    const attempt = { login: email, password };
    await expect(login(from('203.0.113.7'), tokens, attempt)).rejects.toMatchObject({
      code: 'too_many_requests',
    });
    await expect(login(from('203.0.113.8'), tokens, attempt)).resolves.toBeDefined();
  });
});

describe('waitMs', () => {
  const lastFailedAt = new Date('2026-03-04T12:00:00Z');
  test.each([
    [4, 0, 0],
    [5, 0, 1000],
    [6, 0, 2000],
    [6, 1500, 500],
    [6, 2000, 0],
    [13, 0, 256_000],
    [14, 0, 300_000],
    [1000, 0, 300_000],
  ])('after %i failures, %i ms later: %i ms', (failures, laterMs, wait) => {
    const now = new Date(lastFailedAt.getTime() + laterMs);
    expect(waitMs(limits.account, { failures, lastFailedAt }, now)).toBe(wait);
  });
});

describe('access tokens', () => {
  test('are checked by anyone with the public keys, for 15 minutes', async () => {
    const { accessToken, user } = await signIn();
    const keys = await tokens.publicKeys();
    expect(keys).toEqual([expect.objectContaining({ kty: 'OKP', alg: 'EdDSA', use: 'sig' })]);
    expect(JSON.stringify(keys)).not.toContain('"d"');
    const publicUrl = platform.config.publicUrl;
    const { payload } = await jwtVerify(accessToken, createLocalJWKSet({ keys: keys as never }), {
      issuer: publicUrl,
      audience: publicUrl,
      currentDate: platform.clocks.wall(),
    });
    expect(payload.sub).toBe(user.id);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
    expect(await tokens.verify(accessToken)).toMatchObject({ userId: user.id });
    platform.clocks.advance('PT15M');
    expect(await tokens.verify(accessToken)).toBeUndefined();
  });

  test.each(['', 'nonsense', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9.'])(
    'are none: "%s"',
    async (token) => {
      expect(await tokens.verify(token)).toBeUndefined();
    },
  );

  test('of another deployment are worth nothing here', async () => {
    const other = testPlatform(db, { config: { publicUrl: 'https://other.example' } });
    const { accessToken } = await signIn();
    expect(await createAccessTokens(other).verify(accessToken)).toBeUndefined();
  });

  test('are signed with one key, however many processes make it', async () => {
    const fresh = await createTestDatabase();
    const at = testPlatform(fresh);
    const processes = Array.from({ length: 5 }, () => createAccessTokens(at));
    const sets = await Promise.all(processes.map((process) => process.publicKeys()));
    expect(new Set(sets.map((keys) => JSON.stringify(keys))).size).toBe(1);
    const token = await processes[0]?.sign({
      userId: 'usr_1',
      sessionId: 'ses_1',
      organizationId: null,
    });
    expect(await processes[4]?.verify(token ?? '')).toEqual({
      userId: 'usr_1',
      sessionId: 'ses_1',
    });
    await fresh.close();
  });
});

describe('refreshSession', () => {
  test('trades each token for the next', async () => {
    const { refreshToken } = await signIn();
    const second = await refresh(refreshToken);
    platform.clocks.advance('PT14M');
    const third = await refresh(second.refreshToken);
    expect(new Set([refreshToken, second.refreshToken, third.refreshToken]).size).toBe(3);
    expect(await tokens.verify(third.accessToken)).toBeDefined();
  });

  test('an old token ends the session, the newest token of it included', async () => {
    const { refreshToken } = await signIn();
    const second = await refresh(refreshToken);
    platform.clocks.advance('PT1M');
    await expect(refresh(refreshToken)).rejects.toMatchObject({ code: 'token_reused' });
    await expect(refresh(second.refreshToken)).rejects.toMatchObject({ code: 'token_invalid' });
    const { rows } = await sql<{ action: string }>`
      select action
      from audit_entries
      where action = 'session.end' and new_values ->> 'reason' = 'reuse'
    `.execute(db.database);
    expect(rows).toHaveLength(1);
  });

  test('ends that session only', async () => {
    const [first, other] = [await signIn(), await signIn()];
    await refresh(first.refreshToken);
    platform.clocks.advance('PT1M');
    await expect(refresh(first.refreshToken)).rejects.toMatchObject({ code: 'token_reused' });
    await expect(refresh(other.refreshToken)).resolves.toBeDefined();
  });

  test('two tabs with the same token at once get the same next one', async () => {
    const { refreshToken } = await signIn();
    const tabs = await Promise.all(Array.from({ length: 6 }, () => refresh(refreshToken)));
    expect(new Set(tabs.map((tab) => tab.refreshToken)).size).toBe(1);
    await expect(refresh(tabs[0]?.refreshToken ?? '')).resolves.toBeDefined();
  });

  test('a thief who used the grace is found out at the next turn', async () => {
    const { refreshToken } = await signIn();
    const victim = await refresh(refreshToken);
    const thief = await refresh(refreshToken);
    platform.clocks.advance('PT14M');
    await refresh(thief.refreshToken);
    platform.clocks.advance('PT1M');
    await expect(refresh(victim.refreshToken)).rejects.toMatchObject({ code: 'token_reused' });
  });

  test('has no grace once the next token was used', async () => {
    const { refreshToken } = await signIn();
    const second = await refresh(refreshToken);
    await refresh(second.refreshToken);
    await expect(refresh(refreshToken)).rejects.toMatchObject({ code: 'token_reused' });
  });

  test('refuses a token after 30 days, and one that never was', async () => {
    const { refreshToken } = await signIn();
    platform.clocks.advance('P30D');
    await expect(refresh(refreshToken)).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(refresh('srt_made_up')).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('a suspended person stays out', async () => {
    const { refreshToken } = await signIn();
    await sql`update identity_users set status = 'suspended' where email = ${email}`.execute(
      db.database,
    );
    await expect(refresh(refreshToken)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('keeps no token in the clear', async () => {
    const { refreshToken } = await signIn();
    const { refreshToken: next } = await refresh(refreshToken);
    const { rows } = await sql<{ found: string }>`
      select t::text as found
      from identity_refresh_tokens as t
    `.execute(db.database);
    const kept = rows.map((row) => row.found).join('\n');
    expect(kept).not.toContain(refreshToken);
    expect(kept).not.toContain(next);
  });
});

describe('decideRotation', () => {
  const now = new Date('2026-03-04T12:00:00Z');
  const later = new Date(now.getTime() + 1);
  const good = {
    usedAt: null,
    expiresAt: later,
    sessionEndedAt: null,
    sessionExpiresAt: later,
    successorUsed: false,
  };
  const usedAgo = (ms: number) => new Date(now.getTime() - ms);
  test.each([
    ['fresh', good, 'rotate'],
    ['too old', { ...good, expiresAt: now }, 'invalid'],
    ['of a session that ran out', { ...good, sessionExpiresAt: now }, 'invalid'],
    ['of a session that was ended', { ...good, sessionEndedAt: now }, 'invalid'],
    ['used just now', { ...good, usedAt: usedAgo(graceMs - 1) }, 'repeat'],
    ['used a while ago', { ...good, usedAt: usedAgo(graceMs) }, 'reused'],
    ['used twice over', { ...good, usedAt: usedAgo(1), successorUsed: true }, 'reused'],
    ['used, of an ended session', { ...good, usedAt: usedAgo(1), sessionEndedAt: now }, 'invalid'],
  ])('a token %s', (_name, token, decision) => {
    expect(decideRotation(token, now)).toBe(decision);
  });
});

describe('logout', () => {
  test('ends the session, whatever is left of its family', async () => {
    const { refreshToken } = await signIn();
    const second = await refresh(refreshToken);
    await logout(context, second.refreshToken);
    await expect(refresh(second.refreshToken)).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(logout(context, second.refreshToken)).resolves.toBeUndefined();
    await expect(logout(context, 'srt_made_up')).resolves.toBeUndefined();
  });
});

describe('identity.remove_expired', () => {
  test('clears sessions away a month after they ran out, and keeps the others', async () => {
    await signIn();
    const count = async () => {
      const { rows } = await sql<{ count: bigint }>`
        select count(*) as count from identity_sessions
      `.execute(db.database);
      return Number(rows[0]?.count);
    };
    const job = identityJobs.find(({ name }) => name === 'identity.remove_expired');
    platform.clocks.advance('P200D');
    await signIn();
    await job?.run(context, {});
    expect(await count()).toBeGreaterThan(1);
    platform.clocks.advance('P11D');
    await job?.run(context, {});
    expect(await count()).toBe(1);
  });
});
