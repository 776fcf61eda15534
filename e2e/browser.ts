/** A person's browser, which also writes down what a person would not see: errors, foreign hosts, pages too wide. */
import { existsSync } from 'node:fs';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

/** As root Chromium needs the first; the others keep it from talking to its maker. */
const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const waitMs = 20_000;

interface BrowserOptions {
  /** The only origin that may be asked for anything. */
  origin: string;
  locale: string;
  width: number;
}

export interface PersonsBrowser {
  page: Page;
  /** What went wrong unseen, in words; empty when all is well. */
  complaints: readonly string[];
}

/** Lends a browser to a journey; when that fails, the error tells what the person saw last. */
export async function withBrowser(
  options: BrowserOptions,
  journey: (browser: PersonsBrowser) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({ executablePath: findProgram(), args: flags });
  try {
    const context = await browser.newContext({
      locale: options.locale,
      viewport: { width: options.width, height: 844 },
      baseURL: options.origin,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(waitMs);
    const complaints = watch(context, options.origin);
    try {
      await journey({ page: await context.newPage(), complaints });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${await describe(context, complaints)}`, {
        cause: error,
      });
    }
  } finally {
    await browser.close();
  }
}

function watch(context: BrowserContext, ownOrigin: string): string[] {
  const complaints: string[] = [];
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (['data:', 'blob:'].includes(protocol) || origin === ownOrigin) return;
    complaints.push(`asked another host: ${request.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !isVisitorsCheck(message.location().url, message.text()))
      complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`));
  return complaints;
}

async function describe(context: BrowserContext, complaints: readonly string[]): Promise<string> {
  const page = context.pages().at(-1);
  const text = await page?.locator('body').ariaSnapshot();
  return [`On ${page?.url()}:`, text, 'Complaints:', ...complaints].join('\n');
}

/** Chromium writes each 401 to the console; asking who is signed in before anyone is, is no error. */
function isVisitorsCheck(url: string, text: string): boolean {
  return text.includes('401') && /\/api\/v1\/(me|auth\/refresh)$/.test(url);
}

/** How far the page can be scrolled sideways, in pixels; it never should be. */
export function sidewaysPx(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
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

/** A panel of the page, by its title. */
export function panel(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}

/** Goes to a page of the house by its navigation, which is a drawer where the window is narrow. */
export async function goTo(page: Page, { menu, label }: { menu: string; label: string }) {
  const drawer = page.getByRole('button', { name: menu, exact: true });
  if (await drawer.isVisible()) {
    await drawer.click();
    await page.getByRole('dialog').getByRole('link', { name: label }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  } else {
    await page.getByRole('navigation').getByRole('link', { name: label }).click();
  }
  await page.getByRole('heading', { level: 1 }).first().waitFor();
}

function findProgram(): string {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    for (const program of programs) {
      if (existsSync(`${folder}/${program}`)) return `${folder}/${program}`;
    }
  }
  throw new Error('No Chromium is on the path: install one, or leave the browser tests out.');
}
