/** What an operator sets up and looks after, in both languages, on a wide and a narrow screen. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, createClient, done, type Json, newCustomer, newKey } from '../client.ts';
import { call } from '../gateway.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const secretLabels = { en: 'Key (client secret)', 'zh-CN': 'Key（Client Secret）' } as const;

describe('an operator', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const name = `house-${width}`;
      const customer = await newCustomer(server, name);
      await enterConsole(person, locale, server.operator);
      await sellPackage(person, name);
      await priceModel(person, name);
      await serveModel(person, name);
      await readCreditSettings(person, secretLabels[locale]);
      await recordPayment(person, customer);
      await findUser(person, customer);
      await seeCall(person, customer, name);
      await lookAround(person);
      expect(complaints).toEqual([]);
    }),
  );
});

async function sellPackage(person: Person, name: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.packages, t.packages.title);
  await person.press(t.packages.create);
  const form = person.dialog();
  await person.fill(t.packages.name, name, form);
  await person.fill(t.packages.price, '12.50', form);
  await person.fill(t.packages.days, '7', form);
  await person.fill(t.packages.dailyLimit, '3.00', form);
  await person.press(t.packages.create, form);
  await person.row(t.packages.title, name).filter({ hasText: '$12.50' }).waitFor();

  await person.press(says(t.forms.editNamed, { name }));
  await person.fill(t.packages.price, '15.00', form);
  await person.press(person.t.ui.save, form);
  await person.row(t.packages.title, name).filter({ hasText: '$15.00' }).waitFor();
  await person.look(t.packages.title);

  const { data } = await done(createClient(server).get('/api/v1/packages'));
  expect(data.find((item: Json) => item.name === name)).toMatchObject({
    price: '15.00',
    currency: 'USD',
    duration_days: 7,
    daily_limit: '3.00',
    usage_currency: 'USD',
  });
}

async function priceModel(person: Person, model: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.models, t.models.title);
  await person.press(t.models.add);
  const form = person.dialog();
  await person.fill(t.models.model, model, form);
  // The usual prices stand before those of service tiers.
  await form.getByLabel(t.models.positions.input, { exact: true }).first().fill('1');
  await form.getByLabel(t.models.positions.output, { exact: true }).first().fill('3');
  await person.fill(t.models.maxOutput, '1000', form);
  await person.press(t.models.addVersion, form);
  await form.waitFor({ state: 'hidden' });
  await search(person, t.models.search, model);
  await person.row(t.models.title, model).filter({ hasText: '$3.00' }).waitFor();
  await person.look(t.models.title);
}

async function serveModel(person: Person, model: string): Promise<void> {
  const t = person.t.console;
  const name = 'Sandbox upstream';
  await person.visit(t.nav.channels, t.channels.title);
  await person.press(says(t.forms.editNamed, { name }));
  const form = person.dialog();
  const key = form.getByLabel(t.channels.apiKey, { exact: true });
  expect(await key.inputValue()).toBe('');
  expect(await key.getAttribute('placeholder')).toBe(t.channels.apiKeyKept);
  const models = form.getByRole('combobox', { name: t.channels.models });
  await models.fill(model);
  await models.press('Enter');
  await models.press('Escape');
  await person.press(person.t.ui.save, form);
  await form.waitFor({ state: 'hidden' });
  await person.row(t.channels.title, name).waitFor();
  await person.look(t.channels.title);
}

/** The key is set and never shown; the two addresses are there to be copied. */
async function readCreditSettings(person: Person, secretLabel: string): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.settings, t.settings.title);
  const credit = person.panel('Credit');
  const secret = credit.getByLabel(secretLabel, { exact: true });
  expect(await secret.inputValue()).toBe('');
  expect(await secret.getAttribute('placeholder')).toBe(t.settings.secretKept);
  expect(await person.page.content()).not.toContain(creditKey());

  const notifyUrl = `${server.url}/api/v1/webhooks/credit`;
  await person.see(notifyUrl, credit);
  await person.press(t.settings.copyNotifyUrl, credit);
  const clipboard = () => person.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(clipboard).toBe(notifyUrl);
  const returnUrl = `${server.url}/packages`;
  await person.see(returnUrl, credit);
  await person.press(t.settings.copyReturnUrl, credit);
  await expect.poll(clipboard).toBe(returnUrl);
  await person.look(t.settings.title);
}

async function recordPayment(person: Person, customer: Customer): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.payments, t.payments.title);
  await person.press(t.payments.record);
  const form = person.dialog();
  await form.getByRole('combobox', { name: t.payments.customer }).fill(customer.email);
  await person.page.locator('.ant-select-item-option').first().click();
  await person.fill(person.t.ui.amount, '5.00', form);
  await person.fill(person.t.ui.currency, 'USD', form);
  await person.fill(t.payments.source, 'Cash', form);
  await person.press(t.payments.review, form);
  await person.see(says(t.payments.confirmTopUp, { amount: '$5.00' }), form);
  await person.press(t.payments.record, form);
  await person.see(t.payments.recorded);
  const { manual } = person.t.payment.providers;
  await person.row(t.payments.title, manual).filter({ hasText: '$5.00' }).first().waitFor();
  await person.look(t.payments.title);
  expect(await done(customer.client.get('/api/v1/billing/wallet'))).toMatchObject({
    balance: '5.00',
  });
}

async function findUser(person: Person, { email }: Customer): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.users, t.users.title);
  await search(person, t.users.search, email);
  await person.row(t.users.title, email).waitFor();
  await person.row(t.users.title, server.operator.email).waitFor({ state: 'hidden' });
  await person.look(t.users.title);
}

async function seeCall(person: Person, customer: Customer, model: string): Promise<void> {
  const t = person.t.console;
  const key = await newKey(customer.client);
  expect(await call(server, { key, model })).toMatchObject({ status: 200 });
  await person.visit(t.nav.calls, t.calls.title);
  const receipt = says(person.t.calls.receiptOf);
  await person.follow(receipt, person.row(t.calls.title, model));
  await person.look(person.t.receipt.title);
  await person.see(says(person.t.receipt.matches));
}

async function lookAround(person: Person): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.organizations, t.organizations.title);
  await person.visit(t.nav.unapplied, t.unapplied.title);
  const { audit } = person.t;
  await person.visit(t.nav.audit, audit.title);
  await person.row(audit.title, audit.names.payment.record_manual).first().waitFor();
  await person.visit(t.nav.overview, t.overview.title);
}

async function search({ page }: Person, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

/** The secret that must appear nowhere, from where the sandbox keeps it. */
function creditKey(): string {
  const file = join(server.dataDir, 'sandbox', 'credentials.json');
  const { key } = JSON.parse(readFileSync(file, 'utf8')).credit;
  expect(key).toMatch(/\w{16}/);
  return key;
}
