/** A fapiao: a customer asks for it from an invoice, an operator issues and sends it, and the customer has the file. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { type Customer, createClient, done, newCustomer, signIn, until } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { changeTo, enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const numbers = { en: '26312000000000000001', 'zh-CN': '26312000000000000002' } as const;
const company = '示例科技有限公司';

describe('a fapiao', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const number = numbers[locale];
      const customer = await newCustomer(server, `fapiao-${width}`);
      const invoice = await paidInvoice(customer);
      await enter(person, locale, customer);
      await ask(person, invoice);
      await changeTo(person, server.operator);
      await issueAndSend(person, number);
      const mail = await mailTo(customer.email, number);
      expect(mail.text).toContain('1280.00 CNY');
      await changeTo(person, customer);
      expect(await download(person, number)).toBe(`fapiao-${number}.pdf`);
      // Browsers write down every refusal: of who is not signed in yet.
      const unexpected = complaints.filter((text) => !/\/(me|refresh)\)$/.test(text));
      expect(unexpected).toEqual([]);
    }),
  );
});

async function paidInvoice({ organization }: Customer): Promise<string> {
  const operator = await signIn(server, server.operator);
  const lines = [{ description: 'Integration workshop', unit_amount: '1280.00' }];
  const body = { organization, currency: 'CNY', lines };
  const { id } = await done(operator.post('/api/v1/admin/invoices', body));
  const note = 'Bank transfer';
  await done(operator.post(`/api/v1/admin/invoices/${id}/mark-paid`, { note }));
  return id;
}

/** The invoice is chosen already; only the title is written. */
async function ask(person: Person, invoice: string): Promise<void> {
  const { form, ask: toAsk, title } = person.t.fapiao;
  await person.page.goto(`/billing/invoices/${invoice}`);
  await person.follow(toAsk);
  await person.look(form.title);
  await person.fill(form.companyName, company);
  await person.fill(form.taxNumber, '91310000ma1k35x12a');
  await person.press(says(form.submit));
  await person.look(title);
  await person.see(person.t.fapiao.statuses.requested);
}

async function issueAndSend(person: Person, number: string): Promise<void> {
  const { page, t } = person;
  const words = t.console.fapiao;
  await page.goto('/admin/fapiao');
  await person.look(words.title);
  await person.follow(company);
  await person.see('91310000MA1K35X12A');
  await person.press(words.issue);
  const form = person.dialog();
  await person.fill(t.fapiao.number, number, form);
  await person.fill(t.fapiao.issuedOn, '2026-01-02', form);
  await form.getByLabel(words.file, { exact: true }).setInputFiles({
    name: 'fapiao.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\n'),
  });
  await person.press(words.issue, form);
  await person.look(words.named.replace('{number}', number));
  await person.press(words.send);
  await person.press(words.send, person.dialog());
  await person.see(t.fapiao.statuses.sent);
}

function mailTo(email: string, number: string): Promise<{ subject: string; text: string }> {
  return until(async () => {
    const mailbox = `/sandbox/mailbox?to=${encodeURIComponent(email)}`;
    const { body } = await createClient(server).get(mailbox);
    return body.data.find(({ subject }: { subject: string }) => subject.includes(number));
  });
}

/** Answers the name of the file. */
async function download(person: Person, number: string): Promise<string> {
  const { page, t } = person;
  await page.goto('/billing/fapiao');
  await person.look(t.fapiao.title);
  await person.see(t.fapiao.statuses.sent);
  const saved = page.waitForEvent('download');
  await person.press(t.fapiao.downloadNamed.replace('{number}', number));
  return (await saved).suggestedFilename();
}
