/** Anyone reads how well the service does; an operator tells of a trouble, and has what runs by itself run now. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { newKey, signIn, until } from '../client.ts';
import { query } from '../database.ts';
import { call } from '../gateway.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

const model = 'gpt-4o-mini';
/** As many as something is told of. */
const calls = 12;
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer();
  const key = await newKey(await signIn(server, server.customer));
  await Promise.all(Array.from({ length: calls }, () => call(server, { key, model })));
  // They are written down within seconds, and what was read of them is kept for some more.
  const counted = 'select 1 from gateway_service_levels where model = $1 and served >= $2';
  await until(async () => (await query(server, counted, [model, String(calls)])).length > 0);
});
afterAll(() => server?.dispose());

describe('the public status', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      await page.goto('/status');
      await person.look(t.status.title);
      const level = page.getByRole('article', { name: model });
      await person.see(t.status.states.operational, level);
      await person.see('100 %', level);

      const title = `Slow answers ${width}`;
      await enterConsole(person, locale, server.operator);
      await tell(person, title);
      await page.goto('/status');
      await person.look(t.status.title);
      const incident = page.getByRole('article', { name: title });
      await person.see(t.status.incidentStates.investigating, incident);
      await person.see(t.status.states.degraded, level);

      await page.goto('/admin/incidents');
      await resolve(person, title);
      await page.goto('/status');
      await person.see(t.status.incidentStates.resolved, incident);
      await person.see(t.status.states.operational, level);

      await page.goto('/admin/jobs?tab=schedules');
      await person.look(t.console.jobs.title);
      const row = person.row(t.console.jobs.schedules, 'gateway.forget_attempts');
      await row.getByRole('button').click();
      await person.see(t.console.jobs.asked);
      expect(complaints).toEqual([]);
    }),
  );
});

async function tell(person: Person, title: string): Promise<void> {
  const t = person.t.console.incidents;
  await person.visit(person.t.console.nav.incidents, t.title);
  await person.page.getByRole('button', { name: t.create }).first().click();
  const form = person.dialog();
  await person.fill(t.fields.title, title, form);
  await person.fill(t.fields.text, 'We are looking into it.', form);
  await person.press(t.post, form);
  await form.waitFor({ state: 'hidden' });
}

async function resolve(person: Person, title: string): Promise<void> {
  const t = person.t.console.incidents;
  const { page } = person;
  await page.getByRole('button', { name: says(t.updateNamed, { title }) }).click();
  const form = person.dialog();
  await form.getByLabel(t.fields.state, { exact: true }).click();
  await page.getByTitle(person.t.status.incidentStates.resolved, { exact: true }).click();
  await person.fill(t.fields.text, 'It is over.', form);
  await person.press(t.post, form);
  await form.waitFor({ state: 'hidden' });
}
