/** Sessions over HTTP: what cookies are worth, and when they are over. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerifiedUser } from './index.ts';
import { type FrontDoor, openFrontDoor, password } from './testing/front-door.ts';

let door: FrontDoor;
const call: FrontDoor['call'] = (...request) => door.call(...request);
const person: FrontDoor['person'] = (...request) => door.person(...request);

beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

describe('signing in', () => {
  test('sets cookies that scripts and other sites cannot use', async () => {
    await createVerifiedUser(door.context, { email: 'cookies@example.com', name: 'Ada', password });
    const { status, body, cookies } = await call('POST', '/api/v1/auth/login', {
      payload: { login: 'cookies@example.com', password },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    expect(cookies).toEqual([
      expect.objectContaining({
        name: 'sluice_access',
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        maxAge: 900,
      }),
      expect.objectContaining({
        name: 'sluice_refresh',
        path: '/api/v1/auth',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
      expect.objectContaining({
        name: 'sluice_device',
        path: '/api/v1/auth',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
    ]);
  });

  test('works beside a cookie that is stale', async () => {
    const { cookies } = await person('stale@example.com');
    const { status } = await call('POST', '/api/v1/auth/login', {
      cookies,
      payload: { login: 'stale@example.com', password },
    });
    expect(status).toBe(200);
  });

  test('answers whoever guesses too often with the time to wait', async () => {
    await createVerifiedUser(door.context, { email: 'guessed@example.com', name: 'Ada', password });
    const guess = () =>
      call('POST', '/api/v1/auth/login', {
        payload: { login: 'guessed@example.com', password: 'wrong' },
        remoteAddress: '198.51.100.1',
      });
    for (let index = 0; index < 5; index += 1) expect((await guess()).status).toBe(401);
    const { status, headers, body } = await guess();
    expect(status).toBe(429);
    expect(body.error.code).toBe('too_many_requests');
    expect(headers['retry-after']).toBe('1');
  });
});

describe('refreshing', () => {
  const sameOrigin = { 'sec-fetch-site': 'same-origin' };

  test('takes the token from the body or, from our own pages, from the cookie', async () => {
    const { refreshToken } = await person('refresh@example.com');
    const first = await call('POST', '/api/v1/auth/refresh', {
      payload: { refresh_token: refreshToken },
    });
    expect(first.status).toBe(200);
    const second = await call('POST', '/api/v1/auth/refresh', {
      cookies: { sluice_refresh: first.body.refresh_token },
      headers: sameOrigin,
    });
    expect(second.status).toBe(200);
    expect(second.cookies.map(({ name }) => name)).toEqual([
      ...['sluice_access', 'sluice_refresh', 'sluice_device'],
    ]);
  });

  test('refuses a cookie that another site made the browser send', async () => {
    const { cookies } = await person('forged@example.com');
    const { status, body } = await call('POST', '/api/v1/auth/refresh', {
      cookies,
      headers: { 'sec-fetch-site': 'same-site', origin: 'https://evil.sluice.example' },
    });
    expect(status).toBe(403);
    expect(body.error.code).toBe('cross_site_request');
  });

  test('takes the cookies away with a session that is over', async () => {
    const { cookies } = await call('POST', '/api/v1/auth/refresh', {
      cookies: { sluice_refresh: 'srt_dead' },
      headers: sameOrigin,
    });
    expect(cookies.map(({ name, value }) => [name, value])).toEqual([
      ['sluice_access', ''],
      ['sluice_refresh', ''],
    ]);
  });

  test('without any token it is no session', async () => {
    const { status, body } = await call('POST', '/api/v1/auth/refresh', {});
    expect(status).toBe(401);
    expect(body.error.code).toBe('token_invalid');
  });

  test('is over after signing out, and so is the access token', async () => {
    const { bearer, cookies } = await person('leaving@example.com');
    const left = await call('POST', '/api/v1/auth/logout', { cookies, headers: sameOrigin });
    expect(left.status).toBe(204);
    expect((await call('GET', '/api/v1/me', { bearer })).body.error.code).toBe('token_invalid');
    const { status } = await call('GET', '/api/v1/me', { cookies });
    expect(status).toBe(401);
  });
});

describe('getJwks', () => {
  test('is for everyone', async () => {
    const { status, body } = await call('GET', '/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(body.keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519' })]);
  });
});
