/** Prices in the life of an operator: what was published is seen, tried and accepted; a customer's multiplier is on its receipt. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import {
  type Client,
  type Customer,
  done,
  newCustomer,
  newKey,
  payIn,
  signIn,
  until,
} from '../client.ts';
import { call } from '../gateway.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
let operator: Client;
beforeAll(async () => {
  server = await startServer();
  operator = await signIn(server, server.operator);
});
afterAll(() => server?.dispose());

/** Each journey has a model of its own; both are on the published list. */
const models = { en: 'gpt-4o-mini', 'zh-CN': 'gpt-4o' };

describe('prices', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const model = models[locale];
      const customer = await newCustomer(server, `priced-${width}`);
      await payIn(operator, customer.organization, '100');
      const key = await newKey(customer.client);
      await done(
        operator.post('/api/v1/admin/models', { model, prices: { input: '900', output: '900' } }),
      );
      expect((await call(server, { key, model })).status).toBe(200);

      await page.goto('/models');
      await person.look(t.models.title);
      await person.row(t.models.title, model).filter({ hasText: '900' }).waitFor();

      await enter(person, locale, server.operator);
      await tryPrices(person, model);
      await accept(person, model);
      await giveMultiplier(person, { model, group: `g${width}`, customer });
      await seeReceipt(person, { customer, key, model });
      // Browsers write down every refusal: of who is not signed in yet.
      expect(complaints.filter((text) => !/\/(me|refresh)\)$/.test(text))).toEqual([]);
    }),
  );
});

async function tryPrices(person: Person, model: string): Promise<void> {
  const t = person.t.console.modelPrices;
  await person.page.goto(`/admin/models?tab=simulate&model=${model}`);
  await person.look(person.t.console.models.title);
  const input = person.page.getByLabel(person.t.console.models.positions.input, { exact: true });
  await input.first().fill('0');
  await person.press(t.run);
  const result = person.panel(t.result);
  await person.see(says(t.revenue), result);
  await person.row(t.mostConcerned, /priced-/).waitFor();
}

async function accept(person: Person, model: string): Promise<void> {
  const t = person.t.console.modelPrices;
  await person.page.goto('/admin/models?tab=updates');
  const row = person.row(t.updates, '900').filter({ hasText: model });
  await row.filter({ hasText: t.margin }).waitFor();
  await row.getByRole('checkbox').check();
  await person.press(t.accept);
  await row.waitFor({ state: 'hidden' });
}

async function giveMultiplier(
  person: Person,
  { model, group, customer }: { model: string; group: string; customer: Customer },
): Promise<void> {
  const t = person.t.console.modelPrices;
  const { page } = person;
  await page.goto('/admin/models?tab=groups');
  const add = person.panel(t.groups).getByRole('button', { name: t.addGroup, exact: true });
  await add.first().click();
  const form = person.dialog();
  await person.fill(t.groupName, group, form);
  await person.fill(t.slug, group, form);
  await form.getByRole('combobox', { name: t.models }).fill(model);
  await page.keyboard.press('Enter');
  await person.fill(t.multiplier, '1.2', form);
  await person.press(t.addGroup, form);
  await person.row(t.groups, group).waitFor();

  await person.press(t.customersNamed.replace('{name}', group));
  const drawer = person.dialog();
  const choice = drawer.getByRole('combobox', { name: person.t.console.filters.customer });
  await choice.fill(customer.organization);
  await page.locator('.ant-select-item-option').first().click();
  await person.fill(t.multiplier, '0.5', drawer);
  await person.press(t.give, drawer);
  await drawer.getByRole('table').getByRole('row').filter({ hasText: '0.5' }).waitFor();
}

/** The price that was accepted, times the customer's own multiplier. */
async function seeReceipt(
  person: Person,
  { customer, key, model }: { customer: Customer; key: string; model: string },
): Promise<void> {
  const { t, page } = person;
  const { requestId, status } = await call(server, { key, model });
  expect(status).toBe(200);
  const receipt = await until(async () => {
    const answer = await customer.client.get(`/api/v1/billing/usage/events/${requestId}`);
    return answer.status === 200 && answer.body;
  });
  expect(receipt).toMatchObject({ multiplier: '0.5' });
  expect(receipt.prices.input).not.toBe('900.00');
  await person.page.goto('/dashboard');
  await person.choose(t.nav.signOut);
  await person.look(t.landing.title);
  await enter(person, person.t === languages[0].t ? 'en' : 'zh-CN', customer);
  await page.goto(`/calls/${requestId}`);
  await person.see(/× 0\.5/);
  await page.goto('/models');
  const catalogue = t.catalogue.multiplier.replace('{multiplier}', '0.5');
  await person.row(t.models.title, model).filter({ hasText: catalogue }).first().waitFor();
}
