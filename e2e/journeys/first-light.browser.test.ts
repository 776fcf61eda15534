/** Everything that a new customer does on the first day, in both languages, on a wide and a narrow screen. */
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { createClient } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, type SignIn, startServer } from '../server.ts';
import { languages } from './languages.ts';

const model = 'gpt-4o-mini';
/** A million tokens in and as many out cost $0.15 and $0.60. */
const threeQuarters = '[[sandbox: usage=1000000/1000000/0]] Hello';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ isFirstStart: true });
});
afterAll(() => server?.dispose());

/** The provider is another site, with words of its own. */
const payWords = { en: 'Pay', 'zh-CN': '确认支付' } as const;

describe('the first day of a customer', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const pay = payWords[locale];
      const who = { email: `ann-${width}@example.com`, password: 'the first long password' };
      await signUp(person, who);
      await buyPackage(person, pay);
      await topUp(person, pay);
      const apiKey = await createKey(person);
      const ask = asker(apiKey);
      await callAndReadReceipt(person, ask);
      await spendPastAllowance(person, ask);
      await spendAll(person, ask);
      await lookAround(person);
      await chooseNewPassword(person, who);
      expect(complaints).toEqual([]);
    }),
  );
});

async function signUp(person: Person, who: SignIn): Promise<void> {
  const { t } = person;
  await person.page.goto('/');
  await person.look(t.landing.title);
  await person.follow(t.landing.start);
  await person.look(t.auth.signUpTitle);
  await person.fill(t.auth.email, who.email);
  await person.fill(t.auth.password, who.password);
  await person.press(t.auth.signUp);
  await person.look(t.auth.checkMailTitle);
  await person.followMail('/verify-email');
  await person.look(t.auth.verifyTitle);
  await person.see(t.auth.verified);
  await person.follow(t.auth.toSignIn);
  await person.signIn(who);
  await person.see(t.dashboard.noAllowance, person.panel(t.dashboard.today));
}

async function buyPackage(person: Person, pay: string): Promise<void> {
  const { t } = person;
  await person.visit(t.nav.packages, t.packages.title);
  await person.press(says(t.packages.buy, { name: 'Starter' }));
  await person.see(says(t.packages.confirmTitle, { name: 'Starter' }), person.dialog());
  await person.press(says(t.packages.pay, { price: '$9.90' }), person.dialog());
  await person.press(`${pay} 71.28`);
  // The page turns by itself.
  await person.look(t.checkout.titles.succeeded);
  await person.follow(t.checkout.toDashboard);
  await person.look(t.dashboard.title);
  await seeAllowance(person, { used: '$0.00', allowance: '$1.00' });
}

async function topUp(person: Person, pay: string): Promise<void> {
  const { t } = person;
  await person.visit(t.nav.billing, t.billing.title);
  await person.fill(t.billing.amount, '2.00');
  await person.page.getByRole('radio', { name: 'Credit' }).check();
  await person.press(t.billing.topUpReview);
  await person.press(says(t.packages.pay, { price: '$2.00' }), person.dialog());
  await person.press(`${pay} 14.40`);
  await person.look(t.checkout.titles.succeeded);
  await person.visit(t.nav.billing, t.billing.title);
  await person.see('$2.00', person.panel(t.billing.wallet));
}

/** Answers the key, which is shown once. */
async function createKey(person: Person): Promise<string> {
  const { t } = person;
  await person.visit(t.nav.keys, t.keys.title);
  await person.press(t.keys.create);
  await person.fill(t.keys.name, 'my program', person.dialog());
  await person.press(t.keys.create, person.dialog());
  const apiKey = await person.page.getByLabel(t.keys.secret, { exact: true }).inputValue();
  await person.press(t.keys.done);
  await person.row(t.keys.title, 'my program').waitFor();
  await person.page.reload();
  await person.row(t.keys.title, 'my program').waitFor();
  expect(await person.page.content()).not.toContain(apiKey);
  return apiKey;
}

type Ask = (content: string) => Promise<OpenAI.ChatCompletion>;

/** The customer's program: the vendor's own client with another address and key. */
function asker(apiKey: string): Ask {
  const openai = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
  return (content) =>
    openai.chat.completions.create({ model, messages: [{ role: 'user', content }] });
}

async function callAndReadReceipt(person: Person, ask: Ask): Promise<void> {
  const { t } = person;
  const answer = await ask('Hello');
  expect(answer.choices[0]?.message.content).toMatch(/\w/);
  await person.visit(t.nav.calls, t.calls.title);
  await person.follow(says(t.calls.receiptOf), person.row(t.calls.title, model));
  await person.look(t.receipt.title);
  await person.see(says(t.receipt.matches));
}

async function spendPastAllowance(person: Person, ask: Ask): Promise<void> {
  const { t } = person;
  await ask(threeQuarters);
  await ask(threeQuarters);
  await person.visit(t.nav.calls, t.calls.title);
  const { allowance, wallet } = t.calls.kinds;
  const paidByBoth = person.row(t.calls.title, `${allowance} + ${wallet}`);
  await person.follow(says(t.calls.receiptOf), paidByBoth);
  await person.look(t.receipt.title);
  await person.see(says(t.receipt.matches, { amount: '$0.75' }));
  for (const kind of [allowance, wallet]) await person.row(t.receipt.paid, kind).waitFor();
}

async function spendAll(person: Person, ask: Ask): Promise<void> {
  const { t } = person;
  await ask(threeQuarters);
  await ask(threeQuarters);
  const refusal = await ask('One more').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status: 402, code: 'insufficient_quota' });
  await person.visit(t.nav.dashboard, t.dashboard.title);
  await seeAllowance(person, { used: '$1.00', allowance: '$1.00' });
  await person.see('$0.00', person.panel(t.billing.wallet));
}

async function lookAround(person: Person): Promise<void> {
  const { t } = person;
  await person.visit(t.nav.models, t.models.title);
  await person.visit(t.nav.billing, t.billing.title);
  await person.page.getByRole('tab', { name: t.billing.tabs.payments }).click();
  await person.row(t.billing.tabs.payments, '$9.90').waitFor();
  await person.look(t.billing.title);
  await person.follow(t.billing.nav.invoices);
  await person.look(t.invoices.title);
  await person.row(t.invoices.tabs.invoices, '$9.90').waitFor();
  await person.visit(t.nav.account, t.account.title);
}

async function chooseNewPassword(person: Person, who: SignIn): Promise<void> {
  const { t } = person;
  const renewed = { ...who, password: 'the second long password' };
  await person.choose(t.nav.signOut);
  await person.look(t.landing.title);
  await person.follow(t.nav.signIn);
  await person.look(t.auth.signInTitle);
  await person.follow(t.auth.forgot);
  await person.look(t.auth.forgotTitle);
  await person.fill(t.auth.email, who.email);
  await person.press(t.auth.sendLink);
  await person.see(says(t.auth.linkSent, { email: who.email }));
  await person.followMail('/reset-password');
  await person.look(t.auth.resetTitle);
  await person.fill(t.auth.newPassword, renewed.password);
  await person.press(t.auth.setPassword);
  await person.see(t.auth.passwordSet);
  await person.follow(t.auth.toSignIn);
  await person.signIn(renewed);

  const { status } = await createClient(server).post('/api/v1/auth/login', {
    login: who.email,
    password: who.password,
  });
  expect(status).toBe(401);
}

async function seeAllowance(
  { page, t }: Person,
  figures: { used: string; allowance: string },
): Promise<void> {
  const name = says(t.dashboard.allowance, { name: 'Starter', ...figures });
  await page.getByRole('meter', { name }).waitFor();
}
