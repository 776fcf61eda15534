/** What is charged without going anywhere: a card is stored, pays at once, fills the wallet by itself, and is removed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, done, newCustomer, signIn } from '../client.ts';
import { createPerson, type Person } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const card = 'Visa •••• 4242';

describe('a stored payment method', () => {
  test.each(languages)('is used and removed, in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `stores-${width}`);
      await enter(person, locale, customer);
      await store(person);
      await payWithIt(person, customer);
      await meetDecline(person, customer);
      await refill(person, customer);
      await remove(person);
      expect(complaints).toEqual([]);
    }),
  );
});

async function store(person: Person): Promise<void> {
  const { t, page } = person;
  await page.goto('/billing/payment-methods');
  await person.look(t.paymentMethods.title);
  await person.see(t.paymentMethods.none);
  await person.press(t.paymentMethods.add);
  await person.press(t.paymentMethods.continue, person.dialog());
  await page.waitForURL(({ pathname }) => pathname.startsWith('/sandbox/stripe/'));
  await page.locator('button[name=outcome][value=paid]').click();
  await person.look(t.paymentMethods.title);
  await person.see(t.paymentMethods.stored.replace('{label}', card));
  await person.see(t.paymentMethods.default);
}

async function topUp(person: Person): Promise<void> {
  const { t, page } = person;
  await page.goto('/billing');
  await person.fill(t.billing.amount, '20');
  await page.getByRole('radio', { name: card, exact: true }).check();
  await person.press(t.billing.topUpReview);
  await person.press(/20\.00/, person.dialog());
}

/** Nobody leaves the app for it. */
async function payWithIt(person: Person, customer: Customer): Promise<void> {
  await topUp(person);
  await person.look(person.t.checkout.titles.succeeded);
  expect(await available(customer)).toBe('20.00');
}

/** The reason is said in words, and the payment made another way from the same page. */
async function meetDecline(person: Person, customer: Customer): Promise<void> {
  const { t, page } = person;
  await steer({ charge: 'decline:insufficient_funds' });
  await topUp(person);
  await person.look(t.checkout.titles.failed);
  await person.see(t.declines.insufficient_funds.reason);
  await person.see(t.declines.insufficient_funds.remedy);
  await steer({});
  await person.press(t.checkout.payAgain);
  await page.getByRole('radio', { name: 'Credit', exact: true }).check();
  await person.press(/20\.00/, person.dialog());
  await page.waitForURL(({ pathname }) => pathname.startsWith('/sandbox/'));
  await page.locator('button[name=outcome][value=paid]').click();
  await person.look(t.checkout.titles.succeeded);
  expect(await available(customer)).toBe('40.00');
}

async function refill(person: Person, customer: Customer): Promise<void> {
  const { t, page } = person;
  await page.goto('/billing');
  const panel = person.panel(t.autoTopUp.title);
  await panel.getByRole('checkbox').click();
  await person.fill(t.autoTopUp.below.replace('{currency}', 'USD'), '50.00', panel);
  await person.press(t.ui.save, panel);
  await person.see(t.ui.saved);
  // What is done each minute is done before the clock answers.
  const operator = await signIn(server, server.operator);
  await done(operator.post('/api/v1/admin/sandbox/clock', { advance: 'PT1M' }));
  expect(await available(customer)).toBe('60.00');
}

async function remove(person: Person): Promise<void> {
  const { t, page } = person;
  await page.goto('/billing/payment-methods');
  await person.look(t.paymentMethods.title);
  await person.press(t.paymentMethods.remove);
  await person.see(t.paymentMethods.removeTitle.replace('{label}', card), person.dialog());
  await person.press(t.paymentMethods.remove, person.dialog());
  await person.see(t.paymentMethods.none);
}

async function available({ client }: Customer): Promise<string> {
  return (await done(client.get('/api/v1/billing/wallet'))).available;
}

async function steer(steering: Record<string, string>): Promise<void> {
  const body = JSON.stringify(steering);
  const answer = await fetch(`${server.url}/sandbox/stripe/steering`, { method: 'POST', body });
  expect(answer.ok).toBe(true);
}
