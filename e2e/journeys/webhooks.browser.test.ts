/**
 * A customer has a program told what happens: adds its address, keeps the secret, sends a test that fails, mends the
 * program and sends it again; then money comes in, and the program hears of it. In both languages.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyWebhook } from '../../sdk/src/index.ts';
import { withBrowser } from '../browser.ts';
import { newCustomer, payIn, signIn, until } from '../client.ts';
import { createPerson, type Person } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

interface Told {
  type: string;
  organization: string;
  data: { amount?: string };
}

/** The customer's program: it believes what it can verify. */
interface Program {
  url: string;
  told: Told[];
  secret: string;
  isBroken: boolean;
}

let server: ServerProcess;
const open: Server[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const one of open) one.close();
  await server?.dispose();
});

async function startProgram(): Promise<Program> {
  const program: Program = { url: '', told: [], secret: '', isBroken: true };
  const listening = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (program.isBroken) return response.writeHead(500).end('out of coffee');
    const { headers } = request;
    const body = Buffer.concat(chunks);
    program.told.push(await verifyWebhook<Told>({ secret: program.secret, headers, body }));
    response.writeHead(204).end();
  });
  open.push(listening);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  program.url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/hooks`;
  return program;
}

describe('webhooks', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `hooks-${width}`);
      const program = await startProgram();
      await enter(person, locale, customer);
      await add(person, program);
      await failAndMend(person, program);

      const operator = await signIn(server, server.operator);
      await payIn(operator, customer.organization, '25.00');
      const told = await until(async () =>
        program.told.find(({ type }) => type === 'payment.succeeded'),
      );
      expect(told).toMatchObject({ organization: customer.organization });
      expect(Number(told.data.amount)).toBe(25);
      await person.row(t.webhooks.deliveries, 'payment.succeeded').first().waitFor();
      await remove(person);
      expect(complaints).toEqual([]);
    }),
  );
});

async function add(person: Person, program: Program): Promise<void> {
  const t = person.t.webhooks;
  await person.visit(person.t.nav.webhooks, t.title);
  await person.see(t.none);
  await person.press(t.add);
  const form = person.dialog();
  await person.fill(t.url, program.url, form);
  await person.press(t.create, form);
  await person.see(t.secretNote, form);
  program.secret = await form.getByLabel(t.secret, { exact: true }).inputValue();
  expect(program.secret).toMatch(/^whsec_/);
  await person.press(t.done, form);
  await form.waitFor({ state: 'hidden' });
  await person.follow(program.url);
  await person.look(t.endpoint);
}

async function failAndMend(person: Person, program: Program): Promise<void> {
  const t = person.t.webhooks;
  await person.press(t.test);
  const row = person.row(t.deliveries, 'webhook.test');
  await row.getByText(t.state.failed).waitFor();
  await row.getByRole('button', { name: t.details }).click();
  const drawer = person.dialog();
  await person.see('out of coffee', drawer);
  await person.see('500', drawer);
  program.isBroken = false;
  await person.press(t.retry, drawer);
  await drawer.getByText(t.state.delivered).first().waitFor();
  expect(program.told).toMatchObject([{ type: 'webhook.test' }]);
  await drawer.locator('.ant-drawer-close').click();
  await drawer.waitFor({ state: 'hidden' });
}

async function remove(person: Person): Promise<void> {
  const t = person.t.webhooks;
  await person.press(t.remove);
  await person.press(t.remove, person.dialog());
  await person.look(t.title);
  await person.see(t.none);
}
