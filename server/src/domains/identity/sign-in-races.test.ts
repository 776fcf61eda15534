/** What proves a person may change while they sign in: it counts as it is when the session opens. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../platform/errors.ts';
import { untilWaiting } from '../../platform/testkit/lock-waits.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { createAccessTokens } from './access-tokens.ts';
import { limits } from './core/login-throttle.ts';
import { login } from './operations/login.ts';
import { forgetFailures } from './operations/login-attempts.ts';
import { lockUser } from './store/users.ts';
import { createCredential, signChallenge } from './testing/authenticator.ts';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { codeAt } from './totp.ts';

const origin = 'https://sluice.example';
let door: FrontDoor;
let people = 0;
let email: string;
let person: Person;

beforeAll(async () => {
  door = await openFrontDoor();
});
beforeEach(async () => {
  people += 1;
  email = `racer${people}@example.com`;
  door.platform.clocks.advance('PT61M');
  person = await door.person(email);
});
afterAll(() => door.close());

type Ask = () => ReturnType<FrontDoor['call']>;

const now = () => door.platform.clocks.wall();
const post = (path: string, payload: object = {}) =>
  door.call('POST', `/api/v1/${path}`, { bearer: person.bearer, payload });
const signIn = (more: object = {}) =>
  door.call('POST', '/api/v1/auth/login', { payload: { login: email, password, ...more } });

/** Each has read what it goes by before the first of them may write; then they go on in their order. */
async function inTurn(...asked: Ask[]) {
  const { answers } = await door.db.database.transaction().execute(async (transaction) => {
    await lockUser(transaction, person.userId);
    const begun: ReturnType<Ask>[] = [];
    for (const ask of asked) {
      begun.push(ask());
      await untilWaiting(door.db, begun.length);
    }
    return { answers: Promise.all(begun) };
  });
  return answers;
}

async function enrol(): Promise<{ secret: string; codes: string[] }> {
  const { body: offered } = await post('auth/totp/setup');
  const { secret } = offered;
  const { body } = await post('auth/totp/enable', { totp: codeAt(secret, now()) });
  door.platform.clocks.advance('PT60S');
  return { secret, codes: body.recovery_codes };
}

describe('a second factor that is turned on while its person signs in', () => {
  test('is asked for', async () => {
    const { body: offered } = await post('auth/totp/setup');
    const totp = codeAt(offered.secret, now());
    const [enabled, signedIn] = await inTurn(() => post('auth/totp/enable', { totp }), signIn);
    expect(enabled?.status).toBe(200);
    expect([signedIn?.status, signedIn?.body.error.code]).toEqual([401, 'totp_required']);
  });

  test('does not make the right password a failure', async () => {
    // The confirmation and the sign-in are under way at once: both find room.
    for (let index = 2; index < limits.account.freeFailures; index += 1) {
      await signIn({ password: 'wrong' });
    }
    const { body: offered } = await post('auth/totp/setup');
    // Whoever confirms a code is counted with the passwords, and forgets them when it is right: they count anew.
    const totp = codeAt(offered.secret, now());
    await inTurn(() => post('auth/totp/enable', { totp }), signIn);
    for (let index = 1; index < limits.account.freeFailures; index += 1) {
      expect((await signIn({ password: 'wrong' })).status).toBe(401);
    }
    expect((await signIn()).body.error.code).toBe('totp_required');
    expect((await signIn({ password: 'wrong' })).status).toBe(401);
    expect((await signIn({ password: 'wrong' })).status).toBe(429);
  });
});

test('a second factor that is turned off while its person signs in is needed no more', async () => {
  const { secret, codes } = await enrol();
  const off = { password, totp: codeAt(secret, now()) };
  const [disabled, signedIn] = await inTurn(
    () => post('auth/totp/disable', off),
    () => signIn({ totp: codes[0] }),
  );
  expect(disabled?.status).toBe(204);
  expect(signedIn?.status).toBe(200);
});

test('a passkey that is removed while it signs in opens no session', async () => {
  const made = await post('me/passkeys/options');
  const { passkey, credential } = createCredential(made.body.options, origin);
  const { body: kept } = await post('me/passkeys', { name: 'Laptop', credential });
  const { body: asked } = await door.call('POST', '/api/v1/auth/passkeys/options', { payload: {} });
  const signed = signChallenge(passkey, asked.options, { origin });
  const [removed, signedIn] = await inTurn(
    () => door.call('DELETE', `/api/v1/me/passkeys/${kept.id}`, { bearer: person.bearer }),
    () => door.call('POST', '/api/v1/auth/passkeys/sign-in', { payload: { credential: signed } }),
  );
  expect(removed?.status).toBe(204);
  expect([signedIn?.status, signedIn?.body.error.code]).toEqual([401, 'passkey_invalid']);
});

test('a code and a recovery code work once, in two processes at the same time too', async () => {
  const { secret, codes } = await enrol();
  const other = startOtherProcess(door.db, door.platform);
  const signInAt = ({ context }: { context: FrontDoor['context'] }, totp: string) =>
    login(context, createAccessTokens(context), { login: email, password, totp }).then(
      () => 'signed in',
      (error: unknown) => {
        if (error instanceof Refusal) return error.code;
        throw error;
      },
    );
  // So few that none of them has to wait after the failures of the others.
  for (const totp of [codeAt(secret, now()), codes[0] ?? '']) {
    const answers = [door, other, other].map((process) => signInAt(process, totp));
    expect((await Promise.all(answers)).toSorted()).toEqual([
      'signed in',
      'totp_invalid',
      'totp_invalid',
    ]);
  }
  await other.close();
});

test('an attempt begins whose account’s failures are forgotten at that moment', async () => {
  await signIn({ password: 'wrong' });
  const { answer } = await door.db.database.transaction().execute(async (transaction) => {
    await sql`select from identity_login_attempts for update`.execute(transaction);
    const begun = signIn({ password: 'wrong' });
    await untilWaiting(door.db, 1);
    await forgetFailures({ ...door.context, database: transaction }, person.userId);
    return { answer: begun };
  });
  expect((await answer).status).toBe(401);
});
