/** What people do with their own account over HTTP: sessions, mail address, password. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findPasswordFault } from './core/good-password.ts';
import { createCredential } from './testing/authenticator.ts';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { lastTokenOf, mailsOf } from './testing/mails.ts';

let door: FrontDoor;
let people = 0;
let email: string;
let person: Person;

beforeAll(async () => {
  door = await openFrontDoor();
});
beforeEach(async () => {
  people += 1;
  email = `person${people}@example.com`;
  door.platform.clocks.advance('PT61M');
  person = await door.person(email);
});
afterAll(() => door.close());

const as = (bearer = person.bearer) => ({
  get: (path: string) => door.call('GET', `/api/v1/${path}`, { bearer }),
  post: (path: string, payload: object = {}) =>
    door.call('POST', `/api/v1/${path}`, { bearer, payload }),
  put: (path: string, payload: object) => door.call('PUT', `/api/v1/${path}`, { bearer, payload }),
  remove: (path: string) => door.call('DELETE', `/api/v1/${path}`, { bearer }),
});
const signIn = (
  request: { login?: string; password?: string; userAgent?: string; ip?: string } = {},
) =>
  door.call('POST', '/api/v1/auth/login', {
    payload: { login: request.login ?? email, password: request.password ?? password },
    headers: request.userAgent === undefined ? {} : { 'user-agent': request.userAgent },
    ...(request.ip === undefined ? {} : { remoteAddress: request.ip }),
  });
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('sessions', () => {
  test('are listed with device, address, method and which one asks', async () => {
    const { body: session } = await signIn({ userAgent: firefox, ip: '203.0.113.9' });
    const { body } = await as(session.access_token).get('me/sessions');
    expect(body.data).toHaveLength(2);
    expect(body.data[0]).toMatchObject({
      current: true,
      device: 'Firefox · Windows',
      ip: '203.0.113.9',
      method: 'password',
      has_second_factor: false,
    });
  });

  test('one is ended alone, and nobody ends another’s', async () => {
    const { body: session } = await signIn();
    const { body } = await as().get('me/sessions');
    const [id] = body.data
      .filter((one: { current: boolean }) => !one.current)
      .map((one: { id: string }) => one.id);
    const other = await door.person(`other${people}@example.com`);
    expect((await as(other.bearer).remove(`me/sessions/${id}`)).status).toBe(404);
    expect((await as().remove(`me/sessions/${id}`)).status).toBe(204);
    expect((await as().remove(`me/sessions/${id}`)).status).toBe(404);
    expect((await as(session.access_token).get('me')).status).toBe(401);
    expect((await as().get('me')).status).toBe(200);
  });

  test('all others are ended at once', async () => {
    const { body: one } = await signIn();
    const { body: two } = await signIn();
    expect((await as(two.access_token).post('me/sessions/end-others')).body).toEqual({ ended: 2 });
    expect((await as(one.access_token).get('me')).status).toBe(401);
    expect((await as().get('me')).status).toBe(401);
    expect((await as(two.access_token).get('me')).status).toBe(200);
  });

  test('a sign-in does not go on with the session that somebody brought', async () => {
    const { cookies } = await door.call('POST', '/api/v1/auth/login', {
      cookies: person.cookies,
      payload: { login: email, password },
    });
    const fresh = cookies.find(({ name }) => name === 'sluice_access')?.value;
    expect(fresh).toBeTruthy();
    expect(fresh).not.toBe(person.cookies.sluice_access);
    const { body } = await as().get('me/sessions');
    expect(body.data).toHaveLength(2);
  });
});

describe('a new device', () => {
  test('is told by mail: not the first of all, not one that is known', async () => {
    expect(await mailsOf(door, email)).toEqual([]);
    await signIn({ userAgent: firefox, ip: '203.0.113.10' });
    const mails = await mailsOf(door, email);
    expect(mails.map(({ subject }) => subject)).toEqual(['A new sign-in to your account']);
    expect(mails[0]?.text).toContain('Firefox · Windows');
    expect(mails[0]?.text).toContain('203.0.113.10');
    await signIn({ userAgent: firefox, ip: '203.0.113.10' });
    expect(await mailsOf(door, email)).toHaveLength(1);
    await signIn({ userAgent: firefox, ip: '203.0.113.11' });
    expect(await mailsOf(door, email)).toHaveLength(2);
  });
});

describe('changing the password', () => {
  const next = 'a wholly different sentence';

  test('takes the old one, ends the other sessions, and tells by mail', async () => {
    const { body: other } = await signIn();
    const missing = await as().put('me/password', { password: next });
    expect([missing.body.error.code, missing.body.error.param]).toEqual([
      'proof_required',
      'old_password',
    ]);
    const wrong = await as().put('me/password', { old_password: 'wrong', password: next });
    expect([wrong.status, wrong.body.error.code, wrong.body.error.param]).toEqual([
      403,
      'proof_invalid',
      'old_password',
    ]);
    const done = await as().put('me/password', { old_password: password, password: next });
    expect(done.status).toBe(204);
    expect((await as().get('me')).status).toBe(200);
    expect((await as(other.access_token).get('me')).status).toBe(401);
    expect((await signIn()).body.error.code).toBe('invalid_credentials');
    expect((await signIn({ password: next })).status).toBe(200);
    expect((await mailsOf(door, email)).at(-1)?.subject).toBe('Your password was changed');
  });

  test('of two at once one is done', async () => {
    const answers = await Promise.all(
      [next, `${next} again`].map((one) =>
        as().put('me/password', { old_password: password, password: one }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 403]);
  });

  test('guesses at the old one are counted', async () => {
    const guess = () => as().put('me/password', { old_password: 'wrong', password: next });
    for (let index = 0; index < 5; index += 1) expect((await guess()).status).toBe(403);
    expect((await guess()).status).toBe(429);
  });

  test('makes an open reset link worth nothing', async () => {
    await door.call('POST', '/api/v1/auth/forgot-password', { payload: { email } });
    const token = await lastTokenOf(door, email);
    await as().put('me/password', { old_password: password, password: next });
    const reset = await door.call('POST', '/api/v1/auth/reset-password', {
      payload: { token, password: 'yet another sentence' },
    });
    expect(reset.body.error.code).toBe('link_invalid');
  });
});

describe('good passwords', () => {
  test('are asked for at sign-up, reset and change', async () => {
    const register = (payload: object) =>
      door.call('POST', '/api/v1/auth/register', { payload, remoteAddress: '203.0.113.50' });
    const common = await register({ email: 'new@example.com', password: 'Password1' });
    expect([common.status, common.body.error.code]).toEqual([422, 'password_common']);
    const own = await register({ email: 'grace.hopper@example.com', password: 'GraceHopper1' });
    expect(own.body.error.code).toBe('password_personal');
    const change = await as().put('me/password', { old_password: password, password: '12345678' });
    expect(change.body.error.code).toBe('password_common');
    await door.call('POST', '/api/v1/auth/forgot-password', { payload: { email } });
    const token = await lastTokenOf(door, email);
    const reset = (one: string) =>
      door.call('POST', '/api/v1/auth/reset-password', { payload: { token, password: one } });
    expect((await reset('iloveyou')).body.error.code).toBe('password_common');
    expect((await reset('nobody guesses this')).status).toBe(204);
  });

  const ada = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace', username: 'countess' };
  test.each([
    ['correct horse battery', undefined],
    ['xkcd-936!', undefined],
    ['密码不能太容易猜到', undefined],
    ['password', 'common'],
    ['PASSWORD', 'common'],
    ['zzzzzzzzzz', 'common'],
    ['abababababab', 'common'],
    ['adalovelace', 'personal'],
    ['Countess1815', 'personal'],
    ['ada.lovelace@example.com', 'personal'],
    ['countess-of-the-engines', undefined],
    ['lovelacepassword', 'personal'],
  ])('%s: %s', (word, fault) => {
    expect(findPasswordFault(word, ada, (one) => one === 'password')).toBe(fault);
  });
});

describe('changing the mail address', () => {
  const change = (to: string, more: object = { password }) =>
    as().post('me/email', { email: to, ...more });
  const confirm = (token: string) =>
    door.call('POST', '/api/v1/auth/confirm-email', { payload: { token } });
  const undo = (token: string) =>
    door.call('POST', '/api/v1/auth/undo-email', { payload: { token } });

  test('asks for the password, and changes nothing before the link is opened', async () => {
    const to = `moved${people}@example.org`;
    expect((await change(to, {})).body.error.code).toBe('proof_required');
    expect((await change(to, { password: 'wrong' })).body.error.code).toBe('proof_invalid');
    expect((await change(to)).status).toBe(202);
    expect((await as().get('me')).body.user.email).toBe(email);
    expect((await as().get('me/security')).body.new_email).toBe(to);
    const { body } = await confirm(await lastTokenOf(door, to));
    expect(body.user).toMatchObject({ email: to, email_verified: true });
    expect((await signIn({ login: to })).status).toBe(200);
    expect((await signIn()).body.error.code).toBe('invalid_credentials');
  });

  test('answers the same where somebody has the address, and mails nothing', async () => {
    const other = `taken${people}@example.com`;
    await door.person(other);
    const before = (await mailsOf(door, other)).length;
    const free = await change(`free${people}@example.org`);
    const taken = await change(other);
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    expect((await mailsOf(door, other)).length).toBe(before);
  });

  test('a link works once, and a newer one in its place', async () => {
    const to = `moved${people}@example.org`;
    await change(to);
    const old = await lastTokenOf(door, to);
    await change(to);
    expect((await confirm(old)).body.error.code).toBe('link_invalid');
    const token = await lastTokenOf(door, to);
    const answers = await Promise.all([confirm(token), confirm(token)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422]);
  });

  test('the old address takes it back: sessions end, the password opens nothing, what was added goes', async () => {
    const to = `thief${people}@example.org`;
    await change(to);
    const thief = await confirm(await lastTokenOf(door, to));
    expect(thief.status).toBe(200);
    const made = await as().post('me/passkeys/options');
    const { credential } = createCredential(made.body.options, 'https://sluice.example');
    await as().post('me/passkeys', { name: 'Thief', credential });
    const notice = (await mailsOf(door, email)).at(-1);
    expect(notice?.text).toContain(to);
    const { status, body } = await undo(await lastTokenOf(door, email));
    expect([status, body.user.email]).toEqual([200, email]);
    expect((await as().get('me')).status).toBe(401);
    expect((await signIn()).body.error.code).toBe('invalid_credentials');
    const reset = await door.call('POST', '/api/v1/auth/reset-password', {
      payload: { token: await lastTokenOf(door, email), password: 'mine again for good' },
    });
    expect(reset.status).toBe(204);
    const { body: session } = await signIn({ password: 'mine again for good' });
    expect((await as(session.access_token).get('me/security')).body).toMatchObject({
      has_password: true,
      passkeys: 0,
      new_email: null,
    });
  });

  test('whoever moved it on twice cannot take it back from the first address', async () => {
    const [one, two] = [`one${people}@example.org`, `two${people}@example.org`];
    await change(one);
    await confirm(await lastTokenOf(door, one));
    await change(two);
    await confirm(await lastTokenOf(door, two));
    const thiefs = await lastTokenOf(door, one);
    expect((await undo(await lastTokenOf(door, email))).body.user.email).toBe(email);
    expect((await undo(thiefs)).body.error.code).toBe('link_invalid');
  });

  test('an address that can be taken back is nobody else’s for seven days', async () => {
    const to = `moved${people}@example.org`;
    await change(to);
    await confirm(await lastTokenOf(door, to));
    const register = () =>
      door.call('POST', '/api/v1/auth/register', {
        payload: { email, password: 'a stranger was quick' },
        remoteAddress: `203.0.113.${100 + people}`,
      });
    expect((await register()).body.error.code).toBe('already_exists');
    door.platform.clocks.advance('P7DT1S');
    expect((await register()).status).toBe(201);
  });

  test('a reset link that was mailed to the old address is worth nothing', async () => {
    await door.call('POST', '/api/v1/auth/forgot-password', { payload: { email } });
    const token = await lastTokenOf(door, email);
    const to = `moved${people}@example.org`;
    await change(to);
    await confirm(await lastTokenOf(door, to));
    const { body } = await door.call('POST', '/api/v1/auth/reset-password', {
      payload: { token, password: 'mine for all time' },
    });
    expect(body.error.code).toBe('link_invalid');
  });

  test('mails to strangers are few', async () => {
    for (let index = 0; index < 5; index += 1) await change(`s${index}x${people}@example.org`);
    expect((await change(`s5x${people}@example.org`)).status).toBe(429);
  });
});
