/** Acting for support in a customer's organization, and every way to do so without their consent. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../audit/index.ts';
import { type FrontDoor, openFrontDoor, type Person } from './testing/front-door.ts';
import { mailsOf } from './testing/mails.ts';

let door: FrontDoor;
let operator: { bearer: string };
let customer: Person;
let people = 0;

beforeAll(async () => {
  door = await openFrontDoor();
  operator = await door.operator('operator@support.example');
});
afterAll(() => door.close());

beforeEach(async () => {
  people += 1;
  customer = await door.person(`customer${people}@support.example`);
});

const consentPath = (id: string) => `/api/v1/organizations/${id}/support-access`;
const sessionPath = (id: string) => `/api/v1/admin/organizations/${id}/support-session`;

function allow(scope: 'read' | 'full' = 'read', hours = 2, by: { bearer: string } = customer) {
  const payload = { scope, hours, note: 'Calls are refused' };
  return door.call('POST', consentPath(customer.organizationId), { ...by, payload });
}

function begin(by: { bearer: string } = operator, id = customer.organizationId) {
  const payload = { reason: 'Finding out why calls are refused' };
  return door.call('POST', sessionPath(id), { bearer: by.bearer, payload });
}

/** A request as the operator, acting in the customer's organization. */
function act(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  by: { bearer: string } = operator,
) {
  const headers = { 'sluice-organization': customer.organizationId };
  return door.call(method, url, { bearer: by.bearer, headers, ...(payload && { payload }) });
}

describe('openSupportSession', () => {
  test('is refused without consent, with the sentence that says to ask', async () => {
    const { status, body } = await begin();
    expect(status).toBe(403);
    expect(body.error.code).toBe('support_not_allowed');
    expect(body.error.message).toContain('ask an owner');
    expect((await act('GET', '/api/v1/api-keys')).status).toBe(404);
  });

  test('acts in the organization, as what was allowed, and shows itself', async () => {
    expect((await allow('read')).status).toBe(201);
    // Consent alone lets nobody in: the operator says first why they come.
    expect((await act('GET', '/api/v1/api-keys')).status).toBe(404);
    const opened = await begin();
    expect(opened.status).toBe(201);
    expect(opened.body).toMatchObject({ scope: 'read', live: true, own: true });
    const payload = { name: 'Production' };
    await door.call('POST', '/api/v1/api-keys', { ...customer, payload });
    const keys = await act('GET', '/api/v1/api-keys');
    expect(keys.body.data.map(({ name }: { name: string }) => name)).toEqual(['Production']);
    expect((await act('GET', '/api/v1/audit-logs')).status).toBe(200);
    // What an operator is signed in for does not depend on where they act just now.
    const me = await door.call('GET', '/api/v1/me', { bearer: operator.bearer });
    expect(me.body.organizations).toContainEqual(
      expect.objectContaining({ id: customer.organizationId, role: 'support' }),
    );
    const seen = await door.call('GET', '/api/v1/support-sessions', customer);
    expect(seen.body.data).toEqual([
      expect.objectContaining({ own: false, reason: 'Finding out why calls are refused' }),
    ]);
  });

  test('is mailed to those who look after security, and not to others', async () => {
    const member = await door.person(`told${people}@support.example`);
    await door.join(customer.organizationId, member.userId, 'member');
    await allow();
    const { body } = await begin();
    const mails = await mailsOf(door, `customer${people}@support.example`);
    const mail = mails.find(({ subject }) => subject === 'Support is in your organization');
    expect(mail?.text).toContain(body.operator.name);
    expect(mail?.text).toContain('/organization?tab=support');
    const others = await mailsOf(door, `told${people}@support.example`);
    expect(others.map(({ subject }) => subject)).not.toContain(mail?.subject);
  });

  test('is not for a member, nor for one who is no operator', async () => {
    await allow();
    const stranger = await door.person(`stranger${people}@support.example`);
    expect((await begin(stranger)).status).toBe(403);
    const { body } = await door.call('GET', '/api/v1/me', { bearer: operator.bearer });
    await door.join(customer.organizationId, body.user.id, 'member');
    expect((await begin()).body.error.code).toBe('invalid_state');
  });

  test('is for the sign-in that began it, not for another of the same operator', async () => {
    await allow();
    await begin();
    const login = await door.call('POST', '/api/v1/auth/login', {
      payload: { login: 'operator@support.example', password: 'correct horse battery' },
    });
    const other = { bearer: login.body.access_token };
    expect((await act('GET', '/api/v1/api-keys', undefined, other)).status).toBe(404);
  });

  test('reaches no other organization', async () => {
    await allow();
    await begin();
    const another = await door.person(`another${people}@support.example`);
    expect((await begin(operator, another.organizationId)).status).toBe(403);
    const headers = { 'sluice-organization': another.organizationId };
    const asked = await door.call('GET', '/api/v1/api-keys', { bearer: operator.bearer, headers });
    expect(asked.status).toBe(404);
  });
});

describe('a support session', () => {
  test('is out at the next request once the consent is taken back', async () => {
    await allow();
    await begin();
    expect((await act('GET', '/api/v1/api-keys')).status).toBe(200);
    const revoked = await door.call('DELETE', consentPath(customer.organizationId), customer);
    expect(revoked.status).toBe(204);
    expect((await act('GET', '/api/v1/api-keys')).status).toBe(404);
    expect((await begin()).status).toBe(403);
    const seen = await door.call('GET', '/api/v1/support-sessions', customer);
    expect(seen.body.data).toEqual([]);
  });

  test('ends by itself with the consent', async () => {
    await allow('read', 1);
    await begin();
    door.platform.clocks.advance('PT59M');
    const { body } = await door.call('POST', '/api/v1/auth/login', {
      payload: { login: 'operator@support.example', password: 'correct horse battery' },
    });
    const late = { bearer: body.access_token };
    expect((await begin(late)).status).toBe(201);
    expect((await act('GET', '/api/v1/api-keys', undefined, late)).status).toBe(200);
    door.platform.clocks.advance('PT1M');
    expect((await act('GET', '/api/v1/api-keys', undefined, late)).status).toBe(404);
    expect((await begin(late)).status).toBe(403);
    operator = late;
  });

  test('goes on with less as soon as less is allowed, by beginning anew', async () => {
    await allow('full');
    await begin();
    const path = `/api/v1/organizations/${customer.organizationId}`;
    expect((await act('PATCH', path, { name: 'Mended' })).status).toBe(200);
    await allow('read');
    expect((await act('PATCH', path, { name: 'Mended again' })).status).toBe(404);
    await begin();
    expect((await act('PATCH', path, { name: 'Mended again' })).status).toBe(403);
  });

  test('is over when the operator ends it, or is an operator no more', async () => {
    await allow();
    await begin();
    const ended = await door.call('DELETE', sessionPath(customer.organizationId), operator);
    expect(ended.status).toBe(204);
    expect((await act('GET', '/api/v1/api-keys')).status).toBe(404);
    await begin();
    await sql`update identity_users set platform_role = 'user' where email = 'operator@support.example'`.execute(
      door.db.database,
    );
    expect((await act('GET', '/api/v1/api-keys')).status).toBe(404);
    await sql`update identity_users set platform_role = 'admin' where email = 'operator@support.example'`.execute(
      door.db.database,
    );
  });

  test.each([
    ['makes a key', 'POST', () => '/api/v1/api-keys', { name: 'mine' }],
    ['lets itself in for longer', 'POST', consentPath, { scope: 'full', hours: 72 }],
    ['shows its consents', 'GET', consentPath, undefined],
    [
      'invites somebody',
      'POST',
      (id: string) => `/api/v1/organizations/${id}/invitations`,
      { email: 'mole@support.example', role: 'admin' },
    ],
    [
      'changes how the organization is protected',
      'PUT',
      (id: string) => `/api/v1/organizations/${id}/security`,
      {},
    ],
    [
      'leads the organization’s mails elsewhere',
      'PUT',
      (id: string) => `/api/v1/organizations/${id}/notifications`,
      { rules: [{ event: 'security.changed', members: [], addresses: ['mole@support.example'] }] },
    ],
    ['closes the organization', 'DELETE', (id: string) => `/api/v1/organizations/${id}`, undefined],
    [
      'hands the organization over',
      'POST',
      (id: string) => `/api/v1/organizations/${id}/transfer`,
      { member: 'usr_x', password: 'correct horse battery' },
    ],
  ] as const)('with all that can be allowed never %s', async (_what, method, path, payload) => {
    await allow('full');
    await begin();
    const { status } = await act(method, path(customer.organizationId), payload);
    expect(status).toBe(403);
  });

  test('takes nobody along who leaves: it is no membership', async () => {
    await allow('full');
    await begin();
    const path = `/api/v1/organizations/${customer.organizationId}/leave`;
    expect((await act('POST', path)).status).toBe(404);
    const members = await door.call(
      'GET',
      `/api/v1/organizations/${customer.organizationId}/members`,
      customer,
    );
    expect(members.body.data).toHaveLength(1);
  });

  test('is in the customer’s audit log, and so is what was done in it', async () => {
    await allow('full');
    const { body: session } = await begin();
    await act('PATCH', `/api/v1/organizations/${customer.organizationId}`, { name: 'Mended' });
    await door.call('DELETE', sessionPath(customer.organizationId), operator);
    const log = await door.call('GET', '/api/v1/audit-logs', customer);
    const of = (action: string) =>
      log.body.data.find((entry: { action: string }) => entry.action === action);
    expect(of('support_access.allow').actor.id).toBe(customer.userId);
    expect(of('support_session.open').new_values).toMatchObject({ support: session.id });
    expect(of('organization.update')).toMatchObject({
      actor: { kind: 'user', id: session.operator.id },
      new_values: { name: 'Mended', support: session.id },
    });
    expect(of('support_session.end').new_values).toEqual({ support: session.id });
    expect((await verifyAudit(door.context)).problems).toEqual([]);
  });
});

describe('allowSupport', () => {
  test('is for those who look after the organization’s security', async () => {
    const member = await door.person(`member${people}@support.example`);
    await door.join(customer.organizationId, member.userId, 'member');
    expect((await allow('read', 2, member)).status).toBe(403);
    const stranger = await door.person(`foreign${people}@support.example`);
    expect((await allow('read', 2, stranger)).status).toBe(404);
  });

  test.each([0, 73, 1.5])('refuses %d hours', async (hours) => {
    expect((await allow('read', hours)).status).toBe(400);
  });

  test('takes the place of what was allowed before', async () => {
    await allow('full');
    await allow('read');
    const { body } = await door.call('GET', consentPath(customer.organizationId), customer);
    expect(body.data.map(({ status, scope }: Record<string, string>) => [scope, status])).toEqual([
      ['read', 'active'],
      ['full', 'revoked'],
    ]);
  });
});
