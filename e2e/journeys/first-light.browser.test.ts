/** Everything that a new customer does on the first day, in both languages and on a narrow and a wide screen. */
import OpenAI, { APIError } from 'openai';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import en from '../../web/src/i18n/en.ts';
import type { Translation } from '../../web/src/i18n/messages.ts';
import zhCn from '../../web/src/i18n/zh-cn.ts';
import { goTo, type PersonsBrowser, panel, says, sidewaysPx, withBrowser } from '../browser.ts';
import { createClient, until } from '../client.ts';
import { type ServerProcess, startServer } from '../server.ts';

const model = 'gpt-4o-mini';
const firstPassword = 'the first long password';
const secondPassword = 'the second long password';
/** A million tokens in and out cost $0.15 and $0.60. */
const threeQuarters = '[[sandbox: usage=1000000/1000000/0]] Hello';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

interface Words {
  t: Translation;
  /** The button on the provider's page, for the package and for the top-up. */
  pay: RegExp;
  payTwo: RegExp;
}

const languages = [
  { locale: 'en', t: en, width: 1280, pay: /^Pay 71\.28$/, payTwo: /^Pay 14\.40$/ },
  { locale: 'zh-CN', t: zhCn, width: 390, pay: /^确认支付 71\.28$/, payTwo: /^确认支付 14\.40$/ },
];

describe('the first day of a customer', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, ...words }) =>
    withBrowser({ origin: server.url, locale, width }, (browser) => firstDay(browser, words)),
  );
});

async function firstDay(browser: PersonsBrowser, { t, pay, payTwo }: Words): Promise<void> {
  const email = `ann-${t === en ? 'en' : 'zh'}@example.com`;
  let { page } = browser;
  const look = async (heading: string | RegExp) => {
    const name = heading instanceof RegExp ? heading : says(heading);
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect([page.url(), await sidewaysPx(page)]).toEqual([page.url(), 0]);
  };
  const press = (name: string | RegExp, within: Pick<Page, 'getByRole'> = page) =>
    within.getByRole('button', { name: name instanceof RegExp ? name : says(name) }).click();
  const follow = (name: string) => page.getByRole('link', { name, exact: true }).click();
  const visit = async (label: string, heading: string) => {
    await goTo(page, { menu: t.layout.menu, label });
    await look(heading);
  };
  /** Opens the mailbox from the page that announced a mail, and follows the mail's link. */
  const followMail = async () => {
    const [mailbox] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: t.auth.sandboxMailbox }).click(),
    ]);
    const link = mailbox.getByRole('article').first().getByRole('listitem').getByRole('link');
    await until(async () => {
      if ((await link.count()) > 0) return true;
      await mailbox.reload();
      return false;
    });
    await link.click();
    page = mailbox;
  };
  const signIn = async (password: string) => {
    await look(t.auth.signInTitle);
    await page.getByLabel(t.auth.login, { exact: true }).fill(email);
    await page.getByLabel(t.auth.password, { exact: true }).fill(password);
    await press(t.auth.signIn, page.getByRole('main'));
    await look(t.dashboard.title);
  };
  /** From the provider's page back to the app, where the payment turns by itself. */
  const payThere = async (button: RegExp) => {
    await press(button);
    await look(t.checkout.titles.succeeded);
  };

  // Sign up.
  await page.goto('/');
  await look(t.landing.title);
  await page.getByRole('link', { name: t.landing.start }).first().click();
  await look(t.auth.signUpTitle);
  await page.getByLabel(t.auth.email, { exact: true }).fill(email);
  await page.getByLabel(t.auth.password, { exact: true }).fill(firstPassword);
  await press(t.auth.signUp);
  await look(t.auth.checkMailTitle);
  await followMail();
  await page.getByText(t.auth.verified).waitFor();
  await look(t.auth.verifyTitle);
  await follow(t.auth.toSignIn);
  await signIn(firstPassword);
  await panel(page, t.dashboard.today).getByText(t.dashboard.noAllowance).waitFor();

  // Buy a package.
  await visit(t.nav.packages, t.packages.title);
  await press(says(t.packages.buy, { name: 'Starter' }));
  await page.getByRole('dialog').getByText(says(t.packages.confirmTitle)).waitFor();
  await press(says(t.packages.pay, { price: '$9.90' }), page.getByRole('dialog'));
  await payThere(pay);
  await follow(t.checkout.toDashboard);
  await look(t.dashboard.title);
  await page
    .getByRole('meter', {
      name: says(t.dashboard.allowance, { name: 'Starter', used: '$0.00', allowance: '$1.00' }),
    })
    .waitFor();

  // Top up.
  await visit(t.nav.billing, t.billing.title);
  await page.getByLabel(t.billing.amount, { exact: true }).fill('2.00');
  await page.getByRole('radio', { name: 'Credit' }).check();
  await press(t.billing.topUpReview);
  await press(says(t.packages.pay, { price: '$2.00' }), page.getByRole('dialog'));
  await payThere(payTwo);
  await visit(t.nav.billing, t.billing.title);
  await panel(page, t.billing.wallet).getByText('$2.00').first().waitFor();

  // Create a key, which is shown once.
  await visit(t.nav.keys, t.keys.title);
  await press(t.keys.create);
  await page.getByLabel(t.keys.name, { exact: true }).fill('my program');
  await press(t.keys.create, page.getByRole('dialog'));
  const apiKey = await page.getByLabel(t.keys.secret, { exact: true }).inputValue();
  await press(t.keys.done);
  await page.getByRole('row', { name: /my program/ }).waitFor();
  await page.reload();
  await page.getByRole('row', { name: /my program/ }).waitFor();
  expect(await page.content()).not.toContain(apiKey);

  // Call, with the vendor's own client, and read the receipt.
  const openai = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const ask = (content: string) =>
    openai.chat.completions.create({ model, messages: [{ role: 'user', content }] });
  expect((await ask('Hello')).choices[0]?.message.content).not.toBe('');
  await visit(t.nav.calls, t.calls.title);
  const rows = page.getByRole('table', { name: t.calls.title }).getByRole('row');
  await rows.filter({ hasText: model }).first().waitFor();
  await page.getByRole('link', { name: says(t.calls.receiptOf) }).click();
  await look(t.receipt.title);
  await page.getByText(says(t.receipt.matches)).waitFor();

  // Spend past the allowance: one call is paid from both.
  await ask(threeQuarters);
  await ask(threeQuarters);
  await visit(t.nav.calls, t.calls.title);
  const both = `${t.calls.kinds.allowance} + ${t.calls.kinds.wallet}`;
  await rows
    .filter({ hasText: both })
    .getByRole('link', { name: says(t.calls.receiptOf) })
    .click();
  await look(t.receipt.title);
  await page.getByText(says(t.receipt.matches, { amount: '$0.75' })).waitFor();
  const paid = panel(page, t.receipt.paid).getByRole('row');
  await paid.filter({ hasText: t.calls.kinds.allowance }).waitFor();
  await paid.filter({ hasText: t.calls.kinds.wallet }).waitFor();
  expect(await paid.count()).toBe(3);

  // Spend all: what is not there is not lent.
  await ask(threeQuarters);
  await ask(threeQuarters);
  const refusal = await ask('One more').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status: 402, code: 'insufficient_quota' });
  await visit(t.nav.dashboard, t.dashboard.title);
  await page
    .getByRole('meter', {
      name: says(t.dashboard.allowance, { name: 'Starter', used: '$1.00', allowance: '$1.00' }),
    })
    .waitFor();
  await panel(page, t.dashboard.wallet).getByText('$0.00').first().waitFor();
  await visit(t.nav.models, t.models.title);
  await visit(t.nav.account, t.account.title);

  // Forget the password.
  await press(t.layout.accountMenu);
  await page.getByRole('menuitem', { name: t.nav.signOut }).click();
  await look(t.landing.title);
  await follow(t.nav.signIn);
  await look(t.auth.signInTitle);
  await follow(t.auth.forgot);
  await look(t.auth.forgotTitle);
  await page.getByLabel(t.auth.email, { exact: true }).fill(email);
  await press(t.auth.sendLink);
  await page.getByText(says(t.auth.linkSent, { email })).waitFor();
  await followMail();
  await look(t.auth.resetTitle);
  await page.getByLabel(t.auth.newPassword, { exact: true }).fill(secondPassword);
  await press(t.auth.setPassword);
  await page.getByText(t.auth.passwordSet).waitFor();
  await follow(t.auth.toSignIn);
  await signIn(secondPassword);

  const old = { login: email, password: firstPassword };
  expect((await createClient(server).post('/api/v1/auth/login', old)).status).toBe(401);
  expect(browser.complaints).toEqual([]);
}
