/** From something that happens to a signed message at a customer's server, once. */
import type { ServerResponse } from 'node:http';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyWebhook } from '../../../../sdk/src/webhooks.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { runJobsOnce } from '../jobs/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { webhooksListeners } from './events.ts';
import { webhooksJobs } from './jobs.ts';
import { deleteWebhookEndpoint } from './operations/delete-webhook-endpoint.ts';
import { getWebhookDelivery, listWebhookDeliveries } from './operations/read-webhooks.ts';
import { retryWebhookDelivery } from './operations/retry-webhook-delivery.ts';
import { rotateWebhookSecret } from './operations/rotate-webhook-secret.ts';
import { sendDue } from './operations/send-due.ts';
import { testWebhookEndpoint } from './operations/test-webhook-endpoint.ts';
import { openSender, type Sender } from './sender.ts';
import { makeEndpoint, makeOrganization, pay } from './testing/customer.ts';
import { openReceiver, type Received, type Receiver, withStatus } from './testing/receiver.ts';

let db: TestDatabase;
let platform: TestPlatform;
let sender: Sender;
let receiver: Receiver;
let organizationId: string;
let endpoint: { id: string; secret: string };

const start = new Date('2026-03-04T12:00:00Z');
const context = () => testContext(platform);
const tell = () => context().events.tellNews(context());
const send = () => sendDue(context(), sender);

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { listeners: [...ledgerListeners, ...webhooksListeners] });
  sender = openSender({ ...platform, timeoutMs: 500 });
});
beforeEach(async () => {
  platform.clocks.set(start);
  await sql`delete from webhooks_endpoints`.execute(db.database);
  await receiver?.close();
  receiver = await openReceiver();
  organizationId = await makeOrganization(context());
  endpoint = await makeEndpoint(context(), organizationId, `${receiver.url}/hooks`);
});
afterAll(async () => {
  await receiver.close();
  await sender.close();
  await db.close();
});

const deliveries = async () =>
  (await listWebhookDeliveries(context(), { id: endpoint.id, organizationId, limit: 50 })).data;
const details = async () => {
  const [latest] = await deliveries();
  const asked = {
    organizationId,
    permissions: ['organization.read', 'billing.read'] as const,
    id: latest?.id ?? '',
  };
  return getWebhookDelivery(context(), asked);
};

/** As a customer's server does it, with our SDK. */
const verify = ({ headers, body }: Received, secret = endpoint.secret) =>
  verifyWebhook({ secret, headers, body, now: () => platform.clocks.wall().getTime() });

describe('sending', () => {
  it('tells an endpoint what happened, in a message that the SDK verifies', async () => {
    await pay(context(), organizationId);
    await tell();
    expect(await send()).toBe(1);
    const [received] = receiver.received as [Received];
    expect(received.path).toBe('/hooks');
    expect(await verify(received)).toEqual({
      id: received.headers['webhook-id'],
      ...{ type: 'payment.succeeded', version: 1, timestamp: start.toISOString() },
      organization: organizationId,
      data: {
        ...{ payment: 'pay_1', invoice: 'inv_1', amount: '29.99', currency: 'USD' },
        provider: 'credit',
      },
    });
    await expect(verify(received, 'whsec_AAAA')).rejects.toThrow();
    expect(await details()).toMatchObject({
      ...{ status: 'delivered', tries: 1, response_status: 200, next_try_at: null },
      body: received.body,
      attempts: [{ number: 1, outcome: 'delivered', response_excerpt: 'ok' }],
    });
  });

  it('has jobs of the same commit tell and send it, so that nobody waits for a schedule', async () => {
    await pay(context(), organizationId);
    await runJobsOnce(platform, webhooksJobs(), { url: db.url });
    expect(receiver.received).toHaveLength(1);
    expect(await details()).toMatchObject({ status: 'delivered' });
  });

  it('sends what happened once, however often and by whomever it is told', async () => {
    const other = startOtherProcess(db, platform);
    for (let times = 0; times < 3; times += 1) await pay(context(), organizationId, 'hap_same');
    const tellOther = () => other.context.events.tellNews(other.context);
    await Promise.all([tell(), tellOther(), tell(), tellOther()]);
    await Promise.all([send(), sendDue(other.context, sender)]);
    await other.close();
    expect(receiver.received).toHaveLength(1);
    expect(await deliveries()).toHaveLength(1);
  });

  it('shares what is due between processes, and sends an endpoint only so much at once', async () => {
    receiver.answer((response) => setTimeout(() => response.end(), 20));
    for (let count = 0; count < 30; count += 1) await pay(context(), organizationId);
    await tell();
    const other = startOtherProcess(db, platform);
    const tries = await Promise.all([send(), sendDue(other.context, sender)]);
    await other.close();
    expect(tries[0] + tries[1]).toBe(30);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(30);
    expect(receiver.mostAtOnce()).toBeLessThanOrEqual(4);
  });

  it('tells neither another organization, nor an endpoint of other events', async () => {
    await sql`update webhooks_endpoints set events = '{invoice.paid}'`.execute(db.database);
    await pay(context(), organizationId);
    await pay(context(), await makeOrganization(context()));
    await tell();
    expect(await deliveries()).toEqual([]);
  });

  it('tells nothing that happened before there was an endpoint', async () => {
    await pay(context(), organizationId);
    platform.clocks.advance('PT1S');
    endpoint = await makeEndpoint(context(), organizationId, receiver.url);
    await tell();
    expect(await deliveries()).toEqual([]);
    await pay(context(), organizationId);
    await tell();
    expect(await deliveries()).toHaveLength(1);
  });

  it('lets nobody wait for an endpoint that does not answer', async () => {
    const silent = await openReceiver();
    silent.answer(() => undefined);
    await makeEndpoint(context(), organizationId, silent.url);
    for (let count = 0; count < 6; count += 1) await pay(context(), organizationId);
    await tell();
    const patient = openSender({ ...platform, timeoutMs: 15_000 });
    const sent = sendDue(context(), patient);
    await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBe(6);
    await silent.close();
    await sent;
    await patient.close();
    expect(silent.mostAtOnce()).toBeLessThanOrEqual(4);
  });

  it('begins at once what it is told of while it waits for an answer', async () => {
    const job = webhooksJobs().find(({ name }) => name === 'webhooks.send_due');
    const open: ServerResponse[] = [];
    receiver.answer((response) => open.push(response));
    await pay(context(), organizationId);
    await tell();
    const turn = job?.run(context(), {});
    await expect.poll(() => open.length, { timeout: 5000 }).toBe(1);
    await pay(context(), organizationId);
    await tell();
    await job?.run(context(), {});
    await expect.poll(() => open.length, { timeout: 5000 }).toBe(2);
    for (const response of open) response.end();
    await turn;
    expect((await deliveries()).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });
});

describe('trying again', () => {
  it('follows its schedule under the same id, then gives up, and can be asked to go on', async () => {
    receiver.answer(withStatus(503, 'down for maintenance'));
    await pay(context(), organizationId);
    await tell();
    await send();
    for (const wait of [
      'PT5S',
      'PT5M',
      'PT30M',
      'PT2H',
      'PT5H',
      'PT10H',
      'PT14H',
      'PT20H',
      'PT24H',
    ]) {
      platform.clocks.advance(wait);
      expect(await send(), wait).toBe(1);
      expect(await send()).toBe(0);
    }
    expect(await details()).toMatchObject({ status: 'failed', tries: 10, next_try_at: null });
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    for (const received of receiver.received.slice(-1)) await verify(received);
    platform.clocks.advance('P1D');
    expect(await send()).toBe(0);

    receiver.answer(withStatus(204));
    const [delivery] = await deliveries();
    await retryWebhookDelivery(context(), { id: delivery?.id ?? '', organizationId });
    expect(await send()).toBe(1);
    expect(await details()).toMatchObject({ status: 'delivered', tries: 11, response_status: 204 });
  });

  it('takes redirects, silence and closed doors for what they are', async () => {
    receiver.answer((response) => {
      response.writeHead(302, { location: `${receiver.url}/elsewhere` }).end();
    });
    await pay(context(), organizationId);
    await tell();
    await send();
    receiver.answer(() => undefined);
    platform.clocks.advance('PT5S');
    await send();
    await receiver.close();
    platform.clocks.advance('PT5M');
    await send();
    const { attempts } = await details();
    expect(attempts.map(({ outcome }) => outcome)).toEqual([
      ...['unreachable', 'timed_out', 'redirected'],
    ]);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks', '/hooks']);
    receiver = await openReceiver();
  });

  it('reads no more of an answer than it keeps', async () => {
    receiver.answer((response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(4096)), 1);
      response.on('close', () => clearInterval(more));
    });
    await pay(context(), organizationId);
    await tell();
    await send();
    const { status, attempts } = await details();
    expect(status).toBe('delivered');
    expect(attempts[0]?.response_excerpt).toHaveLength(1000);
  });

  it('sends again, under the same id, what a process was sending when it died', async () => {
    await pay(context(), organizationId);
    await tell();
    for (let query = 1; query <= 14; query += 1) {
      const dying = startOtherProcess(db, platform, { diesAtQuery: query });
      await sendDue(dying.context, sender).catch(() => undefined);
      await dying.close().catch(() => undefined);
      platform.clocks.advance('PT61S');
    }
    await send();
    const { status, attempts, message } = await details();
    expect(status).toBe('delivered');
    expect(attempts.some(({ outcome }) => outcome === 'interrupted')).toBe(true);
    expect(receiver.received.length).toBeGreaterThan(1);
    for (const { headers } of receiver.received) expect(headers['webhook-id']).toBe(message);
  });
});

describe('rotateWebhookSecret', () => {
  it('signs with both secrets for a day', async () => {
    const { secret } = await rotateWebhookSecret(context(), { id: endpoint.id, organizationId });
    const next = async () => {
      await pay(context(), organizationId);
      await tell();
      await send();
      return receiver.received.at(-1) as Received;
    };
    const within = await next();
    await verify(within);
    await verify(within, secret);
    platform.clocks.advance('PT24H');
    const after = await next();
    await verify(after, secret);
    await expect(verify(after)).rejects.toThrow();
  });
});

describe('testWebhookEndpoint', () => {
  it('sends once what says of itself that it is a test, also while the endpoint is off', async () => {
    await sql`update webhooks_endpoints set status = 'disabled', disabled_reason = 'by_member'`.execute(
      db.database,
    );
    receiver.answer(withStatus(500));
    await testWebhookEndpoint(context(), { id: endpoint.id, organizationId });
    expect(await send()).toBe(1);
    expect(await verify(receiver.received[0] as Received)).toMatchObject({
      type: 'webhook.test',
      data: { webhook_endpoint: endpoint.id },
    });
    expect(await details()).toMatchObject({ status: 'failed', test: true, tries: 1 });
    for (let count = 0; count < 9; count += 1) {
      await testWebhookEndpoint(context(), { id: endpoint.id, organizationId });
    }
    const tooMany = testWebhookEndpoint(context(), { id: endpoint.id, organizationId });
    await expect(tooMany).rejects.toMatchObject({ code: 'rule_violated' });
  });
});

describe('deleteWebhookEndpoint', () => {
  it('removes what was sent there, and sends nothing more', async () => {
    await pay(context(), organizationId);
    await tell();
    await deleteWebhookEndpoint(context(), { id: endpoint.id, organizationId });
    expect(await send()).toBe(0);
    await expect(deliveries()).rejects.toMatchObject({ code: 'not_found' });
  });
});
