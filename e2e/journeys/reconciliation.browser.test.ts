/** What an operator looks after between us and the providers: their health, what they told us, and their statements. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { done, newCustomer, signIn } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const dayMs = 86_400_000;
const provider = 'WeChat Pay';

describe('an operator', () => {
  test.each(languages)('looks after a provider, in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const day = await refundThere(`reconciled-${width}`);
      await enter(person, locale, server.operator);
      await testConnection(person);
      await replay(person);
      await workThrough(person, day);
      expect(complaints).toEqual([]);
    }),
  );
});

/** A payment that we heard of, and a refund of a part that was made at the provider, on a day that is over there. */
async function refundThere(name: string): Promise<string> {
  const now = new Date();
  await steer('/clock', { to: now });
  const customer = await newCustomer(server, name);
  const topUp = { amount: '10.00', currency: 'USD', provider: 'wechat' };
  const { payment } = await done(customer.client.post('/api/v1/billing/wallet/top-ups', topUp));
  const operator = await signIn(server, server.operator);
  const found = await done(operator.get(`/api/v1/admin/payments?q=${payment.id}`));
  const order = `/wechat/orders/${found.data[0].number}`;
  await steer(order, { outcome: 'paid' });
  await steer(order, { notify: 'none' });
  await steer(`${order}/refund`, { amount: '720' });
  await steer('/clock', { to: new Date(now.getTime() + 2 * dayMs) });
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

async function steer(path: string, body: object): Promise<void> {
  const url = `${server.url}/sandbox${path}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(200);
}

async function testConnection(person: Person): Promise<void> {
  const t = person.t.console;
  await person.page.goto('/admin/providers');
  await person.look(t.providers.title);
  await person.press(says(t.providers.showNamed, { name: provider }));
  const health = person.panel(t.providers.healthOf.replace('{name}', provider));
  await person.press(t.providers.test, health);
  await person.see(says(t.providers.answers, { name: provider }), health);
  await person.see(`${server.url}/api/v1/webhooks/wechat`);
  await person.look(t.providers.title);
}

async function replay(person: Person): Promise<void> {
  const t = person.t.console;
  await person.visit(t.nav.inbox, t.inbox.title);
  const told = person.row(t.inbox.title, t.inbox.outcomes.settled).first();
  await told.getByRole('link', { name: says(t.inbox.lookNamed) }).click();
  await person.look(t.inbox.one);
  await person.press(t.inbox.replay, person.page.getByRole('main'));
  await person.press(t.inbox.replay, person.dialog());
  await person.see(says(t.inbox.replayed, { outcome: t.inbox.outcomes.settled }));
  // What is done stays done.
  await person.see(t.inbox.outcomes.settled, person.page.getByRole('main'));
  await person.look(t.inbox.one);
}

async function workThrough(person: Person, day: string): Promise<void> {
  const { page } = person;
  const t = person.t.console.reconciliations;
  await person.visit(person.t.console.nav.reconciliations, t.title);
  await person.press(t.run, page.getByRole('main'));
  await person.dialog().getByRole('combobox', { name: t.provider }).click();
  await page.locator('.ant-select-item-option').filter({ hasText: provider }).click();
  await person.fill(t.day, day, person.dialog());
  await person.press(t.run, person.dialog());
  await person.look(t.named.replace('{name}', provider).replace('{date}', '{date}'));
  await person.see(t.results.missing_here, page.getByRole('table'));
  await person.press(t.resolve, page.getByRole('table'));
  const way = person.dialog().getByRole('radio', { name: t.resolutions.settled });
  await way.check();
  await person.press(t.resolve, person.dialog());
  await person.dialog().waitFor({ state: 'hidden' });
  await person.see(t.nothingOpen);
  await person.press(t.runAgain);
  await person.see(t.sidesEqual);
  await person.look(t.named.replace('{name}', provider));
}
