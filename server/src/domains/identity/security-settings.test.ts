/** What an organization asks of sessions holds from the next request on, and locks out nobody by mistake. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { judgeSession, noRules, type SecurityRules } from './core/session-rules.ts';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { mailsOf } from './testing/mails.ts';

let door: FrontDoor;
let owner: Person;
let organizationId: string;
let count = 0;

beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());
beforeEach(async () => {
  owner = await door.person(`owner-${++count}@example.com`);
  organizationId = owner.organizationId;
});

const now = new Date('2026-03-04T12:00:00Z');
const session = {
  ...{ method: 'password' as const, hasSecondFactor: false, ip: '203.0.113.7', now },
  startedAt: new Date('2026-03-04T02:00:00Z'),
};

describe('judgeSession', () => {
  const cases: [string, Partial<SecurityRules>, Partial<typeof session>, string | undefined][] = [
    ['nothing is asked', {}, {}, undefined],
    ['a second factor', { requireSecondFactor: true }, {}, 'second_factor_required'],
    ['one that was shown', { requireSecondFactor: true }, { hasSecondFactor: true }, undefined],
    ['another way in', { signInMethods: ['saml'] }, {}, 'sign_in_method_not_allowed'],
    ['this way in', { signInMethods: ['saml', 'password'] }, {}, undefined],
    ['another address', { ipAllowlist: ['10.0.0.0/8'] }, {}, 'ip_not_allowed'],
    ['this range', { ipAllowlist: ['203.0.113.0/24'] }, {}, undefined],
    ['less than its age', { sessionHours: 10 }, {}, 'session_too_old'],
    ['more than its age', { sessionHours: 11 }, {}, undefined],
  ];
  test.each(cases)('where %s: %j %j', (_case, rules, shown, code) => {
    const refusal = judgeSession({ ...noRules, ...rules }, { ...session, ...shown });
    expect(refusal?.code).toBe(code);
  });

  test('asks nothing of a guest whom an application let in', () => {
    const rules = { ...noRules, requireSecondFactor: true, ipAllowlist: ['10.0.0.1'] };
    expect(judgeSession(rules, { ...session, method: 'portal_link' as never })).toBeUndefined();
  });
});

const nothing = {
  ...{ require_second_factor: false, sign_in_methods: null, session_hours: null },
  ip_allowlist: null,
};
const path = () => `/api/v1/organizations/${organizationId}/security`;
const save = (payload: object, who = owner) =>
  door.call('PUT', path(), { bearer: who.bearer, payload: { ...nothing, ...payload } });

describe('security settings', () => {
  test('hold for members from their next request on, for what is the organization’s', async () => {
    const member = await door.person(`member-${count}@example.com`);
    await door.join(organizationId, member.userId, 'member');
    const read = () =>
      door.call('GET', `/api/v1/organizations/${organizationId}`, { bearer: member.bearer });
    expect((await read()).status).toBe(200);
    const saved = await save({ session_hours: 2 });
    expect(saved.body).toMatchObject({ session_hours: 2, ip_allowlist: null });
    expect((await read()).status).toBe(200);
    door.platform.clocks.advance('PT3H');
    const { body: renewed } = await door.call('POST', '/api/v1/auth/refresh', {
      payload: { refresh_token: member.refreshToken },
    });
    const later = { ...member, bearer: renewed.access_token };
    const refused = await door.call('GET', `/api/v1/organizations/${organizationId}`, later);
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'session_too_old' } } });

    const me = await door.call('GET', '/api/v1/me', later);
    expect(me.status).toBe(200);
    const own = `/api/v1/organizations/${member.organizationId}`;
    expect((await door.call('GET', own, later)).status).toBe(200);
    const leave = `/api/v1/organizations/${organizationId}/leave`;
    expect((await door.call('POST', leave, later)).status).toBe(204);
  });

  test.each([
    [{ require_second_factor: true }, 'second_factor_required'],
    [{ sign_in_methods: ['oidc'] }, 'sign_in_method_not_allowed'],
    [{ ip_allowlist: ['198.51.100.1'] }, 'ip_not_allowed'],
  ])('that would refuse their author are not saved: %j', async (payload, code) => {
    const refused = await save(payload);
    expect(refused.body.error.code).toBe('would_lock_out');
    expect(refused.body.error.message).toContain(code);
    const kept = await door.call('GET', path(), { bearer: owner.bearer });
    expect(kept.body).toEqual({ ...nothing, updated_at: null });
  });

  test.each([
    { ip_allowlist: ['300.1.1.1'] },
    { ip_allowlist: [] },
    { sign_in_methods: [] },
    { sign_in_methods: ['portal_link'] },
    { session_hours: 0 },
    { session_hours: 1.5 },
  ])('are well formed: %j', async (payload) => {
    expect((await save(payload)).status).toBe(400);
  });

  test('are lifted by an operator for owners who locked themselves out, who are told', async () => {
    await save({ session_hours: 1 });
    door.platform.clocks.advance('PT2H');
    const { body: renewed } = await door.call('POST', '/api/v1/auth/refresh', {
      payload: { refresh_token: owner.refreshToken },
    });
    const late = { bearer: renewed.access_token };
    expect((await door.call('GET', path(), late)).body.error.code).toBe('session_too_old');
    const root = await door.operator('root@example.com');
    const lifted = await door.call(
      'DELETE',
      `/api/v1/admin/organizations/${organizationId}/security`,
      root,
    );
    expect(lifted.status).toBe(204);
    expect((await door.call('GET', path(), late)).body).toEqual({ ...nothing, updated_at: null });
    const mails = await mailsOf(door, `owner-${count}@example.com`);
    expect(mails.map(({ subject }) => subject)).toContain('Security settings were lifted');
    const actions = await door.call(
      'GET',
      `/api/v1/admin/audit-logs?organization=${organizationId}`,
      root,
    );
    expect(JSON.stringify(actions.body)).toContain('organization.lift_security');
  });

  test('are changed by who may, and are in the audit log', async () => {
    const member = await door.person(`other-${count}@example.com`);
    await door.join(organizationId, member.userId, 'member');
    expect((await save({ session_hours: 5 }, member)).status).toBe(403);
    await save({ session_hours: 5 });
    const log = await door.call('GET', '/api/v1/audit-logs', { bearer: owner.bearer });
    const entry = log.body.data.find(({ action }: never) => action === 'organization.set_security');
    expect(entry).toMatchObject({
      old_values: { session_hours: null },
      new_values: { session_hours: 5 },
    });
    expect(password).not.toBe('');
  });
});
