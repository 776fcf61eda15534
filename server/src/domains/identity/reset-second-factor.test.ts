/** Taking the second factor off somebody who has lost theirs, and who may. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertPasskey } from './store/passkeys.ts';
import { type FrontDoor, openFrontDoor, type Person, password } from './testing/front-door.ts';
import { mailsOf } from './testing/mails.ts';
import { codeAt } from './totp.ts';

let door: FrontDoor;
let admin: { bearer: string };
let person: Person;
const email = 'locked-out@example.com';

beforeAll(async () => {
  door = await openFrontDoor();
  admin = await door.operator('admin@example.com');
  person = await door.person(email);
});
afterAll(() => door.close());

const path = () => `/api/v1/admin/users/${person.userId}`;
const reset = (by: { bearer: string }, payload: object = { reason: 'Lost the phone' }) =>
  door.call('POST', `${path()}/reset-second-factor`, { bearer: by.bearer, payload });
const signIn = () =>
  door.call('POST', '/api/v1/auth/login', { payload: { login: email, password } });

async function enrol(): Promise<void> {
  const as = { bearer: person.bearer };
  const { body } = await door.call('POST', '/api/v1/auth/totp/setup', { ...as, payload: {} });
  const totp = codeAt(body.secret, door.platform.clocks.wall());
  await door.call('POST', '/api/v1/auth/totp/enable', { ...as, payload: { totp } });
  await door.db.database.transaction().execute((transaction) =>
    insertPasskey(transaction, {
      ...{ id: 'psk_lost', userId: person.userId, credentialId: 'lost', name: 'Phone' },
      ...{ publicKey: new Uint8Array([1]), counter: 0n, transports: [], isSynced: false },
      createdAt: door.platform.clocks.wall(),
    }),
  );
}

describe('resetSecondFactor', () => {
  test('takes all of them off, ends every session, and tells the person why', async () => {
    await enrol();
    expect((await signIn()).body.error.code).toBe('totp_required');
    expect((await door.call('GET', path(), admin)).body.second_factor).toBe(true);

    const { status, body } = await reset(admin);
    expect(status).toBe(200);
    expect(body).toMatchObject({ second_factor: false, sessions: [] });
    expect((await door.call('GET', '/api/v1/me', person)).status).toBe(401);
    expect((await signIn()).status).toBe(200);

    const mail = (await mailsOf(door, email)).find(({ text }) => text.includes('Lost the phone'));
    expect(mail?.subject).toBe('Your second factor was reset');
    const log = await door.call(
      'GET',
      '/api/v1/admin/audit-logs?action=user.reset_second_factor',
      admin,
    );
    expect(log.body.data[0]).toMatchObject({
      organization: person.organizationId,
      old_values: { authenticator: true, passkeys: 1 },
      new_values: { reason: 'Lost the phone' },
    });
  });

  test('is refused without a reason, of oneself, for who has none, and to others than admins', async () => {
    expect((await reset(admin, {})).status).toBe(400);
    expect((await reset(admin)).body.error.code).toBe('invalid_state');
    expect((await reset(person)).status).toBe(401);
    const stranger = await door.person('stranger@example.com');
    expect((await reset(stranger)).status).toBe(403);
    const me = await door.call('GET', '/api/v1/me', admin);
    const own = `/api/v1/admin/users/${me.body.user.id}/reset-second-factor`;
    const self = await door.call('POST', own, { ...admin, payload: { reason: 'Holidays' } });
    expect(self.body.error.code).toBe('rule_violated');
  });
});
