/** Endpoints that take nothing, addresses that nobody may send to, and who may see and change what. */
import { hostname } from 'node:os';
import { permissions } from '@sluice/contract/permissions';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { startOtherProcess } from '../../platform/testkit/other-process.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { organizationClosing } from '../identity/index.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { webhooksChecks } from './checks.ts';
import { webhooksListeners } from './events.ts';
import { createWebhookEndpoint, endpointsMax } from './operations/create-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from './operations/delete-webhook-endpoint.ts';
import {
  getWebhookDelivery,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
} from './operations/read-webhooks.ts';
import { retryWebhookDelivery } from './operations/retry-webhook-delivery.ts';
import { rotateWebhookSecret } from './operations/rotate-webhook-secret.ts';
import { sendDue } from './operations/send-due.ts';
import { testWebhookEndpoint } from './operations/test-webhook-endpoint.ts';
import { updateWebhookEndpoint } from './operations/update-webhook-endpoint.ts';
import { openSender, type Sender } from './sender.ts';
import { makeEndpoint, makeOrganization, pay } from './testing/customer.ts';
import { openReceiver, type Receiver, withStatus } from './testing/receiver.ts';

let db: TestDatabase;
let platform: TestPlatform;
let sender: Sender;
let receiver: Receiver;
let organizationId: string;
let endpointId: string;

const context = () => testContext(platform);
const send = () => sendDue(context(), sender);
const named = () => ({ id: endpointId, organizationId });
const acting = () => ({ organizationId, permissions });

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { listeners: [...ledgerListeners, ...webhooksListeners] });
  sender = openSender({ ...platform, timeoutMs: 500 });
  receiver = await openReceiver();
});
beforeEach(async () => {
  platform.clocks.set('2026-03-04T12:00:00Z');
  await sql`delete from webhooks_endpoints`.execute(db.database);
  receiver.received.length = 0;
  receiver.answer(withStatus(503));
  organizationId = await makeOrganization(context());
  endpointId = (await makeEndpoint(context(), organizationId, receiver.url)).id;
});
afterAll(async () => {
  await receiver.close();
  await sender.close();
  await db.close();
});

async function happen(): Promise<void> {
  await pay(context(), organizationId);
  await context().events.tellNews(context());
  await send();
}

const mails = async () => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from delivery_messages
  `.execute(db.database);
  return rows[0]?.count ?? 0;
};
const endpoint = () => getWebhookEndpoint(context(), named());

describe('an endpoint that takes nothing', () => {
  it('is switched off after five days, and its owner is mailed once', async () => {
    const before = await mails();
    await happen();
    const failing = { status: 'enabled', failing_since: '2026-03-04T12:00:00.000Z' };
    expect(await endpoint()).toMatchObject(failing);
    platform.clocks.advance('PT119H');
    await happen();
    expect(await endpoint()).toMatchObject(failing);
    platform.clocks.advance('PT1H');
    // Two processes find out at once.
    const other = startOtherProcess(db, platform);
    for (let count = 0; count < 4; count += 1) await pay(context(), organizationId);
    await context().events.tellNews(context());
    await Promise.all([send(), sendDue(other.context, sender)]);
    await other.close();
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabled_reason: 'failing' });
    expect(await mails()).toBe(before + 1);
  });

  it('is tried by one delivery at a time, and taken as well again when one arrives', async () => {
    await happen();
    receiver.answer((response) => setTimeout(() => withStatus(503)(response, {} as never), 30));
    for (let count = 0; count < 5; count += 1) await pay(context(), organizationId);
    await context().events.tellNews(context());
    await send();
    expect(receiver.mostAtOnce()).toBe(1);
    receiver.answer(withStatus(200));
    platform.clocks.advance('PT5S');
    await send();
    expect(await endpoint()).toMatchObject({ failing_since: null });
  });

  it('is switched off at once where it says that it is gone', async () => {
    receiver.answer(withStatus(410));
    await happen();
    expect(await endpoint()).toMatchObject({ status: 'disabled', disabled_reason: 'gone' });
    const [delivery] = (await listWebhookDeliveries(context(), { ...named(), limit: 5 })).data;
    const again = retryWebhookDelivery(context(), { id: delivery?.id ?? '', organizationId });
    await expect(again).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('is sent what waited once it is switched on, and nothing of the time between', async () => {
    await happen();
    const change = { ...named(), permissions };
    await updateWebhookEndpoint(context(), { ...change, enabled: false });
    platform.clocks.advance('PT5S');
    await happen();
    expect(receiver.received).toHaveLength(1);
    receiver.answer(withStatus(200));
    expect(await updateWebhookEndpoint(context(), { ...change, enabled: true })).toMatchObject({
      ...{ status: 'enabled', disabled_reason: null, failing_since: null },
    });
    await send();
    expect(receiver.received).toHaveLength(2);
  });
});

describe('a secret', () => {
  it('that cannot be opened any more is a failure that can be read, not a silence', async () => {
    await sql`update webhooks_endpoints set sealed_secret = 'v1.AAAA'`.execute(db.database);
    await happen();
    const [delivery] = (await listWebhookDeliveries(context(), { ...named(), limit: 5 })).data;
    const { status, attempts } = await getWebhookDelivery(context(), {
      ...acting(),
      id: delivery?.id ?? '',
    });
    expect(status).toBe('pending');
    expect(attempts).toMatchObject([
      { outcome: 'not_allowed', error: expect.stringContaining('rotate') },
    ]);
    expect(receiver.received).toEqual([]);
    expect(await rotateWebhookSecret(context(), named())).toMatchObject({
      previous_secret_expires_at: null,
    });
    receiver.answer(withStatus(200));
    platform.clocks.advance('PT5S');
    await send();
    expect(receiver.received).toHaveLength(1);
  });
});

describe('an address', () => {
  const live = () => testContext({ ...platform, config: { ...platform.config, mode: 'live' } });

  it('of ours, or in the clear, is refused in live mode', async () => {
    for (const url of [
      receiver.url,
      'https://localhost/',
      'https://10.0.0.1/',
      'http://a.example',
    ]) {
      const made = createWebhookEndpoint(live(), { ...acting(), url, events: null });
      await expect(made, url).rejects.toMatchObject({ code: 'rule_violated', param: 'url' });
      const changed = updateWebhookEndpoint(live(), { ...named(), permissions, url });
      await expect(changed, url).rejects.toMatchObject({ code: 'rule_violated', param: 'url' });
    }
  });

  it('that only turns out to be ours when it is connected is not connected to', async () => {
    const careful = openSender({ config: { mode: 'live' }, timeoutMs: 500 });
    const message = { headers: {}, body: '{}' };
    const { port } = new URL(receiver.url);
    for (const url of [receiver.url, `https://${hostname()}:${port}/`]) {
      const { kind } = await careful.send({ ...message, url });
      expect(['not_allowed', 'unreachable'], url).toContain(kind);
    }
    await careful.close();
    expect(receiver.received).toEqual([]);
  });
});

describe('endpoints', () => {
  it('are twenty at most, however many are asked for at once', async () => {
    const asked = Array.from({ length: endpointsMax + 3 }, () =>
      createWebhookEndpoint(context(), { ...acting(), url: receiver.url, events: null }),
    );
    const made = await Promise.allSettled(asked);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(endpointsMax - 1);
  });

  it('are told nothing that who asks for it may not read', async () => {
    const role = {
      organizationId,
      permissions: ['organization.manage', 'usage.read_members'],
    } as const;
    const url = receiver.url;
    const make = (events: 'invoice.paid' | 'quota.exceeded' | null) =>
      createWebhookEndpoint(context(), { ...role, url, events: events && [events] });
    await make('quota.exceeded');
    await expect(make('invoice.paid')).rejects.toMatchObject({ code: 'permission_not_held' });
    await expect(make(null)).rejects.toMatchObject({ code: 'permission_not_held' });
    const led = updateWebhookEndpoint(context(), { ...role, id: endpointId, url });
    await expect(led).rejects.toMatchObject({ code: 'permission_not_held' });
    await happen();
    const [delivery] = (await listWebhookDeliveries(context(), { ...named(), limit: 5 })).data;
    const read = getWebhookDelivery(context(), { ...role, id: delivery?.id ?? '' });
    await expect(read).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are nobody else’s to see, change or send', async () => {
    await happen();
    const [delivery] = (await listWebhookDeliveries(context(), { ...named(), limit: 5 })).data;
    const stranger = await makeOrganization(context());
    const other = { id: endpointId, organizationId: stranger };
    const otherDelivery = { id: delivery?.id ?? '', organizationId: stranger };
    const asked = [
      () => getWebhookEndpoint(context(), other),
      () => listWebhookDeliveries(context(), { ...other, limit: 5 }),
      () => updateWebhookEndpoint(context(), { ...other, permissions, enabled: false }),
      () => rotateWebhookSecret(context(), other),
      () => testWebhookEndpoint(context(), other),
      () => deleteWebhookEndpoint(context(), other),
      () => getWebhookDelivery(context(), { ...otherDelivery, permissions }),
      () => retryWebhookDelivery(context(), otherDelivery),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    const page = await listWebhookEndpoints(context(), { organizationId: stranger, limit: 5 });
    expect(page.data).toEqual([]);
    expect(await endpoint()).toMatchObject({ status: 'enabled' });
  });

  it('go with their organization, and keep no secret that can be read', async () => {
    await happen();
    const { rows } = await sql<{ text: string }>`
      select e::text as text from webhooks_endpoints as e
    `.execute(db.database);
    expect(rows[0]?.text).not.toContain('whsec_');
    await db.database
      .transaction()
      .execute((transaction) =>
        context().events.announce(context(), transaction, organizationClosing, { organizationId }),
      );
    const left = await sql`
      select 1 from webhooks_deliveries
      union all select 1 from webhooks_endpoints
      union all select 1 from webhooks_tries
    `.execute(db.database);
    expect(left.rows).toEqual([]);
  });
});

describe('the doctor', () => {
  const examine = async () => {
    const findings = await Promise.all(webhooksChecks.map((check) => check.run(context())));
    return findings.flat().map(({ status, what }) => `${status}: ${what}`);
  };

  it('sees what is due and not sent, and that nobody takes anything', async () => {
    expect(await examine()).toEqual(['ok: Webhooks are sent.']);
    await pay(context(), organizationId);
    await context().events.tellNews(context());
    platform.clocks.advance('PT20M');
    expect(await examine()).toEqual(['warn: A webhook has been due for 20 minutes.']);
    for (const _count of [1, 2]) await makeEndpoint(context(), organizationId, receiver.url);
    await happen();
    expect(await examine()).toEqual(['warn: 3 webhook endpoints of 3 take nothing.']);
  });
});
