/** What somebody tries who has no account, half of one, or a page of their own that the victim looks at. */
import * as argon2 from '@node-rs/argon2';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { lastTokenOf, mailsOf } from './testing/mails.ts';

// The library works as ever; only how often it is asked is counted.
vi.mock('@node-rs/argon2', { spy: true });

let door: FrontDoor;
let people = 0;
let email: string;
let person: Person;

beforeAll(async () => {
  door = await openFrontDoor();
});
beforeEach(async () => {
  people += 1;
  email = `victim${people}@example.com`;
  door.platform.clocks.advance('PT61M');
  person = await door.person(email);
});
afterAll(() => door.close());

const post = (path: string, payload: object, more: object = {}) =>
  door.call('POST', `/api/v1/${path}`, { payload, ...more });

/** How many hashes an attempt costs, the most expensive work of all. */
async function hashesOf(work: () => Promise<unknown>): Promise<number> {
  const before = vi.mocked(argon2.verify).mock.calls.length;
  await work();
  return vi.mocked(argon2.verify).mock.calls.length - before;
}

describe('enumeration', () => {
  test('costs the same work whether there is such a person, has a password, or is suspended', async () => {
    const attempt = (login: string) => () =>
      post('auth/login', { login, password: 'a wild guess' });
    const known = await hashesOf(attempt(email));
    await sql`update identity_users set password_hash = '' where email = ${email}`.execute(
      door.db.database,
    );
    const passwordless = await hashesOf(attempt(email));
    await sql`update identity_users set status = 'suspended' where email = ${email}`.execute(
      door.db.database,
    );
    const suspended = await hashesOf(attempt(email));
    const nobody = await hashesOf(attempt('nobody@example.com'));
    expect({ known, passwordless, suspended, nobody }).toEqual({
      known: 1,
      passwordless: 1,
      suspended: 1,
      nobody: 1,
    });
  });

  test('learns nothing from a forgotten password, a change of address or a second factor', async () => {
    const forgot = async (address: string) => {
      const { status, body } = await post('auth/forgot-password', { email: address });
      return { status, body };
    };
    expect(await forgot('nobody@example.com')).toEqual(await forgot(email));
    await post('auth/totp/setup', {}, { bearer: person.bearer });
    await sql`update identity_totp set enabled_at = created_at`.execute(door.db.database);
    const guess = await post('auth/login', { login: email, password: 'a wild guess' });
    const none = await post('auth/login', {
      login: 'nobody@example.com',
      password: 'a wild guess',
    });
    expect(guess.body.error.code).toBe(none.body.error.code);
    expect(guess.body.error.message).toBe(none.body.error.message);
  });
});

describe('a page of somebody else', () => {
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' };
  test.each([
    ['DELETE', 'me', { password }],
    ['PUT', 'me/password', { old_password: password, password: 'chosen by a thief' }],
    ['POST', 'me/email', { email: 'thief@evil.test', password }],
    ['POST', 'auth/totp/setup', {}],
    ['POST', 'auth/totp/disable', { totp: '000000' }],
    ['POST', 'me/passkeys/options', {}],
    ['POST', 'me/sessions/end-others', {}],
  ] as const)('cannot have the browser %s %s', async (method, path, payload) => {
    const { status, body } = await door.call(method, `/api/v1/${path}`, {
      cookies: person.cookies,
      headers: foreign,
      payload,
    });
    expect([status, body.error.code]).toEqual([403, 'cross_site_request']);
  });
});

describe('mail', () => {
  test('comes ever more slowly to whom a stranger has links mailed', async () => {
    const ask = () => post('auth/forgot-password', { email });
    const count = async () => (await mailsOf(door, email)).length;
    await ask();
    expect(await count()).toBe(1);
    for (const [minutes, mails] of [
      [1, 2],
      [1, 2],
      [1, 3],
      [3, 3],
      [1, 4],
      [7, 4],
      [1, 5],
    ] as const) {
      door.platform.clocks.advance(`PT${minutes}M`);
      await ask();
      expect(await count()).toBe(mails);
    }
  });

  test('tokens that are tried out are counted, and a right one works but once', async () => {
    await post('auth/forgot-password', { email });
    const token = await lastTokenOf(door, email);
    const from = { remoteAddress: '203.0.113.200' };
    const reset = (one: string) =>
      post('auth/reset-password', { token: one, password: 'something else entirely' }, from);
    const hashes = vi.mocked(argon2.hash).mock.calls.length;
    for (let index = 0; index < 119; index += 1) {
      expect((await reset(`guess-${index}`)).body.error.code).toBe('link_invalid');
    }
    expect(vi.mocked(argon2.hash).mock.calls.length).toBe(hashes);
    expect((await reset(token)).status).toBe(204);
    expect((await reset(token)).status).toBe(429);
    door.platform.clocks.advance('PT61M');
    expect((await reset(token)).body.error.code).toBe('link_invalid');
  });
});

describe('a guest whom an application let in', () => {
  test('has no account to change, to export or to delete', async () => {
    await sql`update identity_sessions set method = 'portal_link' where user_id = ${person.userId}`.execute(
      door.db.database,
    );
    for (const [method, path, payload] of [
      ['GET', 'me/security', undefined],
      ['GET', 'me/export', undefined],
      ['GET', 'me/sessions', undefined],
      ['POST', 'auth/totp/setup', {}],
      ['POST', 'me/passkeys/options', {}],
      ['PUT', 'me/password', { password: 'my very own now' }],
      ['DELETE', 'me', {}],
    ] as const) {
      const { status, body } = await door.call(method, `/api/v1/${path}`, {
        bearer: person.bearer,
        ...(payload === undefined ? {} : { payload }),
      });
      expect([path, status, body.error.code]).toEqual([path, 403, 'forbidden']);
    }
  });
});
