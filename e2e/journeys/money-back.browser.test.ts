/** Money that goes back: a refund in part, and money that came too late; in both languages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import {
  type Client,
  type Customer,
  createClient,
  done,
  type Json,
  newCustomer,
  payIn,
  signIn,
  until,
} from '../client.ts';
import { createPerson, type Person } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enterConsole, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

describe('money that goes back', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const buyer = await newCustomer(server, `back-${width}`);
      const operator = await signIn(server, server.operator);
      await payIn(operator, buyer.organization, '100.00');
      await enterConsole(person, locale, server.operator);
      await refundInPart(person, buyer);
      await payLate(operator, buyer);
      await applyToWallet(person, buyer);
      expect(complaints).toEqual([]);
    }),
  );
});

async function refundInPart(person: Person, buyer: Customer): Promise<void> {
  const t = person.t.console;
  const [payment] = (await done(buyer.client.get('/api/v1/billing/payments'))).data;
  await person.page.goto(`/admin/payments/${payment.id}`);
  await person.look(t.payment.named);
  await person.see(t.payment.noRefunds);
  await person.press(t.refunds.refund);
  const form = person.dialog();
  await person.fill(t.refunds.amount, '40.00', form);
  await person.fill(t.forms.reason, 'Not used', form);
  await person.press(t.forms.continue, form);
  await person.see(/\$40\.00/, form);
  await person.press(t.refunds.refund, form);
  await form.waitFor({ state: 'hidden' });
  const row = person.row(t.payment.refunds, 'Not used');
  await row.filter({ hasText: t.refunds.statuses.succeeded }).waitFor();
  expect(await walletOf(buyer)).toBe('60.00');
  await person.visit(t.nav.refunds, t.refunds.title);
  await person.row(t.refunds.title, 'Not used').first().waitFor();
}

/** A top-up whose payer comes back after its term. */
async function payLate(operator: Client, buyer: Customer): Promise<void> {
  const order = { amount: '20.00', currency: 'USD', provider: 'credit' };
  const { payment } = await done(buyer.client.post('/api/v1/billing/wallet/top-ups', order));
  const { data } = await done(operator.get(`/api/v1/admin/payments?q=${payment.id}`));
  const { number } = data[0];
  await done(operator.post('/api/v1/admin/sandbox/clock', { advance: 'P4D' }));
  await fetch(payment.next.url, { redirect: 'manual' });
  const gateway = createClient({ url: `${server.url}/sandbox/credit` });
  await done(gateway.post(`/orders/${number}`, { outcome: 'paid', before_redirect: true }));
  await until(async () => (await openMoney(operator, buyer)).length > 0);
}

async function applyToWallet(person: Person, buyer: Customer): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.unapplied, t.unapplied.title);
  const row = person.row(t.unapplied.title, buyer.email.split('-').slice(0, 2).join('-'));
  const open = row.filter({ hasText: t.parked.states.open });
  await open.getByRole('button', { name: t.parked.apply, exact: true }).click();
  const form = person.dialog();
  await form.getByRole('radio', { name: t.parked.targets.wallet }).check();
  await person.press(t.parked.apply, form);
  await form.waitFor({ state: 'hidden' });
  await row.filter({ hasText: t.parked.states.applied }).waitFor();
  expect(await walletOf(buyer)).toBe('80.00');
  await person.visit(t.nav.disputes, t.disputes.title);
  await person.see(t.disputes.none);
}

async function walletOf({ client }: Customer): Promise<string> {
  return (await done(client.get('/api/v1/billing/wallet'))).available;
}

async function openMoney(operator: Client, buyer: Customer): Promise<Json[]> {
  const path = `/api/v1/admin/unapplied?state=open&organization=${buyer.organization}`;
  return (await done(operator.get(path))).data;
}
