/**
 * Helping a customer: an operator finds them among thousands, reads their page, suspends them and lifts it; the customer
 * lets support in, the operator acts for them and changes a setting, and the customer sees it, then and in the log.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, createClient, done, newCustomer } from '../client.ts';
import { query } from '../database.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { changeTo, enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
  await addCrowd();
});
afterAll(() => server?.dispose());

/** What is looked for is a part of the name: two signs of Chinese, and the beginning of a word. */
const names = { en: 'Zebrafish Analytics', 'zh-CN': '杭州鲲鹏数据' } as const;
const parts = { en: 'zebraf', 'zh-CN': '鲲鹏' } as const;

describe('support', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `helped-${width}`);
      const path = `/api/v1/organizations/${customer.organization}`;
      await done(customer.client.patch(path, { name: names[locale] }));
      const key = await done(customer.client.post('/api/v1/api-keys', { name: 'Production' }));

      await enterConsole(person, locale, server.operator);
      await find(person, parts[locale], names[locale]);
      await suspendAndLift(person, key.key);
      await readPage(person);

      await changeTo(person, customer);
      await letSupportIn(person);
      await changeTo(person, server.operator);
      await help(person, customer, `${names[locale]} 2`);

      await changeTo(person, customer);
      await seeWhoCame(person, customer);
      expect(complaints).toEqual([]);
    }),
  );
});

/** Thousands of other customers, whose names are none of those looked for. */
async function addCrowd(): Promise<void> {
  await query(
    server,
    `insert into identity_organizations (id, name, status, time_zone, created_at)
     select 'org_crowd' || i, 'Crowd ' || md5(i::text), 'active', 'UTC', '2026-01-01'
     from generate_series(1, 3000) as i`,
  );
}

async function find(person: Person, part: string, name: string): Promise<void> {
  const { find, nav } = person.t.console;
  await person.visit(nav.find, find.title);
  await person.see(find.begin);
  await person.fill(find.search, part);
  await person.page.keyboard.press('Enter');
  await person.follow(name);
  await person.look(name);
}

async function suspendAndLift(person: Person, key: string): Promise<void> {
  const { organizations, forms } = person.t.console;
  const wallet = () => createClient(server, key).get('/api/v1/billing/wallet');
  expect((await wallet()).status).toBe(200);
  await person.press(organizations.suspend);
  await person.fill(forms.reason, 'A card that was stolen', person.dialog());
  await person.press(organizations.suspend, person.dialog());
  await person.dialog().waitFor({ state: 'hidden' });
  await person.see('A card that was stolen');
  await expect.poll(async () => (await wallet()).status).toBe(403);

  await person.press(organizations.activate);
  await person.fill(forms.reason, 'It was theirs after all', person.dialog());
  await person.press(organizations.activate, person.dialog());
  await person.dialog().waitFor({ state: 'hidden' });
  await expect.poll(async () => (await wallet()).status).toBe(200);
}

/** Keys, bills, and a note for the next operator; nobody has let support in yet. */
async function readPage(person: Person): Promise<void> {
  const { customer, notes, support } = person.t.console;
  await openTab(person, customer.tabs.people);
  await person.see('Production');
  await openTab(person, customer.tabs.billing);
  await person.see(customer.noMethods);
  await openTab(person, customer.tabs.support);
  await person.see(support.none);
  await person.fill(notes.label, 'Calls back in the afternoon');
  await person.press(notes.write);
  await person.page
    .getByRole('list', { name: notes.title })
    .getByText('Calls back in the afternoon')
    .waitFor();
}

async function letSupportIn(person: Person): Promise<void> {
  const { support, teams } = person.t;
  await person.page.goto('/organization?tab=support');
  await person.look(teams.organization.title);
  await person.page.getByRole('radio', { name: support.scopes.full }).check();
  await person.fill(support.about, 'The name is misspelt');
  await person.press(support.allow);
  await person.see(says(support.allowed));
}

async function help(person: Person, customer: Customer, name: string): Promise<void> {
  const { support: console, customer: page, forms } = person.t.console;
  const { support, teams, dashboard, ui } = person.t;
  await person.page.goto(`/admin/organizations/${customer.organization}?tab=support`);
  await person.page.getByRole('tab', { name: page.tabs.support, exact: true }).waitFor();
  await person.press(console.begin);
  await person.fill(forms.reason, 'Mending the name', person.dialog());
  await person.press(console.begin, person.dialog());
  await person.look(dashboard.title);
  await person.see(says(support.actingOwn));

  await person.page.goto('/keys');
  await person.see(says(support.actingOwn));
  await person.see('Production');
  await person.page.goto('/organization');
  await person.look(teams.organization.title);
  await person.fill(teams.organization.name, name);
  await person.press(ui.save);
  await person.page.goto('/dashboard');
  await person.look(dashboard.title);
  await person.page
    .getByRole('button', { name: says(person.t.layout.organizationMenu, { name }) })
    .waitFor();
  await person.press(support.end);
  await person.look(name);
}

/** The page says who came and why; the log says what they did. */
async function seeWhoCame(person: Person, customer: Customer): Promise<void> {
  const { support, teams, audit } = person.t;
  await person.page.goto('/organization?tab=support');
  await person.look(teams.organization.title);
  await person.see(/Mending the name/);
  await person.press(support.revoke);
  await person.page.getByRole('radio', { name: support.scopes.read }).waitFor();
  const log = await done(customer.client.get('/api/v1/audit-logs?action=organization.update'));
  expect(log.data[0].new_values.support).toMatch(/^sps_/);
  await person.page.goto('/audit');
  await person.look(audit.title);
  await person.see(audit.names.support_session.open);
}

async function openTab(person: Person, name: string): Promise<void> {
  await person.page.getByRole('tab', { name, exact: true }).click();
}
