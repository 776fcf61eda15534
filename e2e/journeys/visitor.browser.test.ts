/** What the app believes of its visitor and of the time, and what it does where that is wrong. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import en from '../../web/src/i18n/en.ts';
import { withBrowser } from '../browser.ts';
import { done, signIn } from '../client.ts';
import { createPerson, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';

const dayMs = 86_400_000;
const sessionHint = 'sluice.session';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const inBrowser = (journey: Parameters<typeof withBrowser>[1]) =>
  withBrowser({ origin: server.url, locale: 'en', width: 1280 }, journey);

describe('a visitor', () => {
  test('is not asked about on the open pages', () =>
    inBrowser(async ({ page, complaints }) => {
      const asked = watchSessionCalls(page);
      await page.goto('/');
      await page.getByRole('link', { name: en.nav.signIn }).waitFor();
      await page.goto('/sign-up', { waitUntil: 'networkidle' });
      expect(asked).toEqual([]);
      expect(complaints).toEqual([]);
    }));

  test('who only seems to be signed in is offered the way in', () =>
    inBrowser(async ({ page }) => {
      await page.addInitScript((key) => localStorage.setItem(key, 'likely'), sessionHint);
      const asked = watchSessionCalls(page);
      await page.goto('/');
      await page.getByRole('link', { name: en.nav.signIn }).waitFor();
      expect(asked).not.toEqual([]);
      await page.goto('/keys');
      await createPerson(page, en).look(en.auth.signInTitle);
    }));

  test('who is signed in without seeming so gets in all the same', () =>
    inBrowser(async ({ page, complaints }) => {
      const person = createPerson(page, en);
      await page.goto('/sign-in');
      await person.signIn(server.customer);
      await page.evaluate((key) => localStorage.removeItem(key), sessionHint);
      await page.goto('/keys');
      await person.look(en.keys.title);
      expect(complaints).toEqual([]);
    }));

  test('who signed out in another tab is signed out here at once, and comes back', () =>
    inBrowser(async ({ page }) => {
      const person = createPerson(page, en);
      await page.goto('/sign-in');
      await person.signIn(server.customer);
      const other = createPerson(await page.context().newPage(), en);
      await person.visit(en.nav.keys, en.keys.title);
      await other.page.goto('/dashboard');
      await other.choose(en.nav.signOut);
      await other.look(en.landing.title);
      await person.look(en.auth.signInTitle);
      await person.see(en.auth.sessionEnded);
      await person.fill(en.auth.login, server.customer.email);
      await person.fill(en.auth.password, server.customer.password);
      await person.press(en.auth.signIn, page.getByRole('main'));
      await person.look(en.keys.title);
    }));
});

test('times to come go by the clock of the deployment, wherever it was moved', () =>
  inBrowser(async ({ page }) => {
    const operator = await signIn(server, server.operator);
    const noon = new Date(Math.ceil(Date.now() / dayMs) * dayMs + 1.5 * dayMs).toISOString();
    await done(operator.post('/api/v1/admin/sandbox/clock', { to: noon }));
    const person = createPerson(page, en);
    await page.goto('/sign-in');
    await person.signIn(server.customer);
    // The demo customer's day ends at midnight UTC.
    const resets = says(en.dashboard.resets, { when: 'in 12 hours' });
    await person.see(resets, person.panel(en.dashboard.today));
  }));

function watchSessionCalls(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/api\/v1\/(me|auth\/refresh)$/.test(pathname)) asked.push(pathname);
  });
  return asked;
}
