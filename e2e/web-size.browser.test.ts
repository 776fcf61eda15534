/** What the web app itself transfers on a first visit to each page of the portal. */
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import en from '../web/src/i18n/en.ts';
import { withBrowser } from './browser.ts';
import { createPerson } from './person.ts';
import { type ServerProcess, startServer } from './server.ts';

const budgetBytes = 350 * 1024;
/** Comes after the page, with the first chart that is shown. */
const drawingLibrary = '/assets/BarChartDrawn-';
const pages = [
  '/',
  '/dashboard',
  '/packages',
  '/keys',
  '/calls',
  '/models',
  '/billing',
  '/account',
  '/playground',
  '/costs',
  '/members',
  '/organization',
  '/audit',
];

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

test('the first load of a portal page stays within its budget', () =>
  withBrowser({ origin: server.url, locale: 'en', width: 1280 }, async ({ page }) => {
    await page.goto('/sign-in');
    await createPerson(page, en).signIn(server.customer);
    await page.setExtraHTTPHeaders({ 'accept-encoding': 'gzip' });
    const devTools = await page.context().newCDPSession(page);
    for (const path of pages) {
      await devTools.send('Network.clearBrowserCache');
      const bytes = await transferredBy(page, path);
      expect.soft(bytes, `${path} was measured`).toBeGreaterThan(100_000);
      expect.soft(bytes, `bytes of ${path}`).toBeLessThanOrEqual(budgetBytes);
    }
  }));

/** Bodies as they travel, compressed. */
async function transferredBy(page: Page, path: string): Promise<number> {
  const sizes: Promise<number>[] = [];
  const measure = async (request: Request) =>
    isPartOfPage(request.url()) ? (await request.sizes()).responseBodySize : 0;
  page.on('requestfinished', (request) => sizes.push(measure(request)));
  await page.goto(path, { waitUntil: 'networkidle' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  page.removeAllListeners('requestfinished');
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function isPartOfPage(url: string): boolean {
  return !url.includes(drawingLibrary) && !url.includes('/api/');
}
