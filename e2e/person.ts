/** What a person does in the app, in its own words: looks, presses, follows, fills in. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Translation } from '../web/src/i18n/translation.ts';
import { until } from './client.ts';
import type { SignIn } from './server.ts';

/** A part of the page, or all of it. */
type Place = Pick<Page, 'getByRole' | 'getByLabel' | 'getByText'>;

export interface Person {
  t: Translation;
  /** The tab in front. */
  readonly page: Page;
  /** Waits for the page with this title, and sees that it is not too wide. */
  look(heading: string): Promise<void>;
  see(text: string | RegExp, within?: Place): Promise<void>;
  press(name: string | RegExp, within?: Place): Promise<void>;
  follow(name: string | RegExp, within?: Place): Promise<void>;
  fill(label: string, text: string, within?: Place): Promise<void>;
  /** Goes to a page by the navigation, which is a drawer where the window is narrow. */
  visit(label: string, heading: string): Promise<void>;
  /** Chooses an entry of the account menu. */
  choose(entry: string): Promise<void>;
  /** The question, drawer or secret that lies over the page. */
  dialog(): Locator;
  panel(title: string): Locator;
  /** A row of a list by a text in it. */
  row(list: string, text: string | RegExp): Locator;
  /** Opens the mailbox from the page that announced a mail, and follows the mail's link. */
  followMail(leadsTo: string): Promise<void>;
  signIn(who: SignIn): Promise<void>;
}

export function createPerson(first: Page, t: Translation): Person {
  let page = first;
  const person: Person = {
    t,
    get page() {
      return page;
    },
    async look(heading) {
      await page.getByRole('heading', { level: 1, name: says(heading) }).waitFor();
      expect(await tooWidePx(page), `${page.url()} is as wide as the window`).toBe(0);
    },
    see: (text, within = page) => within.getByText(text).first().waitFor(),
    press: (name, within = page) => within.getByRole('button', { name, exact: true }).click(),
    follow: (name, within = page) => within.getByRole('link', { name, exact: true }).click(),
    fill: (label, text, within = page) => within.getByLabel(label, { exact: true }).fill(text),
    async visit(label, heading) {
      await openNavigation(page, t);
      await page.getByRole('navigation').getByRole('link', { name: label, exact: true }).click();
      await person.dialog().waitFor({ state: 'hidden' });
      await person.look(heading);
    },
    async choose(entry) {
      await person.press(t.layout.accountMenu);
      await page.getByRole('menuitem', { name: entry }).click();
    },
    dialog: () => page.getByRole('dialog'),
    panel: (title) => page.getByRole('region', { name: title, exact: true }),
    row: (list, text) =>
      page.getByRole('table', { name: list }).getByRole('row').filter({ hasText: text }),
    async followMail(leadsTo) {
      page = await openMailbox(page, t);
      const link = page.getByRole('listitem').getByRole('link', { name: leadsTo });
      await until(async () => {
        if ((await link.count()) > 0) return true;
        // It is on its way.
        await page.reload();
        return false;
      });
      await link.click();
    },
    async signIn({ email, password }) {
      await person.look(t.auth.signInTitle);
      await person.fill(t.auth.login, email);
      await person.fill(t.auth.password, password);
      await person.press(t.auth.signIn, page.getByRole('main'));
      await person.look(t.dashboard.title);
    },
  };
  return person;
}

/** A message of the app as it may appear: its placeholders stand for anything that is not named in `values`. */
export function says(message: string, values: Record<string, string> = {}): RegExp {
  const parts = message.split(/(<\w+><\/\w+>|\{(?:[^{}]|\{[^{}]*\})*\})/);
  const pattern = parts.map((part, index) => {
    if (index % 2 === 0) return quoted(part);
    const value = values[/\w+/.exec(part)?.[0] ?? ''];
    return value === undefined ? '.+' : quoted(value);
  });
  return new RegExp(`^${pattern.join('')}$`);
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** How far the page can be scrolled sideways; it never should be. */
function tooWidePx(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

async function openNavigation(page: Page, t: Translation): Promise<void> {
  const drawer = page.getByRole('button', { name: t.layout.menu, exact: true });
  if (await drawer.isVisible()) await drawer.click();
}

async function openMailbox(page: Page, t: Translation): Promise<Page> {
  const [mailbox] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: t.auth.sandboxMailbox }).click(),
  ]);
  return mailbox;
}
