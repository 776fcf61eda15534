/** Trying a model in the browser: with a key that is made for it, stopped half-way, refused, and paid like any other call. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Client, done, signIn } from '../client.ts';
import { createPerson, type Person } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

const model = 'gemini-2.5-flash';
/** The sandbox's model answers English so. */
const begins = /^Here is/;
let server: ServerProcess;
let customer: Client;

beforeAll(async () => {
  server = await startServer();
  customer = await signIn(server, server.customer);
});
afterAll(() => server?.dispose());

describe.each(languages)('the playground in $locale', ({ locale, width, t }) => {
  test('streams an answer, is stopped, and shows what it cost', () =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      await enter(person, locale, server.customer);
      await person.visit(t.nav.playground, t.playground.title);
      await person.see(t.playground.needsKey);
      await makeKey(person);
      await person.see(t.playground.needsModel);
      await chooseModel(person);

      const words = t.playground;
      await say(person, 'Hello [[sandbox: tokens=6, chunk_delay=20ms]]');
      const log = page.getByRole('log', { name: words.conversation });
      const first = log.getByRole('listitem').first();
      await first.getByText(begins).waitFor();
      await expectReceipt(first.getByRole('link', { name: words.receipt }));

      await say(person, 'Go on [[sandbox: tokens=120, chunk_delay=50ms]]');
      const second = log.getByRole('listitem').nth(1);
      await second.getByText(begins).waitFor();
      await person.press(words.stop);
      await second.getByText(words.stopped).waitFor();
      await expectReceipt(second.getByRole('link', { name: words.receipt }));
      await person.look(words.title);

      await person.press(words.clear);
      await log.getByRole('listitem').first().waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
    }));

  test('says in words why a call is refused', () =>
    withBrowser({ origin: server.url, locale, width }, async ({ page }) => {
      const person = createPerson(page, t);
      await enter(person, locale, server.customer);
      await page.goto('/playground');
      await person.look(t.playground.title);
      await person.fill(t.playground.key, 'sk-wrong');
      await chooseModel(person);
      await say(person, 'Hello');
      await person.see(t.playground.errors.invalid_api_key);
    }));
});

/** The key ends by itself, and its cap is the one that was set. */
async function makeKey(person: Person): Promise<void> {
  const t = person.t.playground;
  await person.press(t.borrow);
  await person.fill(t.cap, '0.25', person.dialog());
  await person.press(t.borrowConfirm, person.dialog());
  await person.dialog().waitFor({ state: 'hidden' });
  const { data } = await done(customer.get('/api/v1/api-keys?limit=100'));
  const made = data.find(({ name }: { name: string }) => name === t.keyName);
  expect(made).toMatchObject({ spend_caps: { total: '0.25' }, status: 'active' });
  const livesMs = Date.parse(made.expires_at) - Date.parse(made.created_at);
  expect(Math.abs(livesMs - 3_600_000)).toBeLessThan(120_000);
}

async function chooseModel({ t, page }: Person): Promise<void> {
  const choice = page.getByRole('combobox', { name: t.playground.model });
  await choice.fill(model);
  await choice.press('Enter');
}

/** By keyboard, as somebody does who types anyway. */
async function say(person: Person, text: string): Promise<void> {
  await person.fill(person.t.playground.prompt, text);
  await person.page.keyboard.press('Control+Enter');
}

async function expectReceipt(link: ReturnType<Person['dialog']>): Promise<void> {
  const href = await link.getAttribute('href');
  const id = href?.split('/').at(-1);
  const receipt = await done(customer.get(`/api/v1/billing/usage/events/${id}`));
  expect(receipt).toMatchObject({ model });
  expect(Number(receipt.amount)).toBeGreaterThan(0);
}
