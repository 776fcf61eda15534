/**
 * A team, in both languages, on a wide and a narrow screen: an organization is made, a role written, somebody invited by
 * mail; they join and see what the role gives, and nothing else.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { done, newCustomer, signIn, until } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const password = 'correct horse battery';

describe('a team', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const owner = await newCustomer(server, `owner-${width}`);
      const guest = { email: `guest-${width}@example.com`, password };
      const team = { organization: `Engines ${width}`, role: `Analyst ${width}` };
      await enter(person, locale, owner);
      await makeOrganization(person, team.organization);
      await writeRole(person, team.role);
      await invite(person, guest.email, team.role);
      await askForMore(person);
      await person.choose(t.nav.signOut);
      await person.look(t.landing.title);

      await join(person, guest, team);
      await seeOnlyTheRole(person, team.role);
      await person.choose(t.nav.signOut);
      await person.look(t.landing.title);

      await page.goto('/sign-in');
      await person.signIn(owner);
      await actFor(person, team.organization);
      await removeMember(person, guest.email);
      await isOut(guest, team.organization);
      // Whoever opens an invitation may be signed in or not; and the one setting that is refused.
      const unexpected = complaints.filter((text) => !/\/(me|refresh|security)\)$/.test(text));
      expect(unexpected).toEqual([]);
    }),
  );
});

async function makeOrganization(person: Person, name: string): Promise<void> {
  const { layout, teams, dashboard } = person.t;
  await person.press(says(layout.organizationMenu));
  await person.page.getByRole('menuitem', { name: layout.newOrganization }).click();
  await person.fill(teams.organization.name, name, person.dialog());
  await person.press(teams.organization.createDo, person.dialog());
  await person.look(dashboard.title);
  await person.page
    .getByRole('button', { name: says(layout.organizationMenu, { name }) })
    .waitFor();
}

/** Of the permissions only three; the matrix shows them. */
async function writeRole(person: Person, name: string): Promise<void> {
  const { nav } = person.t;
  const { members, roles, permissions } = person.t.teams;
  await person.visit(nav.members, members.title);
  await person.page.getByRole('tab', { name: members.tabs.roles }).click();
  await person.press(roles.create);
  const form = person.dialog();
  await person.fill(roles.name, name, form);
  for (const label of [permissions.usage.read, permissions.keys.read]) {
    await form.getByRole('checkbox', { name: label, exact: true }).check();
  }
  await person.press(person.t.ui.save, form);
  await form.waitFor({ state: 'hidden' });
  await person.page.getByRole('columnheader', { name }).waitFor();
  await person.look(members.title);
}

async function invite(person: Person, email: string, role: string): Promise<void> {
  const { members, invitations } = person.t.teams;
  await person.press(invitations.invite);
  const form = person.dialog();
  await person.fill(invitations.email, email, form);
  await form.getByRole('combobox', { name: invitations.role }).click();
  await person.page.getByTitle(role).click();
  await person.press(invitations.send, form);
  await form.waitFor({ state: 'hidden' });
  await person.row(members.tabs.invitations, email).filter({ hasText: role }).waitFor();
  await person.look(members.title);
}

/** What would lock its author out is refused with a reason; what is harmless is kept. */
async function askForMore(person: Person): Promise<void> {
  const { nav, ui, errors } = person.t;
  const { organization, security } = person.t.teams;
  await person.visit(nav.organization, organization.title);
  await person.page.getByRole('tab', { name: organization.tabs.security }).click();
  const panel = person.panel(security.title);
  const secondFactor = panel.getByRole('switch', { name: security.secondFactor });
  await secondFactor.click();
  await person.press(ui.save, panel);
  // In English the server's own sentence is shown.
  await person.see(new RegExp(`would refuse your own session|${errors.would_lock_out}`));
  await secondFactor.click();
  await person.fill(security.hours, '12', panel);
  await person.press(ui.save, panel);
  await person.see(ui.saved);
  await person.look(organization.title);
}

async function join(
  person: Person,
  guest: { email: string; password: string },
  team: { organization: string; role: string },
): Promise<void> {
  const { invitation } = person.t.teams;
  const { page, t } = person;
  await page.goto(await linkTo(guest.email));
  await person.look(invitation.title);
  await person.see(says(invitation.who, team));
  await person.fill(invitation.name, 'Grace', page);
  await person.fill(invitation.password, guest.password, page);
  await person.press(invitation.create);
  await person.look(t.dashboard.title);
  const { organization: name } = team;
  await page.getByRole('button', { name: says(t.layout.organizationMenu, { name }) }).waitFor();
}

/** The link in the one mail that was sent to an address. */
async function linkTo(email: string): Promise<string> {
  return until(async () => {
    const answer = await fetch(`${server.url}/sandbox/mailbox?to=${encodeURIComponent(email)}`, {
      headers: { accept: 'application/json' },
    });
    const { data } = (await answer.json()) as { data: { links: string[] }[] };
    return data[0]?.links[0];
  });
}

async function seeOnlyTheRole(person: Person, role: string): Promise<void> {
  const { nav, keys, layout, allowed } = person.t;
  const { page } = person;
  await person.visit(nav.keys, keys.title);
  const create = page.getByRole('button', { name: keys.create, exact: true });
  expect(await create.isDisabled()).toBe(true);
  await page.getByTitle(says(allowed.role, { role })).first().waitFor();
  for (const hidden of [nav.billing, nav.members, nav.organization]) {
    expect(await page.getByRole('link', { name: hidden, exact: true }).count()).toBe(0);
  }
  for (const path of ['/billing', '/members', '/organization']) {
    await page.goto(path);
    await person.see(layout.notShown);
    await person.see(says(allowed.role, { role }));
  }
}

async function actFor(person: Person, name: string): Promise<void> {
  const { layout, dashboard } = person.t;
  await person.press(says(layout.organizationMenu));
  await person.page.getByRole('menuitem', { name, exact: true }).click();
  await person.look(dashboard.title);
  await person.page
    .getByRole('button', { name: says(layout.organizationMenu, { name }) })
    .waitFor();
}

async function removeMember(person: Person, email: string): Promise<void> {
  const { members } = person.t.teams;
  await person.visit(person.t.nav.members, members.title);
  const row = person.row(members.title, email);
  await person.press(says(members.removeNamed), row);
  await person.press(members.remove, person.dialog());
  await row.waitFor({ state: 'hidden' });
}

async function isOut(
  guest: { email: string; password: string },
  organization: string,
): Promise<void> {
  const client = await signIn(server, guest);
  const { organizations } = await done(client.get('/api/v1/me'));
  expect(organizations.map(({ name }: { name: string }) => name)).not.toContain(organization);
}
