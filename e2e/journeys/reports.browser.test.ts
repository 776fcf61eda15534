/** An operator asks how the business does: the overview, its reports, what a figure means, and the rows behind it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Client, done, newCustomer, payIn, signIn } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
let operator: Client;

/** One customer on a plan of 30.00 a month, one of whom nothing recurs. */
beforeAll(async () => {
  server = await startServer();
  operator = await signIn(server, server.operator);
  await done(
    operator.post('/api/v1/admin/plans', {
      ...{ slug: 'reported', name: 'Reported' },
      prices: [{ currency: 'USD', interval: 'month', amount: '30.00' }],
    }),
  );
  const paying = await newCustomer(server, 'subscriber');
  await payIn(operator, paying.organization, '100.00');
  const session = await signIn(server, paying);
  await done(
    session.post('/api/v1/billing/subscriptions', {
      ...{ plan: 'reported', billing_cycle: 'month', currency: 'USD', provider: 'wallet' },
    }),
  );
  await done(operator.post('/api/v1/admin/sandbox/clock', { advance: 'P2D' }));
});
afterAll(() => server?.dispose());

describe('the reports', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      await enterConsole(person, locale, server.operator);
      await seeOverview(person);
      await readRevenue(person);
      await readMrr(person);
      for (const name of ['churn', 'usage', 'margin', 'badDebt', 'payments'] as const) {
        await turnTo(person, name);
      }
      await seeRowsBehind(person);
      expect(complaints).toEqual([]);
    }),
  );
});

async function turnTo(person: Person, name: keyof Person['t']['console']['reports']['pages']) {
  const { pages, nav } = person.t.console.reports;
  const links = person.page.getByRole('navigation', { name: nav, exact: true });
  await person.follow(pages[name], links);
  await person.look(pages[name]);
  await person.page.getByRole('region').first().waitFor();
}

/** The list is narrowed to the months of the report that leads to it. */
async function seeRowsBehind(person: Person): Promise<void> {
  const { page, t } = person;
  await person.panel(t.console.reports.total).getByRole('link').first().click();
  await person.look(t.console.payments.title);
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('status')).toBe('succeeded');
  expect(searchParams.get('from')).toMatch(/^\d{4}-\d\d-01$/);
  await page.getByRole('row').nth(1).waitFor();
}

async function seeOverview(person: Person): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.overview, t.overview.title);
  const business = person.panel(t.reports.business);
  await person.see('30.00', business);
  await person.press(t.reports.definitions, business);
  await person.see(t.reports.meanings.mrr);
}

/** A figure is defined where it stands, drawn or in a table, and leaves as a file. */
async function readRevenue(person: Person): Promise<void> {
  const { page } = person;
  const t = person.t.console.reports;
  await person.visit(person.t.console.nav.reports, t.pages.revenue);
  const title = says(t.inCurrency, { title: t.course, currency: 'USD' });
  const course = page.getByRole('region', { name: title });
  await course.getByText(person.t.ui.table, { exact: true }).click();
  // A head and a year of months.
  await course.getByRole('table').waitFor();
  expect(await course.getByRole('row').count()).toBe(13);
  const file = page.waitForEvent('download');
  await person.press(t.csv);
  expect((await file).suggestedFilename()).toMatch(/^revenue-\d{4}-\d\d-01-.*\.csv$/);
}

async function readMrr(person: Person): Promise<void> {
  const t = person.t.console.reports;
  await turnTo(person, 'mrr');
  const title = says(t.inCurrency, { title: t.figures.mrr, currency: 'USD' });
  await person.see('30.00', person.page.getByRole('region', { name: title }));
  await person.row(t.movements, 'subscriber').filter({ hasText: t.figures.new }).waitFor();
}
