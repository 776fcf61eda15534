/** An operator sees a flag, lifts it, and holds what is held; a customer invites another and earns; in both languages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Client, type Customer, done, newCustomer, payIn, signIn, until } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, type SignIn, startServer } from '../server.ts';
import { enter, enterConsole, languages } from './languages.ts';

let server: ServerProcess;
let operator: Client;
beforeAll(async () => {
  server = await startServer();
  operator = await signIn(server, server.operator);
});
afterAll(() => server?.dispose());

describe('risk and referrals', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const accounts = await shareDevice(`risk${width}`);
      await enterConsole(person, locale, server.operator);
      await liftFlag(person, accounts[0]);
      await confirmFlag(person, accounts[1]);
      await switchOnReferrals(person);

      const inviter = await newCustomer(server, `inviter-${width}`);
      await leave(person);
      await enter(person, locale, inviter);
      const link = await readLink(person);
      await leave(person);
      const invited = { email: `invited-${width}@example.com`, password: 'a long enough password' };
      await acceptInvite(person, link, invited);
      await earn(invited);
      await leave(person);
      await enter(person, locale, inviter);
      await seeCredit(person);
      expect(complaints).toEqual([]);
    }),
  );
});

/** Somebody else comes, with a browser of their own. */
async function leave(person: Person): Promise<void> {
  await person.choose(person.t.nav.signOut);
  await person.look(person.t.landing.title);
  await person.page.context().clearCookies();
}

/** Four accounts that sign in with one browser. */
async function shareDevice(name: string): Promise<[Customer, Customer]> {
  const cookie = `sluice_device=${name.padEnd(26, 'x').slice(0, 26)}`;
  const accounts: Customer[] = [];
  for (let index = 0; index < 4; index += 1) {
    const account = await newCustomer(server, `${name}-${index}`);
    const { email: login, password } = account;
    const answer = await fetch(`${server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ login, password }),
    });
    expect(answer.status).toBe(200);
    accounts.push(account);
  }
  const [first, second] = accounts;
  if (!first || !second) throw new Error('four accounts were made');
  // Jobs that are due run when the clock is moved: one run finds the others, the next judges them.
  for (let time = 0; time < 2; time += 1) await pass('PT1M');
  return [first, second];
}

const pass = (advance: string) => done(operator.post('/api/v1/admin/sandbox/clock', { advance }));

async function liftFlag(person: Person, { email }: Customer): Promise<void> {
  const t = person.t.console.risk;
  await person.visit(person.t.console.nav.risk, t.title);
  const row = rowOf(person, email);
  await person.see(t.rules.shared_device, row);
  await person.see(t.notHeld, row);
  await person.press(t.lift, row);
  const question = person.dialog();
  await person.fill(person.t.console.forms.reason, 'One family, one laptop', question);
  await person.press(t.lift, question);
  await question.waitFor({ state: 'hidden' });
  await row.waitFor({ state: 'detached' });
}

async function confirmFlag(person: Person, { email, client }: Customer): Promise<void> {
  const t = person.t.console.risk;
  const row = rowOf(person, email);
  await person.press(t.confirm, row);
  const question = person.dialog();
  await question.getByLabel(t.confirmHold).check();
  await person.fill(person.t.console.forms.reason, 'Accounts for sale', question);
  await person.press(t.confirm, question);
  await question.waitFor({ state: 'hidden' });
  await person.see(t.held, row);
  const order = { amount: '20.00', currency: 'USD', provider: 'credit' };
  const { status, body } = await client.post('/api/v1/billing/wallet/top-ups', order);
  expect([status, body.error.code]).toEqual([403, 'payments_on_hold']);
}

/** A customer is listed by the name of their organization, which begins with the name that they signed up with. */
function rowOf(person: Person, email: string) {
  const name = email.split('-').slice(0, 2).join('-');
  return person.row(person.t.console.risk.title, name);
}

async function switchOnReferrals(person: Person): Promise<void> {
  const t = person.t.console.referrals;
  await person.visit(person.t.console.nav.referrals, t.title);
  await person.page.getByRole('tab', { name: t.tabs.rules }).click();
  const isOn = person.page.getByRole('switch', { name: t.enabled });
  if (!(await isOn.isChecked())) await isOn.click();
  await person.press(person.t.ui.save);
  await person.see(person.t.console.risk.rulesSaved);
}

async function readLink(person: Person): Promise<string> {
  const t = person.t.growth;
  await person.visit(person.t.nav.invite, t.title);
  await person.see(t.none);
  const link = await person.panel(t.yours).getByText('/sign-up?invite=').textContent();
  return new URL(link ?? '').pathname + new URL(link ?? '').search;
}

async function acceptInvite(person: Person, link: string, who: SignIn): Promise<void> {
  const { t, page } = person;
  await page.goto(link);
  await person.look(t.auth.signUpTitle);
  await person.see(says(t.auth.invited));
  await person.fill(t.auth.email, who.email);
  await person.fill(t.auth.password, who.password);
  await person.press(t.auth.signUp);
  await person.look(t.auth.checkMailTitle);
  await person.followMail('/verify-email');
  await person.see(t.auth.verified);
  await person.follow(t.auth.toSignIn);
  await person.signIn(who);
}

/** The invited pays enough, and the waiting time goes by. */
async function earn({ email }: SignIn): Promise<void> {
  const found = await until(async () => {
    const { data } = await done(
      operator.get(`/api/v1/admin/organizations?q=${encodeURIComponent(email)}`),
    );
    return data[0];
  });
  await payIn(operator, found.id, '25.00');
  await pass('P15D');
}

async function seeCredit(person: Person): Promise<void> {
  const t = person.t.growth;
  await person.visit(person.t.nav.invite, t.title);
  const row = person.row(t.whoTitle, 'i•••@e•••.com');
  await person.see(t.states.earned, row);
  await person.see('$5.00', row);
}
