/** An operator adds an alert rule, tests it, and switches it off and on; its history is empty. In both languages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { createPerson, type Person } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('alert rules', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const words = t.console.alertRules;
      await enterConsole(person, locale, server.operator);
      await person.visit(t.console.nav.alerts, words.title);
      await person.see(words.metrics.payment_failure_rate);
      const name = `Mails ${width}`;
      await addRule(person, name);
      await testRule(person, name);
      const row = person.row(words.tabs.rules, name);
      await row.getByRole('button', { name: words.switchOff }).click();
      await person.see(words.states.off, row);
      await row.getByRole('button', { name: words.switchOn }).click();
      await page.getByRole('tab', { name: words.tabs.history }).click();
      await person.see(words.noHistory);
      expect(complaints).toEqual([]);
    }),
  );
});

async function addRule(person: Person, name: string): Promise<void> {
  const words = person.t.console.alertRules;
  await person.page.getByRole('button', { name: words.add }).first().click();
  const form = person.dialog();
  await person.fill(words.name, name, form);
  await person.fill(words.threshold, '99', form);
  await person.press(words.add, form);
  await form.waitFor({ state: 'hidden' });
}

async function testRule(person: Person, name: string): Promise<void> {
  const words = person.t.console.alertRules;
  const row = person.row(words.tabs.rules, name);
  await row.getByRole('button', { name: words.testNamed.replace('{name}', name) }).click();
  const question = person.dialog();
  await person.press(words.testNow, question);
  await person.see(words.standings.too_few_samples, question);
  await person.see(words.mailsSent, question);
  await question.getByRole('button', { name: person.t.ui.close }).last().click();
  await question.waitFor({ state: 'hidden' });
}
