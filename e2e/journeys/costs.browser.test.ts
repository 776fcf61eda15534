/** Costs within an organization: keys are booked under a cost center, its spending is read, and a member's cap holds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, done, mailedLink, newCustomer, payIn, signIn, until } from '../client.ts';
import { call, offerModelPerCall } from '../gateway.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

/** Each call costs a dollar. */
const model = 'by-the-call';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
  await offerModelPerCall(await signIn(server, server.operator), { model, price: '1' });
});
afterAll(() => server?.dispose());

describe('costs within an organization', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const owner = await newCustomer(server, `owner-${width}`);
      await payIn(await signIn(server, server.operator), owner.organization, '100');
      const { key, name } = await join(owner, `colleague-${width}`);
      await enter(person, locale, owner);

      await addCostCenter(person, 'R-100', 'Research');
      await bookKey(person, 'research', name);
      await cap(person, name, '2');
      for (const expected of [200, 200, 402]) {
        const { status, body } = await call(server, { key, model });
        expect(status, JSON.stringify(body)).toBe(expected);
        if (status === 402) {
          expect(body.error).toMatchObject({ code: 'spend_cap_exceeded' });
          expect(body.error.message).toMatch(/This member's spend cap of 2.*admins/);
        }
      }

      await readSplit(person, 'R-100 Research', name);
      await cap(person, name, '3');
      expect((await call(server, { key, model })).status).toBe(200);
      expect((await call(server, { key, model })).status).toBe(402);
      expect(complaints).toEqual([]);
    }),
  );
});

/** Somebody else comes into the organization, and holds a key there. */
async function join(owner: Customer, name: string): Promise<{ key: string; name: string }> {
  const guest = await newCustomer(server, name);
  const invitations = `/api/v1/organizations/${owner.organization}/invitations`;
  await done(owner.client.post(invitations, { email: guest.email, role: 'member' }));
  const link = await until(async () => {
    const newest = await mailedLink([server], guest.email);
    return newest.includes('/invitation') && newest;
  });
  const token = new URL(link).searchParams.get('token');
  await done(guest.client.post('/api/v1/invitations/accept', { token }));
  const { user } = await done(guest.client.get('/api/v1/me'));
  const made = await done(
    owner.client.post('/api/v1/api-keys', { name: 'research', user: user.id }),
  );
  return { key: made.key, name };
}

async function addCostCenter(person: Person, code: string, name: string): Promise<void> {
  const t = person.t.costCenters;
  await person.visit(person.t.nav.costCenters, t.title);
  await person.press(t.add);
  const dialog = person.dialog();
  await person.fill(t.code, code, dialog);
  await person.fill(t.name, name, dialog);
  await person.press(person.t.ui.save, dialog);
  await person.row(t.tabs.centers, code).waitFor();
}

/** A key of the member's, booked by who manages members. */
async function bookKey(person: Person, key: string, holder: string): Promise<void> {
  const { t, page } = person;
  await person.visit(t.nav.keys, t.keys.title);
  await person.row(t.keys.title, holder).waitFor();
  await person.press(t.keys.editNamed.replace('{name}', key));
  const dialog = person.dialog();
  await dialog.getByRole('combobox', { name: t.costs.keys.costCenter, exact: true }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: 'R-100' }).click();
  await person.press(t.ui.save, dialog);
  await person.row(t.keys.title, 'R-100 Research').waitFor();
}

async function cap(person: Person, name: string, amount: string): Promise<void> {
  const { t, page } = person;
  await person.visit(t.nav.costCenters, t.costCenters.title);
  await page.getByRole('tab', { name: t.costCenters.tabs.members }).click();
  await person.press(t.costCenters.editCapsNamed.replace('{name}', name));
  const dialog = person.dialog();
  await person.fill(t.costCenters.spans.month, amount, dialog);
  await person.press(t.ui.save, dialog);
  await dialog.waitFor({ state: 'hidden' });
  const row = person.row(t.costCenters.capsTitle.member, name);
  await row
    .filter({ hasText: `$${amount}.00` })
    .getByRole('meter')
    .waitFor();
}

/** Two dollars under the cost center; within it, all are the member's. */
async function readSplit(person: Person, center: string, member: string): Promise<void> {
  const { t, page } = person;
  await person.visit(t.nav.costs, t.costs.title);
  const row = person.row(t.costs.split, center);
  await row.filter({ hasText: '2.00' }).waitFor();
  await person.follow(center, row);
  await person.row(t.costs.split, member).filter({ hasText: '2.00' }).waitFor();
  expect(new URL(page.url()).searchParams.get('by')).toBe('member');
  await person.see(says(t.costs.usedUp), person.panel(t.costs.headRoom));
  const file = page.waitForEvent('download');
  await person.press(says(t.costs.export));
  expect((await file).suggestedFilename()).toMatch(/^usage-.*\.csv$/);
}
