/** A person's browser, which also writes down what a person would not see: errors, foreign hosts, pages too wide. */
import { existsSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** As root Chromium needs the first; the others keep it from talking to its maker. */
const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const programs = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
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
      permissions: ['clipboard-read', 'clipboard-write'],
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
    if (message.type() === 'error')
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

function findProgram(): string {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    for (const program of programs) {
      if (existsSync(`${folder}/${program}`)) return `${folder}/${program}`;
    }
  }
  throw new Error('No Chromium is on the path: install one, or leave the browser tests out.');
}
