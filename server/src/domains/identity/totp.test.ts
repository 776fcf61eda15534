/** The second factor over HTTP: enrolment, sign-in, recovery codes, and what an attacker would try. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limits } from './core/login-throttle.ts';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { mailsOf } from './testing/mails.ts';
import { codeAt } from './totp.ts';

let door: FrontDoor;
let people = 0;
let email: string;
let person: Person;

beforeAll(async () => {
  door = await openFrontDoor();
});
beforeEach(async () => {
  people += 1;
  email = `totp${people}@example.com`;
  // All come from one address, whose mistakes an hour forgets.
  wait(3601);
  person = await door.person(email);
});
afterAll(() => door.close());

const now = () => door.platform.clocks.wall();
const wait = (seconds: number) => door.platform.clocks.advance(`PT${seconds}S`);
const post = (path: string, payload: object = {}) =>
  door.call('POST', `/api/v1/auth/${path}`, { bearer: person.bearer, payload });
const signIn = (more: object = {}) =>
  door.call('POST', '/api/v1/auth/login', { payload: { login: email, password, ...more } });

/** Enrols, and lets the step of the first code pass. */
async function enrol(): Promise<{ secret: string; codes: string[]; code: () => string }> {
  const { body: offered } = await post('totp/setup');
  const secret = offered.secret as string;
  const { body } = await post('totp/enable', { totp: codeAt(secret, now()) });
  wait(60);
  return { secret, codes: body.recovery_codes, code: () => codeAt(secret, now()) };
}

describe('setting up', () => {
  test('answers a secret for an app, which protects nothing before the first code', async () => {
    const { status, body } = await post('totp/setup');
    expect(status).toBe(200);
    const url = new URL(body.otpauth_url);
    expect(url.searchParams.get('secret')).toBe(body.secret);
    expect(decodeURIComponent(url.pathname)).toContain(email);
    expect((await signIn()).status).toBe(200);
  });

  test('asks for a password where the sign-in is not recent', async () => {
    wait(20 * 60);
    const { body } = await signIn();
    wait(14 * 60);
    person = { ...person, bearer: body.access_token };
    expect((await post('totp/setup')).status).toBe(200);
    await door.db.database
      .transaction()
      .execute((transaction) =>
        sql`update identity_sessions set created_at = created_at - interval '20 minutes'`.execute(
          transaction,
        ),
      );
    expect((await post('totp/setup')).body.error.code).toBe('proof_required');
    expect((await post('totp/setup', { password: 'wrong' })).body.error.code).toBe('proof_invalid');
    expect((await post('totp/setup', { password })).status).toBe(200);
  });

  test('a wrong code enables nothing', async () => {
    await post('totp/setup');
    const { status, body } = await post('totp/enable', { totp: '000000' });
    expect([status, body.error.code]).toEqual([403, 'proof_invalid']);
    expect((await signIn()).status).toBe(200);
  });

  test('an app in use is not replaced, and nothing is enabled twice', async () => {
    const { code } = await enrol();
    expect((await post('totp/setup')).body.error.code).toBe('invalid_state');
    expect((await post('totp/enable', { totp: code() })).body.error.code).toBe('invalid_state');
  });

  test('keeps neither the secret nor a recovery code in the clear', async () => {
    const { secret, codes } = await enrol();
    const { rows } = await sql<{ text: string }>`
      select (select string_agg(t::text, ' ') from identity_totp as t)
        || (select string_agg(r::text, ' ') from identity_recovery_codes as r)
        || (select string_agg(a::text, ' ') from audit_entries as a) as text
    `.execute(door.db.database);
    for (const hidden of [secret, ...codes]) expect(rows[0]?.text).not.toContain(hidden);
  });

  test('the session that enabled it has shown a second factor, and the person is told by mail', async () => {
    await enrol();
    const { body } = await door.call('GET', '/api/v1/me/sessions', { bearer: person.bearer });
    expect(body.data[0]).toMatchObject({ current: true, has_second_factor: true });
    expect((await mailsOf(door, email)).at(-1)?.subject).toBe('Two-step sign-in is on');
  });
});

describe('signing in with a second factor', () => {
  test('asks for a code only whoever knows the password', async () => {
    await enrol();
    const asked = await signIn();
    expect([asked.status, asked.body.error.code, asked.body.error.param]).toEqual([
      401,
      'totp_required',
      'totp',
    ]);
    const guessed = await signIn({ password: 'wrong' });
    const nobody = await door.call('POST', '/api/v1/auth/login', {
      payload: { login: 'nobody@example.com', password },
    });
    expect(guessed.body.error.code).toBe('invalid_credentials');
    expect({ ...guessed.body.error, request_id: '' }).toEqual({
      ...nobody.body.error,
      request_id: '',
    });
  });

  test('takes the code of now, of the step before and of the step after', async () => {
    const { secret } = await enrol();
    for (const offset of [-30, 30, 0]) {
      wait(300);
      const at = new Date(now().getTime() + offset * 1000);
      expect((await signIn({ totp: codeAt(secret, at) })).status).toBe(200);
    }
    for (const offset of [-60, 60]) {
      wait(300);
      const at = new Date(now().getTime() + offset * 1000);
      expect((await signIn({ totp: codeAt(secret, at) })).body.error.code).toBe('totp_invalid');
    }
  });

  test('a code works once', async () => {
    const { code } = await enrol();
    const first = code();
    expect((await signIn({ totp: first })).status).toBe(200);
    expect((await signIn({ totp: first })).body.error.code).toBe('totp_invalid');
  });

  test('a code works once, also for ten at the same time', async () => {
    const { code } = await enrol();
    const totp = code();
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn({ totp })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('an earlier code is worth nothing once a later one was taken', async () => {
    const { secret, code } = await enrol();
    const earlier = code();
    const later = codeAt(secret, new Date(now().getTime() + 30_000));
    expect((await signIn({ totp: later })).status).toBe(200);
    expect((await signIn({ totp: earlier })).body.error.code).toBe('totp_invalid');
  });

  test('business time moved on changes nothing', async () => {
    const { code } = await enrol();
    door.platform.clocks.advanceBusiness('P40D');
    expect((await signIn({ totp: code() })).status).toBe(200);
  });

  test('a recovery code works once, in any writing, and the person is told by mail', async () => {
    const { codes } = await enrol();
    const [first] = codes;
    expect(codes).toHaveLength(10);
    expect((await signIn({ totp: ` ${first?.toUpperCase().replace('-', ' ')} ` })).status).toBe(
      200,
    );
    const mail = (await mailsOf(door, email)).at(-1);
    expect(mail?.subject).toBe('A recovery code was used');
    expect(mail?.text).toContain('Recovery codes left: 9');
    expect((await signIn({ totp: first })).body.error.code).toBe('totp_invalid');
  });

  test('a recovery code of somebody else is worth nothing', async () => {
    const { codes: theirs } = await enrol();
    people += 1;
    email = `totp${people}@example.com`;
    person = await door.person(email);
    await enrol();
    expect((await signIn({ totp: theirs[0] })).body.error.code).toBe('totp_invalid');
  });
});

describe('guessing codes', () => {
  test('is counted with the password known, waits longer each time, and stops the right code too', async () => {
    const { code } = await enrol();
    for (let index = 0; index < limits.code.freeFailures; index += 1) {
      expect((await signIn({ totp: '000000' })).body.error.code).toBe('totp_invalid');
    }
    expect((await signIn({ totp: '000000' })).status).toBe(429);
    wait(2);
    expect((await signIn({ totp: '000000' })).body.error.code).toBe('totp_invalid');
    const held = await signIn({ totp: code() });
    expect(held.status).toBe(429);
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('ten at the same time are five guesses', async () => {
    await enrol();
    const answers = await Promise.all(Array.from({ length: 10 }, () => signIn({ totp: '000000' })));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(
      limits.code.freeFailures,
    );
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(5);
  });

  test('is not forgotten by asking with the password alone between guesses', async () => {
    await enrol();
    for (let index = 0; index < limits.code.freeFailures; index += 1) {
      await signIn({ totp: '000000' });
      await signIn();
    }
    wait(1);
    await signIn({ totp: '000000' });
    expect((await signIn({ totp: '000000' })).status).toBe(429);
  });

  test('is remembered when the hour of the password is over', async () => {
    await enrol();
    for (let index = 0; index < 12; index += 1) {
      await signIn({ totp: '000000' });
      wait(600);
    }
    const guesses = [];
    for (let index = 0; index < 5; index += 1)
      guesses.push((await signIn({ totp: '000000' })).status);
    expect(guesses.filter((status) => status === 401).length).toBeLessThanOrEqual(1);
  });

  test('shares its count with the codes that a session sends', async () => {
    await enrol();
    for (let index = 0; index < limits.code.freeFailures; index += 1) {
      await post('totp/disable', { password, totp: '000000' });
    }
    expect((await signIn({ totp: '000000' })).status).toBe(429);
  });
});

describe('turning it off', () => {
  test('takes the password and a code, and the recovery codes go with it', async () => {
    const { code, codes } = await enrol();
    expect((await post('totp/disable', { totp: code() })).body.error.code).toBe('proof_required');
    wait(30);
    const wrong = await post('totp/disable', { password: 'wrong', totp: code() });
    expect(wrong.body.error.code).toBe('proof_invalid');
    wait(30);
    expect((await post('totp/disable', { password, totp: code() })).status).toBe(204);
    expect((await signIn()).status).toBe(200);
    expect((await mailsOf(door, email)).at(-1)?.subject).toBe('Two-step sign-in is off');
    await enrol();
    expect((await signIn({ totp: codes[0] })).body.error.code).toBe('totp_invalid');
  });

  test('fresh recovery codes replace all earlier ones', async () => {
    const { code, codes } = await enrol();
    const { body } = await post('totp/recovery-codes', { password, totp: code() });
    expect(body.recovery_codes).toHaveLength(10);
    expect((await signIn({ totp: codes[0] })).body.error.code).toBe('totp_invalid');
    expect((await signIn({ totp: body.recovery_codes[0] })).status).toBe(200);
  });
});
