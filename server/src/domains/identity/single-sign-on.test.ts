/** Signing in through an OpenID Connect provider of the deployment, and what an attacker would try. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  client,
  type OidcIssuer,
  startOidcIssuer,
  visit,
} from '../../platform/testkit/oidc-issuer.ts';
import { openBrowser, refusedWith, type TestBrowser } from './testing/browser.ts';
import { type FrontDoor, openFrontDoor, password } from './testing/front-door.ts';
import { lastTokenOf } from './testing/mails.ts';
import { codeAt } from './totp.ts';

const providers = '/api/v1/admin/sign-in-providers';
const place = 'https://sluice.example/api/v1/auth/sso';

let door: FrontDoor;
let admin: { bearer: string };
let browser: TestBrowser;
let people = 0;

interface Place {
  id: string;
  issuer: OidcIssuer;
}
let main: Place;
let other: Place;

beforeAll(async () => {
  door = await openFrontDoor();
  admin = await door.operator('root@sluice.example');
  [main, other] = [await makeProvider('Main'), await makeProvider('Other')];
});
beforeEach(() => {
  people += 1;
  browser = openBrowser(door);
  main.issuer.account = { ...account(), email_verified: true, name: 'Somebody' };
  other.issuer.account = { ...account(), email_verified: true };
});
afterAll(async () => {
  await main.issuer.close();
  await other.issuer.close();
  await door.close();
});

function account() {
  return { sub: `sub${people}`, email: `person${people}@example.com` };
}

async function makeProvider(name: string): Promise<Place> {
  const settings = { issuer: 'https://id.example.com', client_id: client.id };
  const payload = { kind: 'oidc', name, settings, secret: client.secret };
  const made = await door.call('POST', providers, { ...admin, payload });
  const { id } = made.body;
  const redirectUrls = [`${place}/${id}/callback`];
  const issuer = await startOidcIssuer({ redirectUrls, account: { sub: 'nobody' } });
  await update(id, { enabled: true, settings: { issuer: issuer.issuer } });
  return { id, issuer };
}

async function update(id: string, payload: object): Promise<void> {
  expect((await door.call('PATCH', `${providers}/${id}`, { ...admin, payload })).status).toBe(200);
}

/** To the provider and back, up to the address that it sends the browser to. */
async function goThrough(at = main, in_ = browser, next = '/keys'): Promise<string> {
  const there = await in_.open(`${place}/${at.id}/start?${new URLSearchParams({ next })}`);
  return visit(there, place);
}

async function me(in_ = browser) {
  return (await in_.call('GET', '/api/v1/me')).body;
}

describe('signing in through a provider', () => {
  test('makes the account, signs it in, and goes on to the page it was for', async () => {
    expect(await browser.open(await goThrough(main, browser, '/keys?q=1#top'))).toBe(
      '/keys?q=1#top',
    );
    expect((await me()).user).toMatchObject({
      email: main.issuer.account.email,
      email_verified: true,
      name: 'Somebody',
    });
    const again = openBrowser(door);
    await again.open(await goThrough(main, again));
    expect((await me(again)).user.id).toBe((await me()).user.id);
  });

  test('is offered to anyone once it is switched on, with no secret', async () => {
    const { body } = await door.call('GET', '/api/v1/auth/methods');
    expect(body.methods).toContainEqual({ kind: 'oidc', id: main.id, name: 'Main' });
    expect(JSON.stringify(body)).not.toContain(client.secret);
    await update(other.id, { enabled: false });
    expect(await browser.open(`${place}/${other.id}/start`)).toMatch(/refused=not_found/);
    await update(other.id, { enabled: true });
  });

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '/\t/evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:x=1/../..//evil.example',
  ])('never goes on to %j', async (next) => {
    const to = await browser.open(await goThrough(main, browser, next));
    expect(new URL(to, 'https://sluice.example').origin).toBe('https://sluice.example');
    expect(to).toMatch(/^\/(?![/\\])/);
  });

  test('asks for the person’s own second factor before it lets them in', async () => {
    const person = await door.person(main.issuer.account.email ?? '');
    const post = (path: string, payload: object) =>
      door.call('POST', `/api/v1/auth/totp/${path}`, { bearer: person.bearer, payload });
    const { body } = await post('setup', { password });
    const code = () => codeAt(body.secret, door.platform.clocks.wall());
    await post('enable', { totp: code() });
    door.platform.clocks.advance('PT60S');

    const to = await browser.open(await goThrough());
    expect(refusedWith(to)).toBe('totp_required');
    expect(browser.cookies.has('sluice_access')).toBe(false);
    const state = new URL(to, place).searchParams.get('sso');
    const finish = (in_: TestBrowser, totp: string) =>
      in_.call('POST', '/api/v1/auth/sso/finish', { payload: { state, totp } });
    expect((await finish(openBrowser(door), code())).body.error.code).toBe('sso_failed');
    expect((await finish(browser, '000000')).body.error.code).toBe('totp_invalid');
    expect((await finish(browser, code())).body).toEqual({ next: '/keys' });
    expect((await me()).user.id).toBe(person.userId);
    door.platform.clocks.advance('PT60S');
    expect((await finish(browser, code())).body.error.code).toBe('sso_failed');
  });
});

describe('an answer that is not for this browser now', () => {
  test('is refused in another browser, and still good in the one that set out', async () => {
    const back = await goThrough();
    const stranger = openBrowser(door);
    expect(refusedWith(await stranger.open(back))).toBe('sso_failed');
    await goThrough(main, stranger);
    expect(refusedWith(await stranger.open(back))).toBe('sso_failed');
    expect(await browser.open(back)).toBe('/keys');
  });

  test('is refused the second time', async () => {
    const back = await goThrough();
    await browser.open(back);
    expect(refusedWith(await browser.open(back))).toBe('sso_failed');
  });

  test('is refused after ten minutes', async () => {
    const back = await goThrough();
    door.platform.clocks.advance('PT11M');
    expect(refusedWith(await browser.open(back))).toBe('sso_failed');
  });

  test('is refused where nobody set out', async () => {
    const url = `${place}/${main.id}/callback`;
    expect(refusedWith(await browser.open(`${url}?code=x&state=made-up`))).toBe('sso_failed');
    expect(refusedWith(await browser.open(url))).toBe('sso_failed');
    const arrive = `${place}/${main.id}/arrive?state=made-up`;
    expect(refusedWith(await browser.open(arrive))).toBe('sso_failed');
  });

  test('is refused at another provider, and with another’s code', async () => {
    const back = new URL(await goThrough(main));
    const mixed = back.href.replace(main.id, other.id);
    expect(refusedWith(await browser.open(mixed))).toBe('sso_failed');

    const own = new URL(await goThrough(other));
    for (const name of ['code', 'iss'])
      own.searchParams.set(name, back.searchParams.get(name) ?? '');
    expect(refusedWith(await browser.open(own.href))).toBe('sso_failed');
    expect(browser.cookies.has('sluice_access')).toBe(false);
  });

  test('is refused where the ID token was made for another request', async () => {
    const first = new URL(await goThrough());
    const second = new URL(await goThrough());
    second.searchParams.set('code', first.searchParams.get('code') ?? '');
    expect(refusedWith(await browser.open(second.href))).toBe('sso_failed');
  });
});

describe('an address', () => {
  test('that the provider has not verified opens nothing', async () => {
    main.issuer.account = { ...account(), email_verified: false };
    expect(refusedWith(await browser.open(await goThrough()))).toBe('sso_failed');
    const victim = await door.person(account().email);
    expect(refusedWith(await browser.open(await goThrough()))).toBe('sso_failed');
    expect(victim.userId).not.toBe('');
  });

  test('that is missing opens nothing', async () => {
    main.issuer.account = { sub: account().sub };
    expect(refusedWith(await browser.open(await goThrough()))).toBe('sso_failed');
  });

  test('of an operator opens nothing from outside', async () => {
    main.issuer.account = { sub: 'boss', email: 'root@sluice.example', email_verified: true };
    expect(refusedWith(await browser.open(await goThrough()))).toBe('link_required');
  });

  test('that went to somebody else at the provider does not take the account along', async () => {
    await browser.open(await goThrough());
    const { id } = (await me()).user;
    main.issuer.account = { ...main.issuer.account, sub: 'a newcomer' };
    const newcomer = openBrowser(door);
    expect(refusedWith(await newcomer.open(await goThrough(main, newcomer)))).toBe('link_required');
    expect((await me()).user.id).toBe(id);
  });

  test('of the same subject at another issuer is another person', async () => {
    await browser.open(await goThrough());
    const { id } = (await me()).user;
    const before = main.issuer.issuer;
    const redirectUrls = [`${place}/${main.id}/callback`];
    const fresh = await startOidcIssuer({
      redirectUrls,
      account: { sub: account().sub, email: 'mallory@evil.example', email_verified: true },
    });
    await update(main.id, { settings: { issuer: fresh.issuer } });
    const mallory = openBrowser(door);
    await mallory.open(await goThrough(main, mallory));
    expect((await me(mallory)).user).toMatchObject({ email: 'mallory@evil.example' });
    expect((await me(mallory)).user.id).not.toBe(id);
    await update(main.id, { settings: { issuer: before } });
    await fresh.close();
  });
});

describe('adding a provider to an account', () => {
  async function link(in_: TestBrowser) {
    const payload = { provider: main.id };
    const { body } = await in_.call('POST', '/api/v1/me/identities', { payload });
    return visit(body.url, place);
  }

  const confirmEmail = (token: string) =>
    door.call('POST', '/api/v1/auth/confirm-email', { payload: { token } });

  async function signedIn(email: string): Promise<TestBrowser> {
    const in_ = openBrowser(door);
    const person = await door.person(email);
    for (const [name, value] of Object.entries(person.cookies)) in_.cookies.set(name, value);
    return in_;
  }

  test('lets its person in whatever address they have there, until it is taken away', async () => {
    const owner = await signedIn(`own${people}@example.net`);
    expect(await owner.open(await link(owner))).toBe('/account');
    await browser.open(await goThrough());
    expect((await me()).user.email).toBe(`own${people}@example.net`);

    const { body } = await owner.call('GET', '/api/v1/me/identities');
    expect(body.data).toHaveLength(1);
    expect(body.data[0].provider).toEqual({ id: main.id, kind: 'oidc', name: 'Main' });
    await owner.call('DELETE', `/api/v1/me/identities/${body.data[0].id}`);
    const later = openBrowser(door);
    await later.open(await goThrough(main, later));
    expect((await me(later)).user.email).toBe(account().email);
  });

  test('is undone with a change of address that its owner takes back', async () => {
    const email = `robbed${people}@example.net`;
    const thief = await signedIn(email);
    const payload = { email: `thief${people}@example.org`, password };
    expect((await thief.call('POST', '/api/v1/me/email', { payload })).status).toBe(202);
    const token = await lastTokenOf(door, payload.email);
    expect((await confirmEmail(token)).status).toBe(200);
    expect(await thief.open(await link(thief))).toBe('/account');
    const undone = { payload: { token: await lastTokenOf(door, email) } };
    expect((await door.call('POST', '/api/v1/auth/undo-email', undone)).status).toBe(200);
    await browser.open(await goThrough());
    expect((await me()).user.email).toBe(account().email);
  });

  test('needs the person who began it, in the browser that they began it in', async () => {
    const victim = await signedIn(`victim${people}@example.net`);
    const attacker = await signedIn(`attacker${people}@example.net`);
    const back = await link(attacker);
    expect(refusedWith(await victim.open(back))).toBe('sso_failed');
    // The same browser, somebody else signed in by now.
    for (const name of ['sluice_access', 'sluice_refresh']) {
      attacker.cookies.set(name, victim.cookies.get(name) ?? '');
    }
    expect(refusedWith(await attacker.open(back))).toBe('sso_failed');
    expect((await victim.call('GET', '/api/v1/me/identities')).body.data).toEqual([]);
  });

  test('does not take it from somebody else', async () => {
    await browser.open(await goThrough());
    const second = await signedIn(`second${people}@example.net`);
    expect(refusedWith(await second.open(await link(second)))).toBe('already_exists');
  });

  test('leaves the last way to sign in', async () => {
    await browser.open(await goThrough());
    const { body } = await browser.call('GET', '/api/v1/me/identities');
    const url = `/api/v1/me/identities/${body.data[0].id}`;
    expect((await browser.call('DELETE', url)).body.error.code).toBe('invalid_state');
    const stranger = await signedIn(`stranger${people}@example.net`);
    expect((await stranger.call('DELETE', url)).status).toBe(404);
  });
});

test('nothing of a flow is kept in the clear', async () => {
  const back = new URL(await goThrough());
  await browser.open(back.href);
  const { rows } = await sql`select * from identity_sso_flows`.execute(door.db.database);
  const text = JSON.stringify(rows);
  for (const secret of [
    back.searchParams.get('state'),
    browser.cookies.get('__Host-sluice_sso'),
    account().email,
  ]) {
    expect(secret).toBeTruthy();
    expect(text).not.toContain(secret);
  }
});
