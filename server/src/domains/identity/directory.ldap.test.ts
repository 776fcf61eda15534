/** Signing in by the company directory, on a real LDAP server. */
import { sql } from 'kysely';
import { Attribute, Change, Client } from 'ldapts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  dnOf,
  password,
  readerPassword,
  settingsOf,
  startDirectory,
  suffix,
} from '../../platform/testkit/people-directory.ts';
import type { LdapServer } from '../../platform/testkit/slapd.ts';
import { followDirectory } from './operations/follow-directory.ts';
import {
  listSignInProviders,
  updateSignInProvider,
} from './operations/manage-sign-in-providers.ts';
import { proveByDirectory } from './operations/prove-by-directory.ts';
import { hashPassword } from './passwords.ts';
import { updatePassword } from './store/users.ts';
import { type FrontDoor, password as localPassword, openFrontDoor } from './testing/front-door.ts';

let server: LdapServer;
let door: FrontDoor;
let admin: { bearer: string };

beforeAll(async () => {
  [server, door] = await Promise.all([startDirectory(), openFrontDoor()]);
  admin = await door.operator('root@sluice.example');
  await setUp({ enabled: true, secret: readerPassword, settings: settingsOf(server) });
});
afterAll(async () => {
  await door.close();
  await server.dispose();
});

async function setUp(payload: object) {
  const answer = await door.call('PATCH', '/api/v1/admin/sign-in-providers/ldap', {
    ...admin,
    payload,
  });
  expect(answer.status).toBe(200);
  return answer.body;
}

const signIn = (login: string, given = password, more = {}) =>
  door.call('POST', '/api/v1/auth/login', { payload: { login, password: given, ...more } });

async function asRoot(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ url: server.url });
  await client.bind(server.root.dn, server.root.password);
  await work(client);
  await client.unbind();
}

const replace = (dn: string, type: string, values: string[]) =>
  asRoot((client) =>
    client.modify(
      dn,
      new Change({ operation: 'replace', modification: new Attribute({ type, values }) }),
    ),
  );

describe('signing in by the directory', () => {
  test('makes the account at the first sign-in, and finds it again by address', async () => {
    const first = await signIn('bo');
    expect(first.status).toBe(200);
    expect(first.body.user).toMatchObject({
      email: 'bo@example.com',
      email_verified: true,
      name: 'Bo Li',
      platform_role: 'user',
    });
    const again = await signIn('Bo@Example.com');
    expect(again.body.user.id).toBe(first.body.user.id);
    const security = await door.call('GET', '/api/v1/me/security', {
      bearer: first.body.access_token,
    });
    expect(security.body.has_password).toBe(false);
  });

  test('keeps name and address in step, whatever the entry is called by then', async () => {
    const before = await signIn('bo');
    await asRoot((client) => client.modifyDN(dnOf('Bo Li'), 'cn=Bo Wang'));
    await replace(dnOf('Bo Wang'), 'mail', ['bo.wang@example.com']);
    const after = await signIn('bo');
    expect(after.body.user).toMatchObject({
      id: before.body.user.id,
      name: 'Bo Wang',
      email: 'bo.wang@example.com',
    });
    await asRoot((client) => client.modifyDN(dnOf('Bo Wang'), 'cn=Bo Li'));
    await replace(dnOf('Bo Li'), 'mail', ['bo@example.com']);
  });

  test('answers a wrong password, nobody, and the many alike', async () => {
    const answers = [
      await signIn('obrien@example.com', 'wrong'),
      await signIn('nobody at all'),
      await signIn('*'),
      await signIn('twin'),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      const { request_id: _, ...told } = body.error;
      expect(told).toEqual({
        code: 'invalid_credentials',
        message: answers[0]?.body.error.message,
      });
    }
  });

  test('counts guesses as those at any other account', async () => {
    for (let guess = 0; guess < 5; guess += 1) await signIn('guessed', 'wrong');
    expect((await signIn('guessed', 'wrong')).status).toBe(429);
  });

  test('refuses whom the directory has closed', async () => {
    expect((await signIn('dora', 'wrong')).body.error.code).toBe('invalid_credentials');
    expect((await signIn('dora')).body.error.code).toBe('user_suspended');
  });

  test('refuses whom an operator has suspended here', async () => {
    const { body } = await signIn('o(b*r)\\n');
    await sql`update identity_users set status = 'suspended' where id = ${body.user.id}`.execute(
      door.db.database,
    );
    expect((await signIn('o(b*r)\\n')).body.error.code).toBe('user_suspended');
  });
});

describe('an address that has an account here', () => {
  test('is joined, and its own password goes on working', async () => {
    await replace(dnOf('Twin One'), 'uid', ['joined']);
    await replace(dnOf('Twin One'), 'mail', ['joined@example.com']);
    const local = await door.person('joined@example.com');
    const joined = await signIn('joined');
    expect(joined.status).toBe(200);
    expect(joined.body.user.id).toBe(local.userId);
    expect((await signIn('joined@example.com', localPassword)).status).toBe(200);
  });

  test('loses a password that was set before anybody confirmed the address', async () => {
    await replace(dnOf('Twin Two'), 'uid', ['trapped']);
    await replace(dnOf('Twin Two'), 'mail', ['trapped@example.com']);
    await door.call('POST', '/api/v1/auth/register', {
      payload: { email: 'trapped@example.com', password: 'set by somebody else' },
    });
    expect((await signIn('trapped')).status).toBe(200);
    const trap = await signIn('trapped@example.com', 'set by somebody else');
    expect(trap.body.error.code).toBe('invalid_credentials');
  });

  test('is not joined where it operates the deployment, but can be added from within', async () => {
    await replace(dnOf('Chen Gone'), 'pwdAccountLockedTime', []);
    await replace(dnOf('Chen Gone'), 'mail', ['root@sluice.example']);
    expect((await signIn('chen')).body.error.code).toBe('link_required');
    const payload = { provider: 'ldap', login: 'chen', password };
    const wrong = { ...payload, password: 'wrong' };
    const refused = await door.call('POST', '/api/v1/me/identities', { ...admin, payload: wrong });
    expect(refused.body.error.code).toBe('invalid_credentials');
    const added = await door.call('POST', '/api/v1/me/identities', { ...admin, payload });
    expect(added.body).toEqual({ url: null });
    expect((await signIn('chen')).body.user.email).toBe('root@sluice.example');
    // Its role was given by hand: no group gives or takes it.
    expect((await signIn('chen')).body.user.platform_role).toBe('admin');
  });

  test('is not another person’s who has it at the directory now', async () => {
    const ada = await signIn('ada');
    await replace(dnOf('Ada Lovelace'), 'mail', ['ada.old@example.com']);
    await asRoot((client) =>
      client.add(dnOf('Ada Second'), {
        ...{ objectClass: 'inetOrgPerson', sn: 'Second', uid: 'ada2', mail: 'ada@example.com' },
        userPassword: password,
      }),
    );
    const second = await signIn('ada2');
    expect(second.body.error.code).toBe('link_required');
    await asRoot((client) => client.del(dnOf('Ada Second')));
    await replace(dnOf('Ada Lovelace'), 'mail', ['ada@example.com']);
    expect((await signIn('ada')).body.user.id).toBe(ada.body.user.id);
  });
});

describe('groups', () => {
  const group = (cn: string) => `cn=${cn},ou=groups,${suffix}`;

  test('give roles on the deployment and take them away again', async () => {
    await setUp({
      settings: { operator_groups: ['Engineers'], admin_groups: [group('operators')] },
    });
    const roleOfAda = async () => (await signIn('ada')).body.user.platform_role;
    expect(await roleOfAda()).toBe('admin');
    await replace(group('operators'), 'member', [dnOf('Bo Li')]);
    expect(await roleOfAda()).toBe('operator');
    await setUp({ settings: { operator_groups: [], admin_groups: [] } });
    expect(await roleOfAda()).toBe('user');
  });

  test('do not take the last administrator away', async () => {
    await setUp({ settings: { admin_groups: ['books'] } });
    const role = async () => (await signIn('bo')).body.user.platform_role;
    expect(await role()).toBe('admin');
    const setRoot = (platformRole: string) =>
      sql`update identity_users set platform_role = ${platformRole} where email = 'root@sluice.example'`.execute(
        door.db.database,
      );
    await setUp({ settings: { admin_groups: [] } });
    await setRoot('user');
    expect(await role()).toBe('admin');
    await setRoot('admin');
    expect(await role()).toBe('user');
  });

  test('give and take a place in an organization, and leave alone what was given by hand', async () => {
    const owner = await door.person('owner@example.net');
    const made = await door.call('POST', '/api/v1/organizations', {
      bearer: owner.bearer,
      payload: { name: 'Works' },
    });
    const organization = made.body.id;
    const rolesOfBo = async () => {
      const { body } = await signIn('bo');
      const { body: page } = await door.call('GET', '/api/v1/organizations', {
        bearer: body.access_token,
      });
      return page.data.find((each: { id: string }) => each.id === organization)?.role;
    };
    const mapped = (role: string) => [{ group: 'engineers', organization, role }];
    await setUp({ settings: { organization_groups: mapped('billing') } });
    expect(await rolesOfBo()).toBe('billing');
    await setUp({ settings: { organization_groups: mapped('member') } });
    expect(await rolesOfBo()).toBe('member');
    await setUp({ settings: { organization_groups: [] } });
    expect(await rolesOfBo()).toBeUndefined();

    const { body } = await signIn('bo');
    await door.join(organization, body.user.id, 'admin');
    await setUp({ settings: { organization_groups: mapped('member') } });
    expect(await rolesOfBo()).toBe('admin');
    await setUp({ settings: { organization_groups: [] } });
    expect(await rolesOfBo()).toBe('admin');
  });
});

describe('a directory that is of no help', () => {
  test('is said to be down, and keeps nobody with a password here out', async () => {
    const local = await door.person('local@example.net');
    await server.stop();
    const down = await signIn('bo');
    expect(down.status).toBe(503);
    expect(down.body.error.code).toBe('directory_unavailable');
    const { body } = await signIn('local@example.net', localPassword);
    expect(body.user.id).toBe(local.userId);
    await server.start();
    expect((await signIn('bo')).status).toBe(200);
  });

  test('gives nobody free guesses at passwords here meanwhile', async () => {
    await door.person('guarded@example.net');
    await server.stop();
    for (let guess = 0; guess < 5; guess += 1) await signIn('guarded@example.net', 'wrong');
    expect((await signIn('guarded@example.net', 'wrong')).status).toBe(429);
    await server.start();
  });

  test('is asked no more once it is switched off', async () => {
    await setUp({ enabled: false });
    expect((await signIn('bo')).body.error.code).toBe('invalid_credentials');
    await setUp({ enabled: true });
    expect((await signIn('bo')).status).toBe(200);
  });
});

describe('followDirectory', () => {
  const ownPassword = 'a password that was added';
  const standingOf = async (bearer: string) =>
    (await door.call('GET', '/api/v1/me', { bearer })).status;

  test('signs out whom the directory has closed, whatever else they added, until it opens it', async () => {
    const bo = (await signIn('bo')).body;
    const passwordHash = await hashPassword(ownPassword);
    await door.db.database
      .transaction()
      .execute((transaction) => updatePassword(transaction, bo.user.id, passwordHash));
    expect((await signIn('bo@example.com', ownPassword)).status).toBe(200);
    const ada = (await signIn('ada')).body;
    await followDirectory(door.context);
    expect(await standingOf(bo.access_token)).toBe(200);

    await replace(dnOf('Bo Li'), 'pwdAccountLockedTime', ['000001010000Z']);
    await followDirectory(door.context);
    expect(await standingOf(bo.access_token)).toBe(401);
    expect(await standingOf(ada.access_token)).toBe(200);
    expect((await signIn('bo')).body.error.code).toBe('user_suspended');
    const own = await signIn('bo@example.com', ownPassword);
    expect(own.body.error.code).toBe('user_suspended');

    await replace(dnOf('Bo Li'), 'pwdAccountLockedTime', []);
    await followDirectory(door.context);
    expect((await signIn('bo')).status).toBe(200);
  });

  test('signs nobody out because the directory is down or read in the wrong place', async () => {
    const bo = (await signIn('bo')).body;
    await server.stop();
    await followDirectory(door.context);
    await server.start();
    await setUp({ settings: { base_dn: `ou=groups,${suffix}` } });
    await followDirectory(door.context);
    await setUp({ settings: { base_dn: suffix } });
    expect(await standingOf(bo.access_token)).toBe(200);
  });
});

describe('a directory of the environment', () => {
  const fromEnvironment = () => {
    const directory = { name: 'Env', settings: settingsOf(server), readerPassword };
    return { ...door.context, config: { ...door.context.config, directory } };
  };

  test('stands over what operators wrote, and is changed there only', async () => {
    await setUp({ enabled: false, settings: { url: 'ldap://127.0.0.1:1' } });
    const context = fromEnvironment();
    expect(await proveByDirectory(context, { login: 'bo', password })).toMatchObject({
      email: 'bo@example.com',
    });
    expect(await listSignInProviders(context)).toContainEqual(
      expect.objectContaining({ id: 'ldap', name: 'Env', enabled: true }),
    );
    await expect(updateSignInProvider(context, 'ldap', { enabled: false })).rejects.toMatchObject({
      code: 'invalid_state',
    });
    await setUp({ enabled: true, settings: { url: server.url } });
  });
});

describe('the operator’s settings', () => {
  test('keep the reader’s password sealed and out of every answer and the log', async () => {
    const shown = await door.call('GET', '/api/v1/admin/sign-in-providers', admin);
    expect(shown.body.data[0]).toMatchObject({ id: 'ldap', enabled: true, has_secret: true });
    const log = await door.call('GET', '/api/v1/admin/audit-logs?limit=200', admin);
    const { rows } = await sql`select * from identity_providers`.execute(door.db.database);
    for (const text of [shown.body, log.body, rows]) {
      expect(JSON.stringify(text)).not.toContain(readerPassword);
    }
  });

  test('can be tried', async () => {
    const tried = (payload: object) =>
      door.call('POST', '/api/v1/admin/sign-in-providers/ldap/test', { ...admin, payload });
    expect((await tried({})).body).toMatchObject({ ok: true, person: null });
    expect((await tried({ login: 'ada' })).body).toMatchObject({
      ok: true,
      person: { email: 'ada@example.com', groups: expect.arrayContaining(['engineers']) },
    });
    expect((await tried({ login: 'nobody' })).body).toMatchObject({ ok: false });
  });

  test.each([
    [{ url: 'http://ldap.example.com' }, 'settings.url'],
    [{ user_filter: '(objectClass=person)' }, 'settings.user_filter'],
    [{ colour: 'blue' }, 'settings.colour'],
  ])('refuse %j', async (settings, param) => {
    const answer = await door.call('PATCH', '/api/v1/admin/sign-in-providers/ldap', {
      ...admin,
      payload: { settings },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.error.param).toBe(param);
  });
});
