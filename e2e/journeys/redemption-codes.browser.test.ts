/** An operator makes a batch of codes and saves them; a customer redeems one, once; the batch ends; in both languages. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { newCustomer } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { changeTo, enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('redemption codes', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `codes-${width}`);
      const batch = `Conference ${width}`;
      await enterConsole(person, locale, server.operator);
      const [code = '', unused = ''] = await makeCodes(person, batch);

      await changeTo(person, customer);
      await person.visit(t.nav.billing, t.billing.title);
      const panel = person.panel(t.billing.redeem);
      await person.press(t.billing.redeem, panel);
      await redeem(person, code.toLowerCase());
      await person.see(says(t.redeem.doneUntil), panel);
      await person.see(/12\.50/, person.panel(t.billing.wallet));
      await redeem(person, code);
      await person.see(t.errors.code_invalid, panel);

      await changeTo(person, server.operator);
      await person.choose(t.layout.toConsole);
      await person.look(t.console.overview.title);
      await endBatch(person, batch, `codes-${width}`);
      const late = await customer.client.post('/api/v1/billing/redemptions', { code: unused });
      expect([late.status, late.body.error.code]).toEqual([422, 'code_invalid']);
      // The browser writes down what the server refused.
      expect(complaints.filter((complaint) => !complaint.includes('422'))).toEqual([]);
    }),
  );
});

async function makeCodes(person: Person, batch: string): Promise<string[]> {
  const t = person.t.console.codes;
  await person.visit(person.t.console.nav.codes, t.title);
  await person.page.getByRole('button', { name: t.create }).first().click();
  const form = person.dialog();
  await person.fill(t.name, batch, form);
  await person.fill(t.count, '3', form);
  await person.fill(t.amount, '12.50', form);
  await person.fill(t.days, '30', form);
  await person.press(t.create, form);
  await person.see(t.madeNote, form);
  const [file] = await Promise.all([
    person.page.waitForEvent('download'),
    form.getByRole('button', { name: t.download }).click(),
  ]);
  const [head, ...codes] = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
  expect([head, codes.length]).toEqual(['code', 3]);
  await form.locator('.ant-drawer-footer').getByRole('button', { name: t.close }).click();
  await form.waitFor({ state: 'hidden' });
  return codes;
}

async function redeem(person: Person, code: string): Promise<void> {
  const t = person.t.redeem;
  const panel = person.panel(person.t.billing.redeem);
  await person.fill(t.code, code, panel);
  await panel.getByRole('button', { name: t.submit }).click();
}

async function endBatch(person: Person, batch: string, customer: string): Promise<void> {
  const t = person.t.console.codes;
  await person.visit(person.t.console.nav.codes, t.title);
  const row = person.row(t.title, batch);
  await row.getByRole('button', { name: t.redemptions }).click();
  const drawer = person.dialog();
  await person.see(customer, drawer);
  await drawer.locator('.ant-drawer-close').click();
  await drawer.waitFor({ state: 'hidden' });
  await row.getByRole('button', { name: t.makeVoid }).click();
  await person.dialog().getByRole('button', { name: t.makeVoid }).click();
  await person.dialog().waitFor({ state: 'hidden' });
  await row.getByRole('button', { name: t.makeVoid, disabled: true }).waitFor();
}
