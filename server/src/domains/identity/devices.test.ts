/** A browser's mark over HTTP: who shares one is told, and what somebody makes up is worth nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVerifiedUser } from './index.ts';
import { findKinship } from './store/sightings.ts';
import { type FrontDoor, openFrontDoor, password } from './testing/front-door.ts';

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

async function person(email: string): Promise<string> {
  const created = await createVerifiedUser(door.context, { email, name: 'Ada', password });
  return created?.organizationId ?? '';
}

const signIn = (login: string, cookies: Record<string, string> = {}) =>
  door.call('POST', '/api/v1/auth/login', { payload: { login, password }, cookies });

const markOf = (cookies: readonly { name: string; value: string }[]) =>
  cookies.find(({ name }) => name === 'sluice_device')?.value;

test('a browser is marked once, and keeps its mark through sign-ups, sign-ins and sign-outs', async () => {
  const payload = { email: 'first@example.com', password };
  const { cookies } = await door.call('POST', '/api/v1/auth/register', { payload });
  const mark = markOf(cookies);
  expect(mark).toMatch(/^[0-9a-z]{26}$/);
  await person('second@example.com');
  const again = await signIn('second@example.com', { sluice_device: mark ?? '' });
  expect(markOf(again.cookies)).toBeUndefined();
  const out = await door.call('POST', '/api/v1/auth/logout', { payload: {}, cookies: {} });
  expect(markOf(out.cookies)).toBeUndefined();
});

test('two accounts of one browser are kin, and those of two are not', async () => {
  const [ada, eve, bob] = [
    await person('ada@example.com'),
    await person('eve@example.com'),
    await person('bob@example.com'),
  ];
  const device = { sluice_device: 'a'.repeat(26) };
  await signIn('ada@example.com', device);
  await signIn('eve@example.com', device);
  await signIn('bob@example.com', { sluice_device: 'b'.repeat(26) });
  const between = (organizationId: string, others: string[]) =>
    findKinship(door.db.database, { organizationId, others });
  expect(await between(ada, [eve])).toEqual(['device']);
  expect(await between(ada, [bob])).toEqual([]);
});

test.each(['', 'x', `${'a'.repeat(25)}'`, 'A'.repeat(26), 'a'.repeat(4_000)])(
  'a mark that was not given here marks nobody: %s',
  async (sluice_device) => {
    const emails = ['one', 'two'].map((name) => `${name}${sluice_device.length}@example.com`);
    const [one = '', two = ''] = await Promise.all(emails.map(person));
    for (const email of emails) expect((await signIn(email, { sluice_device })).status).toBe(200);
    const others = [two];
    expect(await findKinship(door.db.database, { organizationId: one, others })).toEqual([]);
  },
);
