/** How an operator adds an upstream of another dialect, finds out what is wrong with it, and puts it right. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { done, type Json, signIn } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const model = 'claude-haiku-4-5';

describe('an operator with a new upstream', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const name = `upstream-${width}`;
      await enterConsole(person, locale, server.operator);
      await person.visit(t.console.nav.channels, t.console.channels.title);
      await addChannel(person, name);
      await findRefusedKey(person, name);
      await rotateKey(person, name);
      await findItHealthy(person, name);
      await readsNoKey(name);
      expect(complaints).toEqual([]);
    }),
  );
});

async function addChannel(person: Person, name: string): Promise<void> {
  const t = person.t.console.channels;
  await person.press(t.create);
  const form = person.dialog();
  await person.fill(t.name, name, form);
  await form.getByRole('combobox', { name: t.provider }).click();
  const options = person.page.locator('.ant-select-item-option');
  await options.filter({ hasText: t.providers.anthropic }).click();
  const address = form.getByLabel(t.baseUrl, { exact: true });
  await expect.poll(() => address.inputValue()).toBe('https://api.anthropic.com/v1');
  await address.fill(`${server.url}/sandbox/upstream/anthropic`);
  await person.fill(t.apiKey, 'sk-ant-of-somebody-else', form);
  const models = form.getByRole('combobox', { name: t.models });
  await models.fill(model);
  await models.press('Enter');
  await models.press('Escape');
  await form.getByText(t.more).click();
  await form.getByRole('combobox', { name: t.cost }).click();
  await options.filter({ hasText: t.costKinds.factor }).click();
  await person.fill(t.factor, '0.6', form);
  await person.press(t.create, form);
  await form.waitFor({ state: 'hidden' });
  await row(person, name)
    .filter({ hasText: t.ofList.replace('{factor}', '0.6') })
    .waitFor();
  await person.look(t.title);
}

async function findRefusedKey(person: Person, name: string): Promise<void> {
  const t = person.t.console.channels;
  await testIt(person, name);
  await person.see(t.reasons.key_refused, person.dialog().getByRole('alert'));
  await person.see(t.advice.key_refused, person.dialog().getByRole('alert'));
  await closeDialog(person);
  await row(person, name).filter({ hasText: t.states.refused }).waitFor();
  await person.look(t.title);
}

async function rotateKey(person: Person, name: string): Promise<void> {
  const t = person.t.console;
  await person.press(says(t.forms.editNamed, { name }));
  const form = person.dialog();
  await person.fill(t.channels.apiKey, upstreamKey(), form);
  await person.press(person.t.ui.save, form);
  await form.waitFor({ state: 'hidden' });
}

async function findItHealthy(person: Person, name: string): Promise<void> {
  const t = person.t.console.channels;
  await testIt(person, name);
  await person.see(t.testGood, person.dialog());
  await person.see(t.noAttempts, person.dialog());
  await closeDialog(person);
  await row(person, name).filter({ hasText: t.states.healthy }).waitFor();
  await person.press(says(person.t.console.forms.editNamed, { name }));
  await person.press(t.askUpstream, person.dialog());
  await person.dialog().getByRole('status').waitFor();
  await closeDialog(person);
}

async function testIt(person: Person, name: string): Promise<void> {
  const t = person.t.console.channels;
  await person.press(says(t.detailsNamed, { name }));
  await person.press(t.test, person.dialog());
}

async function closeDialog(person: Person): Promise<void> {
  await person.page.keyboard.press('Escape');
  await person.dialog().waitFor({ state: 'hidden' });
}

function row(person: Person, name: string) {
  return person.row(person.t.console.channels.title, name);
}

/** Neither key is told anywhere. */
async function readsNoKey(name: string): Promise<void> {
  const operator = await signIn(server, server.operator);
  const { data } = await done(operator.get('/api/v1/admin/channels'));
  const channel = data.find((one: Json) => one.name === name);
  expect(channel).toMatchObject({ dialect: 'anthropic', health: { state: 'healthy' } });
  expect(JSON.stringify(data)).not.toContain(upstreamKey());
}

/** The one that the sandbox takes, from where it keeps it. */
function upstreamKey(): string {
  const file = join(server.dataDir, 'sandbox', 'credentials.json');
  const { upstreamKey: key } = JSON.parse(readFileSync(file, 'utf8'));
  expect(key).toMatch(/^sk-sandbox-/);
  return key;
}
