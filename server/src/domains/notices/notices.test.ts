/** From a happening to everybody who is told of it, once each, over real outside services in miniature. */
import type { HappeningName } from '@sluice/contract/happenings';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../sandbox/src/sandbox.ts';
import { type Context, inTransaction } from '../../platform/context.ts';
import { announceHappening, type Happened } from '../../platform/happenings.ts';
import { setSandboxAddress } from '../../platform/http/sandbox-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { createVerifiedUser } from '../identity/index.ts';
import { changeNotificationRules } from '../identity/operations/notification-settings.ts';
import { runJobsOnce } from '../jobs/index.ts';
import { noticesJobs, noticesListeners } from './index.ts';
import { connectChats } from './operations/connect-chats.ts';
import {
  checkDestination,
  createDestination,
  removeDestination,
  testDestination,
} from './operations/destinations.ts';
import { countNotices, markAllRead, readNotices } from './operations/read-notices.ts';
import { readTellings } from './operations/read-tellings.ts';

const publicUrl = 'https://sluice.example';
const robot = '693a91f6-7aaa-4bc4-97a0-0ec2deadbeef';
const paid = { payment: 'pay_1', invoice: 'inv_1', amount: '30.00', currency: 'USD' };

let db: TestDatabase;
let sandbox: Sandbox;
let platform: TestPlatform;
let context: Context;
let count = 0;
let organizationId: string;
let userId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  sandbox = await startSandbox({ port: 0, smtpPort: 0 });
  setSandboxAddress({ origin: `http://127.0.0.1:${sandbox.port}`, publicUrl });
  const config = { publicUrl, telegramBotToken: sandbox.telegram.token };
  platform = testPlatform(db, { config, listeners: noticesListeners });
  context = testContext(platform);
});
beforeEach(async () => {
  await steer('telegram', {});
  await steer('wecom', {});
  await sql`delete from notices_notices`.execute(db.database);
  await sql`delete from delivery_messages`.execute(db.database);
  count += 1;
  const person = {
    email: `told${count}@example.com`,
    name: 'Ada',
    password: 'correct horse battery',
  };
  const made = await createVerifiedUser(context, person);
  organizationId = made?.organizationId ?? '';
  userId = made?.userId ?? '';
});
afterAll(async () => {
  setSandboxAddress(undefined);
  await sandbox.close();
  await db.close();
});

const at = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox/${path}`;

async function steer(service: 'telegram' | 'wecom', body: object): Promise<void> {
  await fetch(at(`${service}/steering`), { method: 'POST', body: JSON.stringify(body) });
}

async function messagesIn(service: 'telegram' | 'wecom'): Promise<Record<string, string>[]> {
  const answer = await fetch(at(`${service}/messages`));
  return ((await answer.json()) as { data: Record<string, string>[] }).data;
}

async function happen<N extends HappeningName>(
  name: N,
  about: Omit<Happened<N>, 'organizationId'>,
) {
  await inTransaction(context, (transaction) =>
    announceHappening(context, transaction, name, { organizationId, ...about } as Happened<N>),
  );
}

const succeed = (id?: string) =>
  happen('payment.succeeded', { data: { ...paid, provider: 'credit' }, ...(id && { id }) });

/** What the queue would do at once. */
async function work(of: Context = context): Promise<void> {
  for (const name of ['notices.send_due', 'notices.send_due']) {
    await noticesJobs.find((job) => job.name === name)?.run(of, {});
  }
}

async function mails(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from delivery_messages
  `.execute(db.database);
  return rows[0]?.count ?? 0;
}

const tellings = async () =>
  (await readTellings(context, { limit: 200, organization: organizationId })).data;

async function connectTelegram(): Promise<{ id: string; chatId: string | undefined }> {
  const body = { channel: 'telegram', name: 'Family', locale: 'en' } as const;
  const made = await createDestination(context, organizationId, body);
  const path = (made.link ?? '').replace(publicUrl, `http://127.0.0.1:${sandbox.port}`);
  await fetch(path, { method: 'POST' });
  await connectChats(context);
  return { id: made.id, chatId: undefined };
}

const connectWecom = () =>
  createDestination(context, organizationId, {
    ...{ channel: 'wecom', name: 'Team', locale: 'zh-CN' },
    robot: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${robot}${count}`,
  });

describe('a happening', () => {
  it('is told in the app, by mail, in Telegram and in WeCom, each in its language', async () => {
    await connectTelegram();
    await connectWecom();
    await succeed();
    await work();
    const told = await tellings();
    expect(told.map(({ channel, status, to }) => [channel, status, to]).sort()).toEqual([
      ['app', 'sent', userId],
      ['mail', 'queued', userId],
      ['telegram', 'sent', 'Family'],
      ['wecom', 'sent', 'Team'],
    ]);
    const [inTelegram] = await messagesIn('telegram');
    expect(inTelegram?.text).toContain('Payment received: 30.00 USD');
    expect(inTelegram?.links).toEqual([`${publicUrl}/billing/invoices/inv_1`]);
    const [inWecom] = await messagesIn('wecom');
    expect(inWecom).toMatchObject({ key: `${robot}${count}`, msgtype: 'markdown' });
    expect(inWecom?.content).toContain('已收到付款 30.00 USD');
    const reader = { organizationId, userId };
    expect(await countNotices(context, reader)).toBe(1);
    const { data } = await readNotices(context, reader, { limit: 10, locale: 'zh-CN' });
    expect(data).toMatchObject([
      { title: '已收到付款 30.00 USD', path: '/billing/invoices/inv_1', read: false },
    ]);
    await markAllRead(context, reader);
    expect(await countNotices(context, reader)).toBe(0);
  });

  it('is told by the ways and to the people that the organization chose', async () => {
    await connectWecom();
    const rule = { event: 'payment.succeeded', userIds: [] } as const;
    await changeNotificationRules(context, organizationId, [
      { ...rule, userIds: [...rule.userIds], channels: ['mail'], addresses: ['bills@example.com'] },
    ]);
    await succeed();
    await work();
    expect((await tellings()).map(({ channel, to }) => [channel, to])).toEqual([
      ['mail', 'address'],
    ]);
  });

  it('is not told where another notice says as much, or whoever announces it mails it', async () => {
    const failed = { ...paid, provider: 'stripe', code: 'card_declined', automatic: true };
    await happen('payment.failed', { data: failed });
    await happen('invoice.paid', { data: { ...invoice, kind: 'top_up' } });
    await happen('invoice.overdue', { data: { ...invoice, kind: 'subscription' } });
    await work();
    expect(await tellings()).toEqual([]);
    await happen('invoice.payment_requested', { data: { ...invoice, kind: 'manual' } });
    await happen('device.new', { userId, data: { device: 'Firefox · Linux', ip: '203.0.113.7' } });
    await work();
    expect((await tellings()).map(({ channel }) => channel)).toEqual(['app', 'app']);
    expect(await mails()).toBe(0);
  });
});

const invoice = {
  invoice: 'inv_1',
  amount: '30.00',
  currency: 'USD',
  due_at: '2026-03-01T00:00:00.000Z',
};

describe('a chat that cannot be told', () => {
  it('is tried again with growing delay while it is down, then told', async () => {
    await connectWecom();
    await steer('wecom', { mood: 'down', times: 2 });
    await succeed();
    await work();
    const waits = async () => (await tellings()).find(({ channel }) => channel === 'wecom');
    expect(await waits()).toMatchObject({ status: 'queued', attempts: 1, detail: 'WeCom: 502 ' });
    await work();
    expect(await waits()).toMatchObject({ attempts: 1 });
    platform.clocks.advance('PT30S');
    await work();
    expect(await waits()).toMatchObject({ status: 'queued', attempts: 2 });
    platform.clocks.advance('PT1M');
    await work();
    expect(await waits()).toMatchObject({ status: 'sent', attempts: 3 });
  });

  it('is skipped with a record when it stays down, and at once when it is gone for good', async () => {
    const { id } = await connectTelegram();
    await steer('telegram', { mood: 'down' });
    await succeed();
    for (let turn = 0; turn < 12; turn += 1) {
      await work();
      platform.clocks.advance('PT2H');
    }
    expect((await tellings())[0]).toMatchObject({
      ...{ channel: 'telegram', status: 'skipped', attempts: 9, detail: 'Telegram: Bad Gateway' },
    });
    await steer('telegram', { mood: 'blocked' });
    await succeed();
    await work();
    expect((await tellings())[0]).toMatchObject({ status: 'skipped', attempts: 1 });
    await steer('telegram', { mood: 'too_many' });
    await succeed();
    await work();
    await removeDestination(context, { organizationId, id });
    expect((await tellings())[0]).toMatchObject({
      ...{ status: 'skipped', detail: 'The chat was disconnected.' },
    });
  });

  it('is not sent a second copy of what may have arrived', async () => {
    await connectTelegram();
    const before = (await messagesIn('telegram')).length;
    await steer('telegram', { mood: 'lost', times: 1 });
    await succeed();
    await work();
    platform.clocks.advance('PT5H');
    await work();
    expect((await tellings())[0]).toMatchObject({ channel: 'telegram', status: 'unclear' });
    expect(await messagesIn('telegram')).toHaveLength(before + 1);
  });
});

describe('nobody is told twice', () => {
  it('of what was announced twice', async () => {
    await succeed('hap_same');
    await succeed('hap_same');
    await work();
    expect(await tellings()).toHaveLength(2);
  });

  it('by two processes at once, or after one that died at any point', async () => {
    await connectTelegram();
    await connectWecom();
    const before = await messagesIn('telegram');
    for (let query = 1; query <= 24; query += 1) {
      await succeed();
      const dying = startOtherProcess(db, platform, { diesAtQuery: query });
      await work(dying.context).catch(() => undefined);
      await dying.close();
      const other = startOtherProcess(db, platform);
      await Promise.all([work(), work(other.context)]);
      platform.clocks.advance('PT2M');
      await work();
      await other.close();
      const told = await tellings();
      const times = (way: string) => told.filter(({ channel }) => channel === way).length;
      const perWay = { app: times('app'), mail: times('mail') };
      expect([times('telegram'), times('wecom')]).toEqual([query, query]);
      expect(perWay).toEqual({ app: query, mail: query });
      expect(told.filter(({ status }) => status === 'sending')).toEqual([]);
    }
    expect(await mails()).toBe(24);
    // Of one whose process died over it, whether it arrived is not known: it is not sent again.
    const unclear = (await tellings()).filter(({ status }) => status === 'unclear');
    const arrived = (await messagesIn('telegram')).length - before.length;
    expect(arrived).toBeLessThanOrEqual(24);
    expect(arrived).toBeGreaterThanOrEqual(24 - unclear.length);
  });

  it('and a job of the queue tells within the same moment', async () => {
    await succeed();
    await runJobsOnce(platform, noticesJobs, { url: db.url });
    expect(await tellings()).toHaveLength(2);
  });
});

describe('a chat', () => {
  it('is connected by whoever opens its link, once, and tried on request', async () => {
    const body = { channel: 'telegram', name: 'Family', locale: 'en' } as const;
    const made = await createDestination(context, organizationId, body);
    expect(made).toMatchObject({ status: 'waiting' });
    const of = { organizationId, id: made.id };
    await expect(testDestination(context, of)).rejects.toMatchObject({ code: 'invalid_state' });
    expect(await checkDestination(context, of)).toMatchObject({
      status: 'waiting',
      link: made.link,
    });
    await fetch((made.link ?? '').replace(publicUrl, `http://127.0.0.1:${sandbox.port}`), {
      method: 'POST',
    });
    expect(await checkDestination(context, of)).toMatchObject({ status: 'active', link: null });
    expect(await testDestination(context, of)).toEqual({ status: 'sent' });
    await expect(testDestination(context, of)).rejects.toMatchObject({ code: 'too_many_requests' });
  });

  it('has a fixed host: an address of another one is no robot', async () => {
    for (const address of [
      'http://169.254.169.254/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4',
      'https://qyapi.weixin.qq.com.example.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4',
      '../../etc',
    ]) {
      const body = { channel: 'wecom', name: 'Team', locale: 'en', robot: address } as const;
      await expect(createDestination(context, organizationId, body)).rejects.toMatchObject({
        code: 'rule_violated',
      });
    }
  });
});
