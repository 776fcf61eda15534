/** Invitations: by mail, once, for the one address, and telling nobody whether it has an account. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

const at = (path: string) => `/api/v1/organizations/${organizationId}${path}`;

function invite(email: string, role = 'member', who = owner) {
  return door.call('POST', at('/invitations'), { bearer: who.bearer, payload: { email, role } });
}

async function tokenTo(email: string): Promise<string> {
  const mails = await mailsOf(door, email);
  const tokens = mails.flatMap(({ text }) => /invitation\?token=(\S+)/.exec(text)?.[1] ?? []);
  const token = tokens.at(-1);
  if (token === undefined) throw new Error(`no invitation was mailed to ${email}`);
  return token;
}

const open = (token: string) =>
  door.call('POST', '/api/v1/invitations/open', { payload: { token } });
const accept = (who: Person, token: string) =>
  door.call('POST', '/api/v1/invitations/accept', { bearer: who.bearer, payload: { token } });

describe('an invitation', () => {
  test('is accepted once by the person whose address it was sent to', async () => {
    const email = `guest-${count}@example.com`;
    const { body: invitation } = await invite(`Guest-${count}@Example.com`, 'billing');
    expect(invitation).toMatchObject({ email, role: 'billing', status: 'open' });
    const token = await tokenTo(email);
    expect((await open(token)).body).toMatchObject({
      organization: { name: 'Ada' },
      ...{ email, role: 'billing', invited_by: 'Ada' },
    });
    const guest = await door.person(email);
    const joined = await accept(guest, token);
    expect(joined.body).toMatchObject({ id: organizationId, role: 'billing' });
    expect((await accept(guest, token)).body.error.code).toBe('link_invalid');
    expect((await open(token)).body.error.code).toBe('link_invalid');
    const members = await door.call('GET', at('/members'), { bearer: owner.bearer });
    expect(members.body.data).toHaveLength(2);
    const left = await door.call('GET', at('/invitations'), { bearer: owner.bearer });
    expect(left.body.data).toEqual([]);
  });

  test('makes an account whose address counts as verified', async () => {
    const email = `new-${count}@example.com`;
    await invite(email);
    const invitation = await tokenTo(email);
    const register = (payload: object) =>
      door.call('POST', '/api/v1/auth/register', { payload: { password, ...payload } });
    const other = await register({ email: `other-${count}@example.com`, invitation });
    expect(other.body.error.code).toBe('invitation_for_another');
    const registered = await register({ email, invitation });
    expect(registered.body.user).toMatchObject({ email, email_verified: true });
    const login = await door.call('POST', '/api/v1/auth/login', {
      payload: { login: email, password },
    });
    const me = await door.call('GET', '/api/v1/me', { bearer: login.body.access_token });
    expect(me.body.organizations.map(({ id }: never) => id)).toContain(organizationId);
    const again = await register({ email: `late-${count}@example.com`, invitation });
    expect(again.body.error.code).toBe('link_invalid');
    const unverified = await register({ email: `late-${count}@example.com` });
    expect(unverified.body.user.email_verified).toBe(false);
  });

  test('is for no other account, and a wrong, old or taken-back link says no more than that', async () => {
    const email = `mine-${count}@example.com`;
    const { body } = await invite(email);
    const token = await tokenTo(email);
    const thief = await door.person(`thief-${count}@example.com`);
    expect((await accept(thief, token)).body.error.code).toBe('invitation_for_another');
    const unknown = await accept(thief, 'not-a-token');
    expect(unknown.body.error.code).toBe('link_invalid');
    await door.call('DELETE', at(`/invitations/${body.id}`), { bearer: owner.bearer });
    const revoked = await accept(thief, token);
    expect(revoked.body.error.message).toBe(unknown.body.error.message);

    await invite(email);
    const second = await tokenTo(email);
    door.platform.clocks.advance('P7D');
    expect((await open(second)).body.error.code).toBe('link_invalid');
    const { body: login } = await door.call('POST', '/api/v1/auth/login', {
      payload: { login: `owner-${count}@example.com`, password },
    });
    const list = await door.call('GET', at('/invitations'), { bearer: login.access_token });
    expect(list.body.data).toMatchObject([{ email, status: 'expired' }]);
    owner = { ...owner, bearer: login.access_token };
    expect((await invite(email)).status).toBe(201);
  });

  test('works once for two who use it at once', async () => {
    const email = `twice-${count}@example.com`;
    await invite(email);
    const token = await tokenTo(email);
    const guest = await door.person(email);
    const answers = await Promise.all([accept(guest, token), accept(guest, token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.any(Number)]);
    const members = await door.call('GET', at('/members'), { bearer: owner.bearer });
    expect(members.body.data).toHaveLength(2);
  });

  test('is sent again with a fresh link, at most once a minute', async () => {
    const email = `again-${count}@example.com`;
    const { body } = await invite(email);
    const first = await tokenTo(email);
    const resend = () =>
      door.call('POST', at(`/invitations/${body.id}/resend`), {
        bearer: owner.bearer,
        payload: {},
      });
    expect((await resend()).body.error.code).toBe('too_many_requests');
    door.platform.clocks.advance('PT2M');
    expect((await resend()).status).toBe(200);
    expect((await open(first)).body.error.code).toBe('link_invalid');
    expect((await open(await tokenTo(email))).status).toBe(200);
  });

  test('tells who invites nothing about accounts, only who is a member already', async () => {
    const known = await door.person(`known-${count}@example.com`);
    const answers = await Promise.all([
      invite(`known-${count}@example.com`),
      invite(`unknown-${count}@example.com`),
    ]);
    const [first, second] = answers.map(({ status, body }) => ({
      ...{ status, fields: Object.keys(body), invitedBy: body.invited_by },
    }));
    expect(first).toEqual(second);
    const again = await invite(`known-${count}@example.com`);
    expect(again.body.error).toMatchObject({ code: 'already_exists', param: 'email' });
    await accept(known, await tokenTo(`known-${count}@example.com`));
    const member = await invite(`known-${count}@example.com`);
    expect(member.body.error.code).toBe('already_exists');
  });

  test('gives no more than the inviter holds', async () => {
    const admin = await door.person(`admin-${count}@example.com`);
    await door.join(organizationId, admin.userId, 'admin');
    const refused = await invite(`boss-${count}@example.com`, 'owner', admin);
    expect(refused.body.error.code).toBe('permission_not_held');
    expect((await invite(`boss-${count}@example.com`, 'owner')).status).toBe(201);
    const list = await door.call('GET', at('/invitations'), { bearer: admin.bearer });
    door.platform.clocks.advance('PT2M');
    const resent = await door.call('POST', at(`/invitations/${list.body.data[0].id}/resend`), {
      ...{ bearer: admin.bearer, payload: {} },
    });
    expect(resent.body.error.code).toBe('permission_not_held');
  });

  test('is one of so many an hour', async () => {
    let refused = 0;
    for (let sent = 0; sent < 52; sent += 1) {
      const { status } = await invite(`many-${count}-${sent}@example.com`);
      if (status === 429) refused += 1;
    }
    expect(refused).toBe(2);
  });
});
