/** Mail domains of organizations and their own SAML provider, and what one organization may not do to others. */
import { inflateRawSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { confirmSsoDomain, proveSsoDomain } from './operations/organization-sso.ts';
import { openBrowser, refusedWith, type TestBrowser } from './testing/browser.ts';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import {
  type Assertion,
  answerOf,
  type Keys,
  newKeys,
  signedAssertion,
} from './testing/saml-issuer.ts';

const entityId = 'https://id.acme.example';

let door: FrontDoor;
let admin: { bearer: string };
let owner: Person;
let organization: string;
let domain: string;
let keys: Keys;
let browser: TestBrowser;
let count = 0;

beforeAll(async () => {
  door = await openFrontDoor();
  admin = await door.operator('root@sluice.example');
  keys = newKeys();
});
beforeEach(async () => {
  count += 1;
  domain = `acme${count}.com`;
  owner = await door.person(`owner@${domain}`);
  organization = await makeOrganization(owner);
  browser = openBrowser(door);
});
afterAll(() => door.close());

async function makeOrganization({ bearer }: Person): Promise<string> {
  const payload = { name: 'Acme' };
  return (await door.call('POST', '/api/v1/organizations', { bearer, payload })).body.id;
}

const sso = (id = organization) => `/api/v1/organizations/${id}/sso`;

function settings(change: object = {}) {
  return {
    domains: [domain],
    provider: {
      kind: 'saml',
      name: 'Acme',
      settings: {
        entity_id: entityId,
        sign_in_url: `${entityId}/sso`,
        certificate: keys.publicKey,
        mail_attribute: 'mail',
      },
    },
    ...change,
  };
}

async function setUp(change: object = {}, as = owner, id = organization) {
  const payload = settings(change);
  return door.call('PUT', sso(id), { bearer: as.bearer, payload });
}

/** As an operator of a sandbox may; in live mode the DNS does it. */
const confirm = (id = organization, name = domain) =>
  door.call('POST', `/api/v1/admin/organizations/${id}/sso-domains/${name}/confirm`, admin);

/** Through the organization's provider, which says this of the person. */
async function goThrough(
  said: Partial<Assertion> = {},
  {
    in_ = browser,
    id = organization,
    by = keys,
  }: { in_?: TestBrowser; id?: string; by?: Keys } = {},
): Promise<string> {
  const { provider } = (await door.call('GET', sso(id), { bearer: owner.bearer })).body;
  const there = new URL(await in_.open(`/api/v1/auth/sso/${provider.id}/start?next=/keys`));
  const request = inflateRawSync(
    Buffer.from(there.searchParams.get('SAMLRequest') ?? '', 'base64'),
  ).toString();
  const assertion: Assertion = {
    ...{ issuer: entityId, nameId: 'bo-1', attributes: { mail: [`bo@${domain}`] } },
    audience: provider.addresses.metadata,
    recipient: provider.addresses.redirect,
    requestId: /ID="([^"]+)"/.exec(request)?.[1] ?? '',
    ...said,
  };
  const form = new URLSearchParams({
    SAMLResponse: answerOf(signedAssertion(assertion, by), assertion),
    RelayState: there.searchParams.get('RelayState') ?? '',
  });
  const next = await in_.postFrom(provider.addresses.redirect, form);
  return next.includes('/arrive') ? in_.open(next) : next;
}

const me = async (in_ = browser) => (await in_.call('GET', '/api/v1/me')).body;
const signIn = (login: string) =>
  door.call('POST', '/api/v1/auth/login', { payload: { login, password } });
const ownWay = async (login: string) =>
  (await door.call('GET', `/api/v1/auth/methods?login=${encodeURIComponent(login)}`)).body.own_way;

describe('a mail domain', () => {
  const acting = () => ({ organizationId: organization, userId: owner.userId });

  test('is proven by a text record in its own DNS', async () => {
    const { body } = await setUp();
    const [{ record, proven_at }] = body.domains;
    expect(record.name).toBe(`_sluice-verification.${domain}`);
    expect(proven_at).toBeNull();
    const asked: string[] = [];
    const resolve = (texts: string[][]) => async (name: string) => {
      asked.push(name);
      return texts;
    };
    const prove = (texts: string[][]) =>
      proveSsoDomain(door.context, acting(), { domain, resolve: resolve(texts) });
    await expect(prove([])).rejects.toMatchObject({ code: 'domain_unproven' });
    await expect(prove([[`${record.value}x`], ['v=spf1']])).rejects.toMatchObject({
      code: 'domain_unproven',
    });
    const half = record.value.length / 2;
    await prove([['other'], [record.value.slice(0, half), record.value.slice(half)]]);
    expect(asked).toEqual([record.name, record.name, record.name]);
    const after = await door.call('GET', sso(), { bearer: owner.bearer });
    expect(after.body.domains[0].proven_at).not.toBeNull();
  });

  test('is not proven by a name server that does not answer', async () => {
    await setUp();
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    const proving = proveSsoDomain(door.context, acting(), { domain, resolve });
    await expect(proving).rejects.toMatchObject({ code: 'domain_unproven' });
  });

  test('is asked for so often in an hour, not more', async () => {
    await setUp();
    const prove = () =>
      proveSsoDomain(door.context, acting(), { domain, resolve: async () => [] }).catch(
        ({ code }) => code,
      );
    const answers = [];
    while (answers.length < 61) answers.push(await prove());
    expect(new Set(answers.slice(0, 60))).toEqual(new Set(['domain_unproven']));
    expect(answers[60]).toBe('too_many_requests');
    const tested = await door.call('POST', `${sso()}/test`, { bearer: owner.bearer });
    expect(tested.status).toBe(429);
  });

  test('belongs to one organization, with a text of its own for each', async () => {
    const { body } = await setUp();
    await confirm();
    const rival = await door.person(`rival${count}@example.net`);
    const theirs = await makeOrganization(rival);
    const { body: second } = await setUp({}, rival, theirs);
    expect(second.domains[0].record.value).not.toBe(body.domains[0].record.value);
    expect((await confirm(theirs)).body.error.code).toBe('already_exists');
    // Given up, it may be another's; and what it proved is gone with it.
    await setUp({ domains: [] });
    expect((await confirm(theirs)).status).toBe(200);
    expect((await setUp()).body.domains[0].proven_at).toBeNull();
  });

  test.each(['com', 'a b.com', 'acme.com/x', '-.com', '127.0.0.1', 'acme..com'])(
    'is not %j',
    async (name) => {
      expect((await setUp({ domains: [name] })).status).toBe(400);
    },
  );

  test('is taken as proven by nobody’s word in live mode', async () => {
    const context = { ...door.context, config: { ...door.context.config, mode: 'live' as const } };
    await setUp();
    await expect(
      confirmSsoDomain(context, { organizationId: organization, domain }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('an organization’s provider', () => {
  beforeEach(async () => {
    await setUp();
    await confirm();
  });

  test('lets the people of its domain in and makes them members', async () => {
    expect(await goThrough()).toBe('/keys');
    const { user, organizations } = await me();
    expect(user).toMatchObject({ email: `bo@${domain}`, email_verified: true });
    expect(organizations).toContainEqual(
      expect.objectContaining({ id: organization, role: 'member' }),
    );
  });

  test('gives the role of a person’s groups, in its own organization only', async () => {
    const { settings: own } = settings().provider;
    const elsewhere = await makeOrganization(await door.person(`else${count}@example.net`));
    await setUp({
      provider: {
        ...settings().provider,
        settings: {
          ...own,
          admin_groups: ['staff'],
          organization_groups: [
            { group: 'staff', organization, role: 'billing' },
            { group: 'staff', organization: elsewhere, role: 'admin' },
          ],
        },
      },
    });
    await goThrough({ attributes: { mail: [`bo@${domain}`], groups: ['staff'] } });
    const { user, organizations } = await me();
    expect(user.platform_role).toBe('user');
    expect(organizations.map(({ id, role }: { id: string; role: string }) => [id, role])).toEqual(
      expect.arrayContaining([[organization, 'billing']]),
    );
    expect(organizations.map(({ id }: { id: string }) => id)).not.toContain(elsewhere);
  });

  test.each<[string, Partial<Assertion>, string]>([
    ['of another domain', { attributes: { mail: ['ceo@other.com'] } }, 'sso_failed'],
    ['that ends in its domain', { attributes: { mail: ['x@evil-acme1.com'] } }, 'sso_failed'],
    ['that is none', { attributes: { mail: ['no address'] } }, 'sso_failed'],
    ['with two signs', { attributes: { mail: ['a@b@acme1.com'] } }, 'sso_failed'],
    ['from another issuer', { issuer: 'https://evil.example' }, 'sso_failed'],
    ['for another request', { requestId: '_other' }, 'sso_failed'],
  ])('lets nobody in by an address %s', async (_what, said, code) => {
    expect(refusedWith(await goThrough(said))).toBe(code);
    expect(browser.cookies.has('sluice_access')).toBe(false);
  });

  test('lets nobody in by a stranger’s signature', async () => {
    expect(refusedWith(await goThrough({}, { by: newKeys() }))).toBe('sso_failed');
  });

  test('lets nobody in by its word on an operator of the deployment', async () => {
    await door.operator(`chief@${domain}`);
    const said = { nameId: 'chief', attributes: { mail: [`chief@${domain}`] } };
    expect(refusedWith(await goThrough(said))).toBe('link_required');
  });

  test('lets nobody in as an operator who was a customer before', async () => {
    await goThrough();
    const { user } = await me();
    await sql`update identity_users set platform_role = 'admin' where id = ${user.id}`.execute(
      door.db.database,
    );
    const later = openBrowser(door);
    expect(refusedWith(await goThrough({}, { in_: later }))).toBe('link_required');
  });

  test('takes a posted answer once, and only with the browser that set out', async () => {
    const { provider } = (await door.call('GET', sso(), { bearer: owner.bearer })).body;
    const stranger = openBrowser(door);
    const arrive = `/api/v1/auth/sso/${provider.id}/arrive`;
    const posted: string[] = [];
    const spy: TestBrowser = {
      ...browser,
      async postFrom(url, form) {
        const next = await browser.postFrom(url, form);
        posted.push(next, await browser.postFrom(url, form));
        return next;
      },
      open: async (url) => (url.startsWith(arrive) ? stranger.open(url) : browser.open(url)),
    };
    expect(refusedWith(await goThrough({}, { in_: spy }))).toBe('sso_failed');
    expect(posted[0]).toContain(arrive);
    expect(refusedWith(posted[1] ?? '')).toBe('sso_failed');
    expect(await browser.open(posted[0] ?? '')).toBe('/keys');
    expect(refusedWith(await browser.open(posted[0] ?? ''))).toBe('sso_failed');
  });

  test('opens nothing any more once its domain is given up', async () => {
    await goThrough();
    await setUp({ domains: [] });
    const later = openBrowser(door);
    expect(refusedWith(await goThrough({}, { in_: later }))).toBe('sso_failed');
  });

  test('takes what it gave along when it is removed', async () => {
    await goThrough();
    await setUp({ provider: null });
    expect((await me()).organizations.map(({ id }: { id: string }) => id)).not.toContain(
      organization,
    );
  });
});

describe('a sign-in that is required', () => {
  test('needs a proven domain', async () => {
    expect((await setUp({ required: true })).body.error.code).toBe('domain_unproven');
    expect((await setUp({ required: true, provider: null })).body.error.code).toBe('rule_violated');
  });

  test('holds people of the domain to the provider, but not an owner, nor others', async () => {
    await setUp();
    await confirm();
    const bo = await door.person(`bo@${domain}`);
    const carl = await door.person(`carl${count}@example.net`);
    expect((await setUp({ required: true })).status).toBe(200);
    expect((await signIn(`bo@${domain}`)).body.error.code).toBe('sso_required');
    // Only whoever knows the password learns of it.
    const wrong = { login: `bo@${domain}`, password: 'wrong' };
    const guessed = await door.call('POST', '/api/v1/auth/login', { payload: wrong });
    expect(guessed.body.error.code).toBe('invalid_credentials');
    expect((await signIn(`owner@${domain}`)).status).toBe(200);
    expect((await signIn(`carl${count}@example.net`)).body.user.id).toBe(carl.userId);
    expect(await goThrough()).toBe('/keys');
    expect((await me()).user.id).toBe(bo.userId);
  });

  test('is told by the domain alone, whoever is there', async () => {
    expect(await ownWay(`owner@${domain}`)).toBeNull();
    await setUp();
    expect(await ownWay(`owner@${domain}`)).toBeNull();
    await confirm();
    const way = await ownWay(`owner@${domain}`);
    expect(way).toMatchObject({ kind: 'saml', name: 'Acme', required: false });
    expect(await ownWay(`Nobody.At.All@${domain.toUpperCase()}`)).toEqual(way);
    for (const text of ['owner', `@${domain}`, domain, `x@sub.${domain}`]) {
      expect(await ownWay(text)).toBeNull();
    }
  });
});

describe('who may set it up', () => {
  test('is neither a member nor somebody of another organization', async () => {
    await setUp();
    const member = await door.person(`member${count}@example.net`);
    await door.join(organization, member.userId, 'member');
    expect((await setUp({}, member)).status).toBe(403);
    const stranger = await door.person(`stranger${count}@example.net`);
    const at = { bearer: stranger.bearer };
    expect((await door.call('GET', sso(), at)).status).toBe(404);
    expect((await setUp({}, stranger)).status).toBe(404);
    expect((await setUp({}, stranger, 'org_nowhere')).status).toBe(404);
  });
});
