/**
 * Being told: a customer connects a group of WeCom and a Telegram chat, says that payments are told there, and when money
 * arrives the bell counts it, the page shows it and leads to the invoice; both chats have it, each in its language.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrowser } from '../browser.ts';
import { createClient, newCustomer, payIn, signIn, until } from '../client.ts';
import { createPerson, type Person, says } from '../person.ts';
import { type ServerProcess, startServer } from '../server.ts';
import { enter, languages } from './languages.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.dispose());

const titles = { en: 'Payment received: 25.00 USD', 'zh-CN': '已收到付款 25.00 USD' } as const;

describe('notices', () => {
  test.each(languages)('in $locale at $width px', ({ locale, width, t }) =>
    withBrowser({ origin: server.url, locale, width }, async ({ page, complaints }) => {
      const person = createPerson(page, t);
      const customer = await newCustomer(server, `told-${width}`);
      await enter(person, locale, customer);
      await page.goto('/organization?tab=notifications');
      await person.look(t.teams.organization.title);
      await connectWecom(person, `693a91f6-7aaa-4bc4-97a0-${width}`);
      await connectTelegram(person);

      await payIn(await signIn(server, server.operator), customer.organization, '25.00');
      const title = titles[locale];
      await seeInApp(person, title);
      const inTelegram = await messages('telegram', ({ text }) => text?.includes(title));
      expect(String(inTelegram.links)).toMatch(/\/billing\/invoices\/inv_/);
      const inWecom = await messages('wecom', ({ key }) => key?.endsWith(`-${width}`));
      expect(inWecom.content).toContain(title);
      expect(complaints).toEqual([]);
    }),
  );
});

async function connectWecom({ t, ...person }: Person, robot: string): Promise<void> {
  const { chats } = t.notices;
  await person.press(chats.connectWecom);
  await person.fill(chats.name, 'Team', person.dialog());
  await person.fill(chats.robot, robot, person.dialog());
  await person.press(chats.connect, person.dialog());
  await person.dialog().waitFor({ state: 'hidden' });
  await person.row(chats.title, 'Team').getByText(chats.statuses.active).waitFor();
  await person.press(chats.test);
  await person.see(chats.tested.sent);
}

/** The link opens where somebody uses Telegram; they press Start there. */
async function connectTelegram({ t, page, ...person }: Person): Promise<void> {
  const { chats } = t.notices;
  await person.press(chats.connectTelegram);
  await person.fill(chats.name, 'Family', person.dialog());
  await person.press(chats.connect, person.dialog());
  await person.dialog().waitFor({ state: 'hidden' });
  const family = person.row(chats.title, 'Family');
  const link = await family.getByRole('link', { name: chats.openLink }).getAttribute('href');
  await fetch(link ?? '', { method: 'POST' });
  await person.press(chats.check, family);
  await family.getByText(chats.statuses.active).waitFor();
  await page.reload();
}

/** The money, and the sign-in from a browser that is new to the account. */
async function seeInApp(person: Person, title: string): Promise<void> {
  const { notices, layout } = person.t;
  const { page } = person;
  const bell = page.getByRole('link', { name: says(layout.notices) });
  await until(async () => {
    await page.goto('/dashboard');
    // It is on its way: asked again, the page counts again.
    const both = bell.getByText('2', { exact: true }).waitFor({ timeout: 4_000 });
    return both.then(
      () => true,
      () => false,
    );
  });
  await bell.click();
  await person.look(notices.title);
  await person.row(notices.title, title).getByText(notices.new).waitFor();
  await person.follow(`${notices.open}: ${title}`);
  await page.waitForURL(/\/billing\/invoices\/inv_/);
  await page.goto('/notices?show=unread');
  await person.look(notices.title);
  await person.press(notices.readAll);
  await person.see(notices.noneUnread);
}

async function messages(
  service: 'telegram' | 'wecom',
  isIt: (message: Record<string, string>) => boolean | undefined,
): Promise<Record<string, string>> {
  const look = async () => {
    const { body } = await createClient(server).get(`/sandbox/${service}/messages`);
    return (body.data as Record<string, string>[]).find(isIt);
  };
  return until(look);
}
