/** What an operator bills: a coupon, a customer who subscribes with it, an invoice by hand; in both languages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import {
  type Client,
  type Customer,
  done,
  type Json,
  newCustomer,
  payIn,
  signIn,
} from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('the billing desk', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const name = `desk-${width}`;
      const buyer = { ...(await newCustomer(server, name)), name };
      const operator = await signIn(server, server.operator);
      const plan = await sellPlan(operator, name);
      await payIn(operator, buyer.organization, '100.00');
      await enterConsole(person, locale, server.operator);
      await writeCoupon(person, `DESK${width}`);
      await subscribe(person, buyer, `DESK${width}`);
      await seeSubscription(person, buyer, `DESK${width}`);
      await raisePrice(operator, plan, '50.00');
      await moveToVersion(person, buyer);
      await writeInvoice(person, buyer);
      await markPaid(person, buyer);
      await endSubscription(person, buyer);
      expect(complaints).toEqual([]);
    }),
  );
});

type Buyer = Customer & { name: string };

/** Answers its id. */
async function sellPlan(operator: Client, slug: string): Promise<string> {
  const prices = [{ currency: 'USD', interval: 'month', amount: '40.00' }];
  return (await done(operator.post('/api/v1/admin/plans', { slug, name: slug, prices }))).id;
}

async function raisePrice(operator: Client, plan: string, amount: string): Promise<void> {
  const prices = [{ currency: 'USD', interval: 'month', amount }];
  await done(operator.patch(`/api/v1/admin/plans/${plan}`, { prices }));
}

async function writeCoupon(person: Person, code: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.coupons, t.coupons.title);
  // Where there are none yet, the empty list has the same button.
  await person.page.getByRole('button', { name: t.coupons.create }).first().click();
  const form = person.dialog();
  await person.fill(t.coupons.code, code, form);
  await person.fill(t.coupons.percentage, '25', form);
  await form.getByRole('radio', { name: t.coupons.durationChoices.repeating }).check();
  await person.fill(t.coupons.periods, '3', form);
  await person.press(t.coupons.create, form);
  await form.waitFor({ state: 'hidden' });
  await person.row(t.coupons.title, code).filter({ hasText: '25' }).waitFor();
  await person.look(t.coupons.title);
}

async function subscribe(person: Person, buyer: Buyer, coupon: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.subscriptions, t.subscriptions.title);
  await person.press(t.subscriptions.subscribe);
  const form = person.dialog();
  await choose(person, t.subscribe.customer, { search: buyer.email, option: buyer.name });
  await choose(person, t.subscribe.plan, { search: buyer.name, option: buyer.name });
  await person.fill(t.subscribe.coupon, coupon, form);
  await form.getByRole('radio', { name: t.subscribe.fromWallet }).check();
  await person.press(t.forms.continue, form);
  await person.see(/\$40\.00/, form);
  await person.press(t.subscribe.subscribe, form);
  await form.waitFor({ state: 'hidden' });
  await person.row(t.subscriptions.title, buyer.name).filter({ hasText: '$40.00' }).waitFor();
  await person.look(t.subscriptions.title);
}

/** From the list to the subscription, and from there to its coupon, which says who redeemed it. */
async function seeSubscription(person: Person, buyer: Buyer, code: string): Promise<void> {
  const t = person.t.console;
  await openSubscription(person, buyer);
  await person.row(t.invoices.title, '$30.00').first().waitFor();
  await person.follow(says(person.t.subscription.couponLeft, { code }));
  await person.look(t.coupons.named);
  await person.row(t.coupons.redemptions, buyer.name).waitFor();
}

/** From the plan's page: first what it does, then it is done, and stands before the subscription. */
async function moveToVersion(person: Person, buyer: Buyer): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.plans, t.plans.title);
  await person.follow(buyer.name);
  await person.look(buyer.name);
  await person.press(t.moves.open);
  const effect = person.row(t.moves.effects, buyer.name);
  await effect.filter({ hasText: '$40.00' }).filter({ hasText: '$50.00' }).waitFor();
  const form = person.dialog();
  await form.getByRole('button', { name: says(t.moves.move) }).click();
  await form.waitFor({ state: 'hidden' });
  await person.follow(t.moves.toSubscriptions, person.panel(t.versions.title));
  await person.look(t.subscriptions.title);
  await openSubscription(person, buyer);
  await person
    .panel(t.subscriptions.pending)
    .getByText(/\$50\.00/)
    .waitFor();
}

async function openSubscription(person: Person, { name }: Buyer): Promise<void> {
  const t = person.t.console.subscriptions;
  await person.row(t.title, name).getByRole('link', { name }).first().click();
  await person.look(t.named);
}

async function writeInvoice(person: Person, buyer: Buyer): Promise<void> {
  const t = person.t.console;
  const words = t.writeInvoice;
  await person.visit(t.nav.invoices, t.invoices.title);
  await person.press(t.invoices.write);
  const form = person.dialog();
  const cell = (what: string) => says(words.cell, { what, number: '1' });
  await choose(person, words.customer, { search: buyer.email, option: buyer.name });
  await form.getByLabel(cell(words.columns.description)).fill('Integration workshop');
  await form.getByLabel(cell(words.columns.quantity)).fill('1.5');
  await form.getByLabel(cell(words.columns.unit_amount)).fill('900');
  await person.see(says(words.sum, { amount: '$1,350.00' }), form);
  await person.press(words.saveDraft, form);
  await person.look(t.invoices.oneDraft);
  expect(await manualInvoices(buyer)).toEqual([]);

  await person.press(words.edit);
  await form.getByLabel(cell(words.columns.quantity)).fill('2');
  await person.press(person.t.ui.save, form);
  await form.waitFor({ state: 'hidden' });
  await person.row(person.t.invoices.lines, '$1,800.00').waitFor();
  await person.press(words.issue);
  await person.see(/\$1,800\.00/, form);
  await person.press(words.issue, form);
  await person.look(t.invoices.named);
  expect(await manualInvoices(buyer)).toMatchObject([{ status: 'open', total: '1800.00' }]);
}

async function markPaid(person: Person, buyer: Buyer): Promise<void> {
  const t = person.t.console;
  await person.press(t.invoices.mark);
  const form = person.dialog();
  await person.see(/\$1,800\.00/, form);
  await person.fill(t.payments.source, 'Bank transfer', form);
  await person.press(t.invoices.mark, form);
  await form.waitFor({ state: 'hidden' });
  await person.see(person.t.invoices.standings.paid);
  await person.look(t.invoices.named);
  expect(await manualInvoices(buyer)).toMatchObject([{ status: 'paid', due: '0.00' }]);
}

async function endSubscription(person: Person, buyer: Buyer): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.subscriptions, t.subscriptions.title);
  await openSubscription(person, buyer);
  await person.press(t.subscriptions.end);
  const form = person.dialog();
  await form.getByRole('radio', { name: person.t.subscription.now, exact: true }).check();
  await person.press(t.subscriptions.end, form);
  await form.waitFor({ state: 'hidden' });
  await person.see(person.t.subscription.statuses.expired);
}

/** As the customer finds them. */
async function manualInvoices({ client }: Buyer): Promise<Json[]> {
  const { data } = await done(client.get('/api/v1/billing/invoices'));
  return data.filter(({ kind }: Json) => kind === 'manual');
}

/** Picks from a choice that is searched by typing. */
async function choose(
  person: Person,
  label: string,
  { search, option }: { search: string; option: string },
): Promise<void> {
  await person.dialog().getByRole('combobox', { name: label }).fill(search);
  const offered = '.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option';
  await person.page.locator(offered, { hasText: option }).first().click();
}
