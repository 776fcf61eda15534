/** Receipts: a call is found by its filters, computed again on its page, exported, and verified from the file alone. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { done, newCustomer, newKey, payIn, signIn } from '../client.ts';
import { beginStream, call } from '../gateway.ts';
import { createPerson, type Person, says } from '../person.ts';
import { runCommand, type ServerProcess, startServer } from '../server.ts';
import { changeTo, enter, languages } from './languages.ts';

const model = 'by-the-token';
const scenario = 'Tell a story. [[sandbox: usage=1200/340]]';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
  const operator = await signIn(server, server.operator);
  const prices = { input: '0.15', output: '0.60' };
  await done(operator.post('/api/v1/admin/models', { model, prices, max_output_tokens: 500 }));
  const { data } = await done(operator.get('/api/v1/admin/channels'));
  const [channel] = data;
  const models = [...channel.models, model];
  await done(
    operator.patch(`/api/v1/admin/channels/${channel.id}`, { models, cost: { factor: '0.5' } }),
  );
});
afterAll(() => server?.dispose());

describe('receipts', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `reader-${width}`);
      await payIn(await signIn(server, server.operator), customer.organization, '10');
      const key = await newKey(customer.client);
      const { requestId } = await call(server, { key, model, prompt: scenario });
      const stream = await beginStream(server, { key, model, prompt: scenario });
      await stream.rest();

      await enter(person, locale, customer);
      await person.visit(t.nav.calls, t.calls.title);
      await page.goto(`/calls?model=${model}&outcome=completed&amount=0.0003`);
      await person.look(t.calls.title);
      await person.see(t.calls.outcomes.completed, page.getByRole('table'));
      await readReceipt(person, requestId);

      const file = await exported(person, `receipts-${width}.csv`);
      await verifies(file);
      await page.goto('/calls');
      await person.look(t.calls.title);

      await changeTo(person, server.operator);
      await page.goto(`/admin/calls/${requestId}`);
      await person.look(t.receipt.title);
      await person.see('$0.000192');
      expect(complaints).toEqual([]);
    }),
  );
});

async function readReceipt(person: Person, requestId: string): Promise<void> {
  const { t, page } = person;
  await page.goto(`/calls/${requestId}`);
  await person.look(t.receipt.title);
  await person.see('(1200 input × 0.15 + 340 output × 0.60) ÷ 1,000,000 = 0.000384 USD');
  await person.see(says(t.receipt.matches));
}

async function exported({ t, page }: Person, name: string): Promise<string> {
  await page.goto(`/calls?model=${model}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: t.receipt.exports.csv }).click(),
  ]);
  const file = join(server.dataDir, name);
  await download.saveAs(file);
  return file;
}

/** With nothing but the file; then with a cent less for the first call. */
async function verifies(file: string): Promise<void> {
  const whole = await runCommand(['receipt', 'verify', file], {});
  expect(whole.output, whole.output).toContain(
    'Every receipt is as computed: 2 receipts, 0.000768 USD.',
  );
  expect(whole.code).toBe(0);
  await writeFile(file, (await readFile(file, 'utf8')).replace(',0.000384,', ',0.000374,'));
  const touched = await runCommand(['receipt', 'verify', file], {});
  expect(touched.output).toContain('line 2');
  expect(touched.code).toBe(1);
}
