/** Passkeys over HTTP: made, used and removed, and what an attacker would try with one. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { relyingPartyOf } from './core/relying-party.ts';
import {
  createCredential,
  type Lies,
  type SoftPasskey,
  signChallenge,
} from './testing/authenticator.ts';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';
import { mailsOf } from './testing/mails.ts';

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
  email = `passkey${people}@example.com`;
  door.platform.clocks.advance('PT61M');
  person = await door.person(email);
});
afterAll(() => door.close());

const creationOptions = async (bearer = person.bearer) => {
  const { body } = await door.call('POST', '/api/v1/me/passkeys/options', { bearer, payload: {} });
  return body.options;
};
const keep = (credential: object, bearer = person.bearer) =>
  door.call('POST', '/api/v1/me/passkeys', { bearer, payload: { name: 'Laptop', credential } });

async function addPasskey(lies: Lies = {}): Promise<SoftPasskey> {
  const { passkey, credential } = createCredential(await creationOptions(), origin, lies);
  const { status } = await keep(credential);
  expect(status).toBe(201);
  return passkey;
}

const requestOptions = async () => {
  const { body } = await door.call('POST', '/api/v1/auth/passkeys/options', { payload: {} });
  return body.options;
};
const present = (credential: object) =>
  door.call('POST', '/api/v1/auth/passkeys/sign-in', { payload: { credential } });
const signIn = async (passkey: SoftPasskey, lies: Lies = {}) =>
  present(signChallenge(passkey, await requestOptions(), { origin, lies }));

describe('making a passkey', () => {
  test('keeps its name and public key, and tells the person by mail', async () => {
    await addPasskey();
    const { body } = await door.call('GET', '/api/v1/me/passkeys', { bearer: person.bearer });
    expect(body.data).toMatchObject([{ name: 'Laptop', synced: false, last_used_at: null }]);
    expect((await mailsOf(door, email)).at(-1)?.subject).toBe('A passkey was added');
  });

  test.each<[string, Lies]>([
    ['another site’s page', { origin: 'https://sluice.example.evil.test' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['a signature for signing in', { type: 'webauthn.get' }],
    ['a challenge of somebody’s own', { challenge: 'bm90LW91cnM' }],
    ['an authenticator that did not check who holds it', { isUserVerified: false }],
  ])('refuses %s', async (_, lies) => {
    const { credential } = createCredential(await creationOptions(), origin, lies);
    const { status, body } = await keep(credential);
    expect([status, body.error.code]).toEqual([401, 'passkey_invalid']);
  });

  test('takes a challenge once, within five minutes, and only from whom it was made for', async () => {
    const options = await creationOptions();
    const other = await door.person(`other${people}@example.com`);
    const { credential } = createCredential(options, origin);
    expect((await keep(credential, other.bearer)).body.error.code).toBe('passkey_invalid');
    expect((await keep(credential)).status).toBe(201);
    expect((await keep(credential)).body.error.code).toBe('passkey_invalid');
    const late = createCredential(await creationOptions(), origin).credential;
    door.platform.clocks.advance('PT5M1S');
    expect((await keep(late)).body.error.code).toBe('passkey_invalid');
  });

  test('a challenge for signing in makes no passkey', async () => {
    const { challenge } = await requestOptions();
    const options = { ...(await creationOptions()), challenge };
    const { credential } = createCredential(options, origin);
    expect((await keep(credential)).body.error.code).toBe('passkey_invalid');
  });

  test('a credential that another account has is refused', async () => {
    const options = await creationOptions();
    const { credential } = createCredential(options, origin);
    await keep(credential);
    const other = await door.person(`other${people}@example.com`);
    const theirs = await creationOptions(other.bearer);
    const copied = createCredential(theirs, origin, { id: credential.id }).credential;
    expect((await keep(copied, other.bearer)).body.error.code).toBe('passkey_invalid');
    const own = createCredential(await creationOptions(other.bearer), origin).credential;
    const renamed = { ...own, id: credential.id, rawId: credential.id };
    expect((await keep(renamed, other.bearer)).body.error.code).toBe('passkey_invalid');
  });
});

describe('signing in with a passkey', () => {
  test('needs no name, counts as two factors, and is in the list of sessions', async () => {
    const passkey = await addPasskey();
    const { status, body, cookies } = await signIn(passkey);
    expect(status).toBe(200);
    expect(body.user.email).toBe(email);
    expect(cookies.map(({ name }) => name)).toContain('sluice_access');
    const sessions = await door.call('GET', '/api/v1/me/sessions', { bearer: body.access_token });
    expect(sessions.body.data.find((one: { current: boolean }) => one.current)).toMatchObject({
      method: 'passkey',
      has_second_factor: true,
    });
  });

  test.each<[string, Lies]>([
    ['another site’s page', { origin: 'https://evil.test' }],
    ['our name on another port', { origin: 'https://sluice.example:8443' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['a signature that made a passkey', { type: 'webauthn.create' }],
    ['a challenge of somebody’s own', { challenge: 'bm90LW91cnM' }],
    ['an authenticator that did not check who holds it', { isUserVerified: false }],
    ['another person’s handle', { userHandle: Buffer.from('usr_other').toString('base64url') }],
  ])('refuses %s', async (_, lies) => {
    const passkey = await addPasskey();
    const { status, body } = await signIn(passkey, lies);
    expect([status, body.error.code]).toEqual([401, 'passkey_invalid']);
  });

  test('an answer is taken once, also from two at the same time', async () => {
    const passkey = await addPasskey();
    const credential = signChallenge(passkey, await requestOptions(), { origin });
    const answers = await Promise.all([present(credential), present(credential)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect((await present(credential)).body.error.code).toBe('passkey_invalid');
  });

  test('a challenge is good for five minutes', async () => {
    const passkey = await addPasskey();
    const options = await requestOptions();
    door.platform.clocks.advance('PT5M1S');
    const credential = signChallenge(passkey, options, { origin });
    expect((await present(credential)).body.error.code).toBe('passkey_invalid');
  });

  test('a counter that goes back or stands still is a copied key', async () => {
    const passkey = await addPasskey();
    expect((await signIn(passkey, { counter: 7 })).status).toBe(200);
    for (const counter of [7, 6, 0]) {
      expect((await signIn(passkey, { counter })).body.error.code).toBe('passkey_invalid');
    }
    expect((await signIn(passkey, { counter: 8 })).status).toBe(200);
  });

  test('another key’s signature under a known id is refused', async () => {
    const passkey = await addPasskey();
    const foreign = createCredential(await creationOptions(), origin).passkey;
    const credential = { ...foreign, id: passkey.id, userHandle: passkey.userHandle };
    expect((await signIn(credential)).body.error.code).toBe('passkey_invalid');
    expect((await signIn(foreign)).body.error.code).toBe('passkey_invalid');
  });

  test('a removed passkey and a suspended account sign nobody in', async () => {
    const passkey = await addPasskey();
    await sql`update identity_users set status = 'suspended' where email = ${email}`.execute(
      door.db.database,
    );
    expect((await signIn(passkey)).body.error.code).toBe('user_suspended');
    await sql`update identity_users set status = 'active' where email = ${email}`.execute(
      door.db.database,
    );
    const { body } = await door.call('GET', '/api/v1/me/passkeys', { bearer: person.bearer });
    const url = `/api/v1/me/passkeys/${body.data[0].id}`;
    const other = await door.person(`other${people}@example.com`);
    expect((await door.call('DELETE', url, { bearer: other.bearer })).status).toBe(404);
    const rename = { payload: { name: 'Mine' } };
    expect((await door.call('PATCH', url, { bearer: other.bearer, ...rename })).status).toBe(404);
    const renamed = await door.call('PATCH', url, { bearer: person.bearer, ...rename });
    expect(renamed.body.name).toBe('Mine');
    expect((await door.call('DELETE', url, { bearer: person.bearer })).status).toBe(204);
    expect((await signIn(passkey)).body.error.code).toBe('passkey_invalid');
  });
});

describe('relyingPartyOf', () => {
  test.each([
    ['https://sluice.example', 'sluice.example'],
    ['https://sluice.example:8443', 'sluice.example'],
    ['http://localhost:9000', 'localhost'],
    ['http://sluice.example', undefined],
    ['https://203.0.113.7', undefined],
    ['http://127.0.0.1:9000', undefined],
    ['https://[2001:db8::1]', undefined],
  ])('%s is %s', (publicUrl, id) => {
    expect(relyingPartyOf(publicUrl)?.id).toBe(id);
  });
});
