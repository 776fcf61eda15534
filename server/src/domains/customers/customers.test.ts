/** What operators do with customers, on a whole server: find them by everything, note things, and stop who must stop. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Headers } from '../../contract-walk/testing/place.ts';
import { openWalk, type Walk } from '../../contract-walk/testing/walk.ts';
import { deleteNotesOf } from './personal-store.ts';

let walk: Walk;
let admin: Headers;
let operator: Headers;
let application: Headers;
/** The owner's key; the owner made it. */
let key: Headers;
let organizationId: string;
let ownerId: string;

beforeAll(async () => {
  walk = await openWalk();
  admin = walk.caller('platform admin').headers;
  operator = walk.caller('platform operator').headers;
  application = walk.caller('application').headers;
  key = walk.caller('API key').headers;
  organizationId = walk.caller('API key').organizationId;
  const me = await ask('GET', '/api/v1/me', walk.caller('organization owner').headers);
  ownerId = me.body.user.id;
}, 60_000);
afterAll(() => walk.close());

async function ask(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  headers: Headers,
  payload?: object,
) {
  const answer = await walk.server.app.inject({
    method,
    url,
    headers,
    ...(payload && { payload }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
  const body: any = answer.body === '' ? undefined : answer.json();
  return { status: answer.statusCode, body };
}

async function search(q: string, headers = operator) {
  const { body } = await ask('GET', `/api/v1/admin/search?q=${encodeURIComponent(q)}`, headers);
  return body;
}

describe('searchEverything', () => {
  test('finds organizations and people by a part of what they are called', async () => {
    const found = await search('stranger@exam');
    expect(found.users).toEqual([expect.objectContaining({ email: 'stranger@example.com' })]);
    expect(found.organizations).toEqual([
      expect.objectContaining({ id: walk.foreign.organization }),
    ]);
    expect(found.more).toEqual([]);
  });

  test('says where there is more than it shows', async () => {
    const found = await search('example.com');
    expect(found.users).toHaveLength(8);
    expect(found.more).toContain('users');
  });

  test('finds a payment by id, number and the provider’s own number', async () => {
    const { rows } = await sql<{ id: string; number: string; transaction: string }>`
      select id, number, provider_transaction as transaction
      from payments_attempts
      where id = ${walk.foreign.payment}
    `.execute(walk.db.database);
    const [payment] = rows;
    for (const q of [
      payment?.id,
      payment?.number,
      payment?.number.toUpperCase(),
      payment?.transaction,
    ]) {
      const { payments } = await search(q ?? '');
      expect(payments).toEqual([
        expect.objectContaining({
          id: walk.foreign.payment,
          organization: expect.objectContaining({ id: walk.foreign.organization }),
        }),
      ]);
    }
  });

  test('finds an invoice by its number, however it is typed', async () => {
    const { rows } = await sql<{ number: string }>`
      select number from invoicing_invoices where id = ${walk.foreign.invoice}
    `.execute(walk.db.database);
    const { invoices } = await search(rows[0]?.number.toLowerCase() ?? '');
    expect(invoices).toEqual([expect.objectContaining({ id: walk.foreign.invoice })]);
  });

  test('finds a key by what is shown of it, and looks for no more of a pasted secret', async () => {
    const secret = key.authorization?.slice('Bearer '.length) ?? '';
    for (const q of [secret, secret.slice(0, 11)]) {
      const { api_keys } = await search(q);
      expect(api_keys).toEqual([
        expect.objectContaining({ organization: expect.objectContaining({ id: organizationId }) }),
      ]);
      expect(JSON.stringify(api_keys)).not.toContain(secret);
    }
  });

  test('finds a customer by what an application calls it', async () => {
    await ask('PUT', '/api/v1/access/subjects/clinic-4711', application, {
      organization: walk.foreign.organization,
    });
    const { subjects } = await search('clinic-4711');
    expect(subjects).toEqual([
      {
        external_id: 'clinic-4711',
        application: 'Walk',
        organization: expect.objectContaining({ id: walk.foreign.organization }),
      },
    ]);
  });

  test('finds nothing for nobody, and asks for something to look for', async () => {
    const { more, ...groups } = await search('nothing is called so');
    expect(Object.values(groups).flat()).toEqual([]);
    expect(more).toEqual([]);
    expect((await ask('GET', '/api/v1/admin/search?q=%20', operator)).status).toBe(400);
    const { status } = await ask(
      'GET',
      '/api/v1/admin/search?q=a',
      walk.caller('organization owner').headers,
    );
    expect(status).toBe(403);
  });
});

describe('searchOrganizations', () => {
  test('is narrowed by plan, and pages through what is left', async () => {
    const { rows } = await sql<{ plan: string }>`
      select plan_id as plan from entitlements_plans where organization_id = ${walk.foreign.organization}
    `.execute(walk.db.database);
    const plan = rows[0]?.plan ?? '';
    const on = await ask('GET', `/api/v1/admin/organizations?plan=${plan}`, operator);
    expect(on.body.data.map(({ id }: { id: string }) => id)).toEqual([walk.foreign.organization]);
    const named = await ask('GET', `/api/v1/admin/organizations?plan=${plan}&q=nobody`, operator);
    expect(named.body).toEqual({ data: [], next_cursor: null });
  });

  test('is narrowed by risk flag, with a plan or without', async () => {
    const path = '/api/v1/admin/organizations';
    expect((await ask('GET', `${path}?flag=any`, operator)).body.data).toEqual([]);
    const flagged = [walk.foreign.organization, organizationId];
    await sql`
      insert into risk_flags
        (id, organization_id, rule, state, points, count, holds, evidence, opened_at, changed_at)
      select 'flag_' || id, id, 'failed_payments', 'open', 1, 1, false, '[]', '2026-01-01', '2026-01-01'
      from unnest(${flagged}::text[]) as id
    `.execute(walk.db.database);
    const any = await ask('GET', `${path}?flag=any`, operator);
    expect(any.body.data.map(({ id }: { id: string }) => id).sort()).toEqual(flagged.sort());
    expect((await ask('GET', `${path}?flag=confirmed`, operator)).body.data).toEqual([]);
    const { rows } = await sql<{ plan: string }>`
      select plan_id as plan from entitlements_plans where organization_id = ${walk.foreign.organization}
    `.execute(walk.db.database);
    const both = await ask('GET', `${path}?flag=open&plan=${rows[0]?.plan}`, operator);
    expect(both.body.data.map(({ id }: { id: string }) => id)).toEqual([walk.foreign.organization]);
    const first = await ask('GET', `${path}?flag=open&limit=1`, operator);
    const cursor = first.body.next_cursor;
    const second = await ask('GET', `${path}?flag=open&limit=1&cursor=${cursor}`, operator);
    expect([...first.body.data, ...second.body.data]).toHaveLength(2);
    expect(second.body.next_cursor).toBeNull();
  });

  test('is narrowed by status and by when it was made', async () => {
    const far = '2100-01-01T00:00:00Z';
    const later = await ask('GET', `/api/v1/admin/organizations?from=${far}`, operator);
    expect(later.body.data).toEqual([]);
    const before = await ask(
      'GET',
      `/api/v1/admin/organizations?to=${far}&status=active`,
      operator,
    );
    expect(before.body.data.length).toBeGreaterThan(3);
    const suspended = await ask('GET', '/api/v1/admin/organizations?status=suspended', operator);
    expect(suspended.body.data).toEqual([]);
  });
});

describe('operator notes', () => {
  test('go with the account whose own organization they are about', async () => {
    const { organizationId: own } = walk.caller('organization billing');
    const billing = walk.caller('organization billing').headers;
    const me = await ask('GET', '/api/v1/me', billing);
    const personal = me.body.organizations.find(({ role }: { role: string }) => role === 'owner');
    expect(personal.id).not.toBe(own);
    const path = `/api/v1/admin/organizations/${personal.id}/notes`;
    await ask('POST', path, operator, { text: 'About them' });
    const gone = walk.db.database
      .transaction()
      .execute((transaction) => deleteNotesOf(transaction, personal.id));
    await expect(gone).resolves.toBeUndefined();
    expect((await ask('GET', path, operator)).body.data).toEqual([]);
  });

  test('are read by operators, newest first, and stay as they were written', async () => {
    const path = `/api/v1/admin/organizations/${walk.foreign.organization}/notes`;
    for (const text of ['First', 'Second']) {
      expect((await ask('POST', path, operator, { text })).status).toBe(201);
    }
    const { body } = await ask('GET', path, admin);
    expect(body.data.map(({ text }: { text: string }) => text)).toEqual(['Second', 'First']);
    expect(body.data[0].author.name).toBe('platform-operator');
    const change = sql`update customers_notes set text = 'Else'`.execute(walk.db.database);
    await expect(change).rejects.toThrow('append-only');
    await expect(sql`delete from customers_notes`.execute(walk.db.database)).rejects.toThrow();
    const elsewhere = walk.db.database.transaction().execute(async (transaction) => {
      await sql`select set_config('customers.erased_organization', 'org_else', true)`.execute(
        transaction,
      );
      await sql`delete from customers_notes`.execute(transaction);
    });
    await expect(elsewhere).rejects.toThrow('append-only');
    expect((await ask('GET', path, walk.caller('organization owner').headers)).status).toBe(403);
    expect(
      (await ask('POST', path.replace(/org_\w+/, 'org_x'), operator, { text: 'x' })).status,
    ).toBe(404);
  });

  test('are in the deployment’s log, not in the customer’s', async () => {
    const own = await ask('GET', '/api/v1/admin/audit-logs?action=operator_note.write', admin);
    expect(own.body.data.length).toBe(3);
    expect(own.body.data[0].organization).toBeNull();
  });
});

/** Every door that a key opens: the gateway, an application that asks for it, and the management API. */
async function doors(): Promise<number[]> {
  const gateway = await ask('GET', '/v1/models', key);
  const { rows } = await sql<{ id: string }>`
    select id from identity_api_keys where organization_id = ${organizationId}
  `.execute(walk.db.database);
  const access = await ask('POST', '/api/v1/access/authorize', application, {
    request_id: `door-${Math.random()}`,
    subject: { api_key: rows[0]?.id },
    estimate: { walked: 0 },
  });
  const management = await ask('GET', '/api/v1/billing/wallet', key);
  return [gateway.status, access.status, management.status];
}

describe('status', () => {
  const organization = () => `/api/v1/admin/organizations/${organizationId}`;
  const user = () => `/api/v1/admin/users/${ownerId}`;

  test('of an organization is asked at every door, in each of its states', async () => {
    const open = await doors();
    expect(open).toEqual([200, expect.any(Number), 200]);
    expect([402, 403]).not.toContain(open[1]);
    await ask('PATCH', organization(), admin, { status: 'suspended', reason: 'Stolen card' });
    expect(await settled(doors, [403, 403, 403])).toEqual([403, 403, 403]);
    const shown = await ask('GET', organization(), operator);
    expect(shown.body.standing).toMatchObject({ status: 'suspended', reason: 'Stolen card' });

    await ask('PATCH', organization(), admin, { status: 'past_due' });
    expect(await settled(doors, open)).toEqual(open);
    await sql`
      update identity_organizations set past_due_since = '2020-01-01' where id = ${organizationId}
    `.execute(walk.db.database);
    await sql`select pg_notify('identity_keyring', ${organizationId})`.execute(walk.db.database);
    expect(await settled(doors, [402, 402, 402])).toEqual([402, 402, 402]);

    await ask('PATCH', organization(), admin, { status: 'active' });
    expect(await settled(doors, open)).toEqual(open);
    const active = await ask('GET', organization(), operator);
    expect(active.body.standing).toMatchObject({ status: 'active', reason: null });
  });

  test('of a person ends their sessions at once and stops the keys that they made', async () => {
    const owner = walk.caller('organization owner').headers;
    const open = await doors();
    expect((await ask('PATCH', user(), admin, { status: 'suspended' })).status).toBe(400);
    const done = await ask('PATCH', user(), admin, {
      status: 'suspended',
      reason: 'Mailbox taken',
    });
    expect(done.body).toMatchObject({
      status: 'suspended',
      suspended: { reason: 'Mailbox taken' },
      sessions: [],
    });
    expect((await ask('GET', '/api/v1/me', owner)).status).toBe(401);
    expect(await settled(doors, [403, 403, 403])).toEqual([403, 403, 403]);
    const login = await ask(
      'POST',
      '/api/v1/auth/login',
      {},
      {
        login: 'owner@example.com',
        password: 'correct horse battery',
      },
    );
    expect(login.body.error.code).toBe('user_suspended');

    await ask('PATCH', user(), admin, { status: 'active', reason: 'They have it back' });
    expect(await settled(doors, open)).toEqual(open);
    expect((await ask('GET', '/api/v1/me', owner)).status).toBe(401);
    const log = await ask('GET', '/api/v1/admin/audit-logs?action=user.set_status', admin);
    expect(log.body.data[0].new_values).toEqual({ status: 'active', reason: 'They have it back' });
  });

  test('of oneself and of the last admin is kept', async () => {
    const me = await ask('GET', '/api/v1/me', admin);
    const payload = { status: 'suspended', reason: 'Holidays' };
    const self = await ask('PATCH', `/api/v1/admin/users/${me.body.user.id}`, admin, payload);
    expect(self.body.error.code).toBe('rule_violated');
    expect((await ask('PATCH', user(), operator, payload)).status).toBe(403);
  });
});

describe('sessions and mails of a person', () => {
  test('are ended and sent by an operator, with a reason', async () => {
    const member = walk.caller('organization member').headers;
    const me = await ask('GET', '/api/v1/me', member);
    const path = `/api/v1/admin/users/${me.body.user.id}`;
    expect((await ask('GET', path, operator)).body.sessions).toHaveLength(1);
    const ended = await ask('POST', `${path}/end-sessions`, operator, { reason: 'Lost laptop' });
    expect(ended.body).toEqual({ ended: 1 });
    expect((await ask('GET', '/api/v1/me', member)).status).toBe(401);
    const again = await ask('POST', `${path}/verification-mail`, operator);
    expect(again.body.error.code).toBe('invalid_state');
    const nothing = await ask('POST', `${path}/reset-second-factor`, admin, {
      reason: 'Lost phone',
    });
    expect(nothing.body.error.code).toBe('invalid_state');
    expect(
      (await ask('POST', `${path}/reset-second-factor`, operator, { reason: 'No' })).status,
    ).toBe(403);
  });
});

/** What a process keeps in memory it drops when it is told, which takes a moment. */
async function settled<T>(read: () => Promise<T>, wanted: T): Promise<T> {
  for (let tries = 0; tries < 50; tries += 1) {
    const seen = await read();
    if (JSON.stringify(seen) === JSON.stringify(wanted)) return seen;
    await new Promise((done) => setTimeout(done, 50));
  }
  return read();
}
