/**
 * Anyone reads how well the service does; an operator tells of a trouble, has what runs by itself run now, and takes a file
 * of all calls.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Json, newKey, signIn, until } from '../client.ts';
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
      const receipts = await takeFile(person);
      expect(receipts.length).toBeGreaterThan(calls);
      expect(receipts[0]).toMatchObject({
        model,
        channel: expect.any(String),
        seal: expect.any(String),
      });
      expect(complaints).toEqual([]);
    }),
  );
});

/** Of a month until now, in JSON lines. */
async function takeFile(person: Person): Promise<Json[]> {
  const { page } = person;
  const t = person.t.console.jobs.files;
  await page.goto('/admin/calls');
  await person.follow(person.t.console.calls.toFiles);
  await person.press(t.make);
  const form = person.dialog();
  const days = form.locator('input[type=date]');
  await days.first().fill(dayAgo(30));
  await days.last().fill(dayAgo(0));
  await form.getByLabel(t.format).click();
  await page.getByTitle(t.formats.jsonl).click();
  await person.press(t.make, form);
  await form.waitFor({ state: 'hidden' });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: t.download }).first().click(),
  ]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line));
}

const dayAgo = (days: number) =>
  new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

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
