import { Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  dnOf,
  password,
  readerPassword,
  settingsOf,
  startDirectory,
} from '../../../../platform/testkit/people-directory.ts';
import type { LdapServer } from '../../../../platform/testkit/slapd.ts';
import { connectDirectory } from './index.ts';

let server: LdapServer;
beforeAll(async () => {
  server = await startDirectory();
});
afterAll(() => server.dispose());

const open = (settings: Parameters<typeof settingsOf>[1] = {}) =>
  connectDirectory(settingsOf(server, settings), readerPassword);

describe('prove', () => {
  test('knows a person by user name and by address, with their groups', async () => {
    const byName = await open().prove({ login: 'ada', password });
    expect(byName).toMatchObject({
      status: 'proven',
      person: { email: 'ada@example.com', name: 'Ada Lovelace', isEmailVerified: true },
    });
    const groups = byName.status === 'proven' ? byName.person.groups : [];
    expect(groups).toEqual(
      expect.arrayContaining([
        'operators',
        'engineers',
        'cn=operators,ou=groups,dc=example,dc=com',
      ]),
    );
    expect(groups).not.toContain('books');
    expect(await open().prove({ login: 'ADA@example.com', password })).toEqual(byName);
  });

  test('keeps a person’s id when they are renamed', async () => {
    const before = await open().prove({ login: 'bo', password });
    const client = new Client({ url: server.url });
    await client.bind(server.root.dn, server.root.password);
    await client.modifyDN(dnOf('Bo Li'), 'cn=Bo Wang');
    await client.unbind();
    const after = await open().prove({ login: 'bo', password });
    expect(before.status === 'proven' && before.person.subject).toMatch(/^[0-9a-f-]{36}$/);
    expect(after.status === 'proven' && after.person.subject).toBe(
      before.status === 'proven' && before.person.subject,
    );
  });

  test.each([
    ['a wrong password', 'ada', 'wrong'],
    ['an empty password, which binds as nobody', 'ada', ''],
    ['nobody', 'nobody', password],
    ['a name that two people have', 'twin', password],
    ['everybody by a star', '*', password],
    ['part of a name and a star', 'ad*', password],
    ['a filter that ends ours', 'ada)(|(uid=*', password],
    ['a filter that begins another', '*)(uid=*))(|(uid=*', password],
    ['a filter that is closed with nothing', 'ada)(&))\u0000', password],
    ['an escaped star', '\\2a', password],
    ['a name of an entry', dnOf('Ada Lovelace'), password],
    ['a very long name', 'a'.repeat(254), password],
  ])('refuses %s', async (_what, login, given) => {
    expect(await open().prove({ login, password: given })).toEqual({ status: 'wrong' });
  });

  test('takes every sign of a name as it is', async () => {
    const answer = await open().prove({ login: 'o(b*r)\\n', password });
    expect(answer).toMatchObject({ status: 'proven', person: { email: 'obrien@example.com' } });
  });

  test.each(['chen', 'dora'])(
    'says that %s has left only to whoever knows the password',
    async (login) => {
      const directory = open();
      expect(await directory.prove({ login, password: 'wrong' })).toEqual({ status: 'wrong' });
      expect(await directory.prove({ login, password })).toEqual({ status: 'disabled' });
    },
  );

  test('finds no groups where it is told not to', async () => {
    const answer = await open({ group_filter: '' }).prove({ login: 'ada', password });
    expect(answer).toMatchObject({ status: 'proven', person: { groups: [] } });
  });
});

describe('unavailable', () => {
  test.each([
    ['a reader whose password is wrong', {}, 'wrong'],
    ['a base that is not there', { base_dn: 'dc=elsewhere' }, readerPassword],
    ['a filter that is none', { user_filter: '(&(uid={login})(uid))' }, readerPassword],
    ['a blank that nobody fills', { user_filter: '(&(uid={login})(cn={name}))' }, readerPassword],
    ['a blank within a pattern', { user_filter: '(uid=*{login}*)' }, readerPassword],
  ])('answers a problem for %s', async (_what, settings, reader) => {
    const directory = connectDirectory(settingsOf(server, settings), reader);
    const answer = await directory.prove({ login: 'ada', password });
    expect(answer).toMatchObject({ status: 'unavailable' });
    expect(JSON.stringify(answer)).not.toContain(password);
    expect(await directory.test('ada')).toMatchObject({ status: 'unavailable' });
  });

  test('gives up in time where the directory hangs, and works again', async () => {
    const directory = open({ timeout_ms: 500 });
    server.pause();
    const began = performance.now();
    expect(await directory.prove({ login: 'ada', password })).toMatchObject({
      status: 'unavailable',
    });
    expect(performance.now() - began).toBeLessThan(3500);
    server.resume();
    expect(await directory.prove({ login: 'ada', password })).toMatchObject({ status: 'proven' });
  });

  test('says so where nobody listens', async () => {
    const other = await startDirectory();
    await other.dispose();
    const directory = connectDirectory(settingsOf(other), readerPassword);
    expect(await directory.test()).toMatchObject({ status: 'unavailable' });
    expect(await directory.findStanding(['x'])).toBeUndefined();
  });
});

describe('encryption', () => {
  let strict: LdapServer;
  beforeAll(async () => {
    strict = await startDirectory({ requiresTls: true });
  });
  afterAll(() => strict.dispose());
  const proving = (settings: Parameters<typeof settingsOf>[1]) =>
    connectDirectory(settingsOf(strict, settings), readerPassword).prove({
      login: 'ada',
      password,
    });

  test('begins TLS and checks who vouches for the directory', async () => {
    expect(await proving({ start_tls: true, ca: strict.ca })).toMatchObject({ status: 'proven' });
  });

  test('sends no password to a directory that nobody vouches for', async () => {
    expect(await proving({ start_tls: true })).toMatchObject({
      status: 'unavailable',
      problem: expect.stringMatching(/certificate/),
    });
    expect(await proving({ start_tls: true, ca: server.ca })).toMatchObject({
      status: 'unavailable',
    });
  });

  test('does not go on in the clear where encryption is asked for', async () => {
    expect(await proving({ start_tls: false })).toMatchObject({ status: 'unavailable' });
  });
});

describe('test', () => {
  test('answers, finds a person with their groups, and nobody', async () => {
    expect(await open().test()).toEqual({ status: 'answers' });
    expect(await open().test('ada')).toMatchObject({ status: 'found', isDisabled: false });
    expect(await open().test('chen')).toMatchObject({ status: 'found', isDisabled: true });
    expect(await open().test('nobody')).toEqual({ status: 'not_found' });
  });
});

describe('findStanding', () => {
  test('tells who is still there by their id', async () => {
    const directory = open();
    const subjectOf = async (login: string) => {
      const found = await directory.test(login);
      return found.status === 'found' ? found.person.subject : '';
    };
    const [ada, chen] = [await subjectOf('ada'), await subjectOf('chen')];
    const standing = await directory.findStanding([
      ada,
      chen,
      '00000000-0000-0000-0000-000000000000',
    ]);
    expect(standing?.get(ada)).toBe('active');
    expect(standing?.get(chen)).toBe('gone');
    expect(standing?.get('00000000-0000-0000-0000-000000000000')).toBe('gone');
  });
});
