/** Every provider's whole way in a browser: from the button over its own page, a refusal there, and back to the receipt. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, done, newCustomer } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

interface Way {
  provider: string;
  /** As the form calls it. */
  en: string;
  'zh-CN': string;
  pay(person: Person, customer: Customer): Promise<void>;
}

/** Pages that the payer is sent to; each is left by a refusal first. */
const ways: Way[] = [
  { provider: 'credit', en: 'Credit', 'zh-CN': 'Credit', pay: payThere },
  { provider: 'stripe', en: 'Card', 'zh-CN': '银行卡', pay: payThere },
  { provider: 'paypal', en: 'PayPal', 'zh-CN': 'PayPal', pay: payThere },
  { provider: 'alipay', en: 'Alipay', 'zh-CN': '支付宝', pay: payThere },
  {
    provider: 'alipay',
    ...{ en: 'Alipay QR code', 'zh-CN': '支付宝扫码支付' },
    pay: (person, customer) => scan(person, customer, (content) => content),
  },
  {
    provider: 'wechat',
    ...{ en: 'Scan with WeChat', 'zh-CN': '微信扫码' },
    pay: (person, customer) =>
      scan(
        person,
        customer,
        (content) => `${server.url}/sandbox/wechat/scan?code=${encodeURIComponent(content)}`,
      ),
  },
  {
    provider: 'wechat',
    ...{ en: 'Open WeChat on this phone', 'zh-CN': '手机上打开微信' },
    pay: payThere,
  },
];

describe('paying', () => {
  for (const { locale, width, t } of languages) {
    test.each(ways)(`by $provider: $en, in ${locale} at ${width} px`, (way) =>
      withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
        const person = createPerson(page, t);
        const customer = await newCustomer(server, `pays-${ways.indexOf(way)}-${width}`);
        await enter(person, locale, customer);
        await page.goto('/billing');
        await person.fill(t.billing.amount, '20');
        await page.getByRole('radio', { name: way[locale], exact: true }).check();
        await person.press(t.billing.topUpReview);
        await person.press(/20\.00/, person.dialog());
        await way.pay(person, customer);
        await seeReceipt(person, customer);
        expect(complaints).toEqual([]);
      }),
    );
  }
});

/** Is declined on the provider's page, comes back to it where that was left, and pays. */
async function payThere(person: Person): Promise<void> {
  const { t, page } = person;
  await arriveAt(page, 'sandbox');
  await press(page, 'declined');
  if (!page.url().includes('/sandbox/')) {
    const again = page.getByRole('button', { name: t.checkout.open, exact: true });
    const payAgain = page.getByRole('button', { name: t.checkout.payAgain, exact: true });
    await again.or(payAgain).first().click();
    const dialog = person.dialog();
    if (await dialog.isVisible()) await person.press(/20\.00/, dialog);
    await arriveAt(page, 'sandbox');
  }
  await press(page, 'paid');
  await arriveAt(page, 'checkout');
}

/** Scans the code with a second device: there the payment is declined, and then made. */
async function scan(
  person: Person,
  { client }: Customer,
  addressOf: (content: string) => string,
): Promise<void> {
  const { t, page } = person;
  await person.see(t.checkout.scan);
  const [payment] = (await done(client.get('/api/v1/billing/payments'))).data;
  const phone = await page.context().newPage();
  await phone.goto(addressOf(payment.next.content));
  await press(phone, 'declined');
  await press(phone, 'paid');
  await phone.close();
}

/** Either leads to another page; what is pressed before that is there would be lost. */
async function press(page: Page, outcome: 'paid' | 'declined'): Promise<void> {
  const isThere = page.waitForEvent('load');
  await page.locator(`button[name=outcome][value=${outcome}]`).click();
  await isThere;
}

async function arriveAt(page: Page, part: 'sandbox' | 'checkout'): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname.startsWith(`/${part}/`));
}

async function seeReceipt(person: Person, { client }: Customer): Promise<void> {
  const { t } = person;
  await person.look(t.checkout.titles.succeeded);
  await person.see(says(t.payment.statuses.succeeded));
  await person.follow(/^INV-/);
  await person.see(/20\.00/);
  const wallet = await done(client.get('/api/v1/billing/wallet'));
  expect(wallet.available).toBe('20.00');
}
