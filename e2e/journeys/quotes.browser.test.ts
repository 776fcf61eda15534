/** A quote's whole life: an operator writes and sends it, the customer reads, accepts and is held to it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, mailedLink, newCustomer, payIn, signIn } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const plan = 'Acme enterprise';

describe('a quote', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `acme-${width}`);
      await payIn(await signIn(server, server.operator), customer.organization, '5000');
      await enter(person, locale, server.operator);
      await write(person, customer);
      await send(person);
      await person.choose(t.nav.signOut);
      await person.look(t.landing.title);
      await accept(person, customer);
      await seeTerm(person);
      // Browsers write down every refusal: of who is not signed in yet, and of an early end.
      const unexpected = complaints.filter((text) => !/\/(me|refresh|preview)\)$/.test(text));
      expect(unexpected).toEqual([]);
    }),
  );
});

async function write(person: Person, { organization }: Customer): Promise<void> {
  const t = person.t.console;
  await person.page.goto(`/admin/quotes?organization=${organization}&write=yes`);
  await person.look(t.quotes.title);
  const form = person.dialog();
  await person.fill(t.quotes.name, plan, form);
  await person.fill(t.quotes.message, 'As agreed on the phone.', form);
  await person.fill(person.t.ui.amount, '2500', form);
  await person.fill(person.t.ui.currency, 'USD', form);
  await person.fill(t.offer.setupFee, '100', form);
  await person.fill(t.quotes.term, '12', form);
  await person.fill(t.quotes.validUntil, '2099-12-31T23:59', form);
  await person.press(t.quotes.saveDraft, form);
  await person.look(plan);
}

async function send(person: Person): Promise<void> {
  const t = person.t.console.quotes;
  await person.see('As agreed on the phone.');
  await person.see('2,600.00');
  await person.press(t.send);
  await person.press(t.send, person.dialog());
  await person.see(person.t.quotes.statuses.sent);
}

/** The link is the mail's. */
async function accept(person: Person, customer: Customer): Promise<void> {
  const t = person.t.quotes;
  const link = await mailedLink([server], customer.email);
  expect(new URL(link).pathname).toMatch(/^\/billing\/quotes\/qte_/);
  await person.page.goto(new URL(link).pathname);
  await person.fill(person.t.auth.login, customer.email);
  await person.fill(person.t.auth.password, customer.password);
  await person.press(person.t.auth.signIn, person.page.getByRole('main'));
  await person.look(plan);
  await person.see('As agreed on the phone.');
  const wallet = says(person.t.payment.walletWith);
  await person.page.getByRole('radio', { name: wallet }).check();
  await person.press(says(t.acceptAndPay));
  await person.page.waitForURL(/\/checkout\//);
}

/** An early end is refused in words that say until when. */
async function seeTerm(person: Person): Promise<void> {
  const { t } = person;
  await person.page.goto('/billing/subscription');
  await person.look(t.subscription.title);
  await person.press(t.subscription.actions.cancel);
  const question = person.dialog();
  await person.see(says(t.quotes.termUntil), question);
  await person.follow(plan, question);
  await person.look(plan);
  await person.see(t.quotes.statuses.accepted);
}
