/** A quota's whole life: an operator registers what is counted and gives it, a customer uses it up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Client, type Customer, createClient, done, newCustomer } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { changeTo, enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('a quota', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const slug = `clinic-${width}`;
      const customer = await newCustomer(server, slug);
      await enterConsole(person, locale, server.operator);
      await register(person, slug);
      const application = createClient(server, await createKey(person));
      await givePlan(person, customer, slug);
      await override(person);
      await changeTo(person, customer);
      await seeLeft(person, '2');
      await useAll(application, customer);
      await seeLeft(person, '0');
      await person.row(t.quotas.violations, t.quotas.refused).waitFor();
      await changeTo(person, server.operator);
      await seeFromConsole(person, customer, slug);
      // What is wrong with a template is a refusal, which browsers write down.
      expect(complaints).toEqual([expect.stringContaining('register?dry_run=true')]);
    }),
  );
});

/** Ten scans a month by plan; the override makes it two. */
function templateOf(slug: string, window: string): string {
  return [
    'application:',
    `  slug: ${slug}`,
    `  name: ${slug}`,
    'meters:',
    '  - { key: scans, name: Scans, aggregation: count, requires_quota: true }',
    'plans:',
    `  - slug: ${slug}-basic`,
    `    name: ${slug} basic`,
    '    quotas:',
    `      - { meter: scans, window: ${window}, limit: 10 }`,
  ].join('\n');
}

/** A mistake is shown where it stands; what would change is seen before it does. */
async function register(person: Person, slug: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.applications, t.applications.title);
  await person.follow(t.applications.fromTemplate);
  await person.look(t.templates.title);
  await person.fill(t.templates.text, templateOf(slug, 'week'));
  await person.press(t.templates.try);
  await person.press(says(t.templates.place, { line: '10', column: '33' }));

  await person.fill(t.templates.text, templateOf(slug, 'month'));
  await person.press(t.templates.try);
  const planned = person.row(t.templates.wouldChange, `${slug}-basic`);
  await planned.filter({ hasText: t.templates.changes.created }).waitFor();
  await person.look(t.templates.title);
  await person.press(t.templates.register);
  await person.row(t.templates.changed, `${slug}-basic`).waitFor();
  await person.follow(says(t.templates.toApplication, { name: slug }));
  await person.look(slug);
  await person.row(t.applications.tabs.meters, `${slug}.scans`).waitFor();
}

async function createKey(person: Person): Promise<string> {
  const t = person.t.console;
  await person.page.getByRole('tab', { name: t.applications.tabs.keys }).click();
  await person.press(t.applicationKeys.create);
  const dialog = person.dialog();
  await person.fill(t.applicationKeys.name, 'production', dialog);
  await person.press(t.applicationKeys.create, dialog);
  const secret = dialog.getByLabel(t.applicationKeys.secret, { exact: true });
  await secret.waitFor();
  const key = await secret.inputValue();
  expect(key).toMatch(/^ak-/);
  await person.press(t.applicationKeys.done, dialog);
  await person.row(t.applications.tabs.keys, 'production').waitFor();
  expect(await person.page.content()).not.toContain(key);
  return key;
}

async function givePlan(person: Person, customer: Customer, slug: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.organizations, t.organizations.title);
  const search = person.page.getByLabel(t.organizations.search, { exact: true });
  await search.fill(customer.organization);
  await search.press('Enter');
  await person.follow(slug, person.row(t.organizations.title, slug));
  await person.look(slug);
  await person.page.getByRole('tab', { name: t.customer.tabs.plan, exact: true }).click();
  await person.press(t.organizationPlan.give, person.panel(t.organizationPlan.title));
  const dialog = person.dialog();
  await dialog.getByRole('combobox', { name: t.organizationPlan.plan }).fill(slug);
  await person.page.locator('.ant-select-item-option').filter({ hasText: slug }).click();
  await person.press(t.organizationPlan.give, dialog);
  await dialog.waitFor({ state: 'hidden' });
  await person.see(`${slug} basic`, person.panel(t.organizationPlan.title));
  const quota = person.row(t.organizationQuotas.title, '10');
  await quota.filter({ hasText: t.organizationQuotas.source.plan }).waitFor();
}

async function override(person: Person): Promise<void> {
  const t = person.t.console;
  await person.press(says(t.organizationQuotas.overrideNamed));
  const form = person.dialog();
  await person.fill(t.quotaFields.limit, '2', form);
  await person.press(t.organizationQuotas.save, form);
  await form.waitFor({ state: 'hidden' });
  const quota = person.row(t.organizationQuotas.title, t.organizationQuotas.source.override);
  await quota.filter({ hasText: t.organizationQuotas.refuses }).waitFor();
  await person.see(t.organizationQuotas.remove, quota);
}

/** The customer's own page, which follows what is used while one looks. */
async function seeLeft(person: Person, remaining: string): Promise<void> {
  const { t } = person;
  await person.visit(t.nav.quotas, t.quotas.title);
  await person.see(says(t.quotas.remaining, { remaining }), person.panel(t.quotas.organization));
}

/** Two scans are done; the third is refused, and says by which limit. */
async function useAll(application: Client, { organization }: Customer): Promise<void> {
  const ask = (request_id: string) =>
    application.post('/api/v1/access/authorize', {
      request_id,
      subject: { organization },
      estimate: { scans: '1' },
    });
  for (const request_id of ['scan-1', 'scan-2']) {
    expect(await done(ask(request_id))).toMatchObject({ decision: 'permit' });
    const usage = { scans: '1' };
    await done(application.post('/api/v1/access/settle', { request_id, usage }));
  }
  expect(await ask('scan-3')).toMatchObject({
    status: 429,
    body: { error: { code: 'quota_exceeded', limit: { limit: '2', used: '2', remaining: '0' } } },
  });
}

async function seeFromConsole(person: Person, { organization }: Customer, slug: string) {
  const t = person.t.console;
  await person.choose(person.t.layout.toConsole);
  await person.look(t.overview.title);
  await person.visit(t.nav.quotas, t.quotas.title);
  const violation = person.row(t.quotas.title, slug);
  await violation.filter({ hasText: t.quotas.refused }).waitFor();
  await person.look(t.quotas.title);

  await person.visit(t.nav.usage, t.usage.title);
  await person.see(t.usage.course.hour);
  await person.page.goto(`/admin/usage?organization=${organization}&meter=${slug}.scans`);
  await person.see('Scans', person.panel(t.usage.meters));
  await person.visit(t.nav.meters, t.meters.title);
  await person.visit(t.nav.plans, t.plans.title);
}
