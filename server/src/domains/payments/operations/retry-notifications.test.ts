import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '../../../../../sandbox/src/credit/signature.ts';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { reaction } from '../../../platform/events.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readInbox } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { paymentSucceeded } from '../events.ts';
import { getNotification, listNotifications } from './read-notifications.ts';
import { receiveNotification } from './receive-notification.ts';
import { replayNotification } from './replay-notification.ts';
import { retryNotifications } from './retry-notifications.ts';
import { updateProvider } from './update-provider.ts';

const success = { status: 200, text: 'success' };
const fail = { status: 200, text: 'fail' };

describe('retryNotifications', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  let failures = 0;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    failures = 0;
    const failing = reaction(paymentSucceeded, async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('a listener failed');
    });
    shop = await openShop(sandbox, { listeners: [failing] });
  });
  afterEach(() => shop.close());

  const books = () => readBooks(shop.db.database);
  const gateway = (gateway_url: string) =>
    updateProvider(shop.context, { provider: 'credit', settings: { gateway_url } });
  const unreachable = 'http://127.0.0.1:1/epay';
  /** Pays at the gateway, which tells nobody; answers the true notification. */
  const paidInSilence = async () => {
    const { payment } = await shop.topUp('20.00');
    const number = await shop.numberOf(payment.id);
    await shop.steer(number, { notify: 'none' });
    await shop.visit(payment.next);
    const { pid, key } = sandbox.credit;
    const query = new URLSearchParams({ act: 'order', pid, key, out_trade_no: number });
    const answer = await fetch(`${shop.gatewayUrl}/api.php?${query}`);
    const {
      trade_no = '',
      name = '',
      money = '',
    } = (await answer.json()) as Record<string, string>;
    const fields = { pid, trade_no, out_trade_no: number, type: 'epay', name, money };
    const told = { ...fields, trade_status: 'TRADE_SUCCESS' };
    return { ...told, sign: sign(told, key) };
  };
  const only = async () => {
    const { data } = await listNotifications(shop.context, { limit: 10 });
    expect(data).toHaveLength(1);
    return data[0] ?? expect.fail('there is one notification');
  };

  it('settles once the provider can be asked again, refused until then', async () => {
    const truth = await paidInSilence();
    await gateway(unreachable);
    expect(await shop.notify(truth)).toEqual(fail);
    expect(await only()).toMatchObject({
      ...{ outcome: 'unconfirmed', is_verified: true, tries: 0 },
      next_try_at: '2026-03-04T12:01:00.000Z',
    });
    expect(await retryNotifications(shop.context)).toBe(0);
    shop.platform.clocks.advance('PT1M');
    expect(await retryNotifications(shop.context)).toBe(1);
    expect(await only()).toMatchObject({ outcome: 'unconfirmed', tries: 1 });

    await gateway(shop.gatewayUrl);
    shop.platform.clocks.advance('PT1M');
    expect(await retryNotifications(shop.context)).toBe(0);
    shop.platform.clocks.advance('PT1M');
    expect(await retryNotifications(shop.context)).toBe(1);
    expect(await only()).toMatchObject({ outcome: 'settled', next_try_at: null, reason: null });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
    expect(await shop.notify(truth)).toEqual(success);
  });

  it('tries again what failed here, all of it undone before', async () => {
    const truth = await paidInSilence();
    failures = 2;
    expect(await shop.notify(truth)).toEqual(fail);
    expect(await only()).toMatchObject({ outcome: 'failed' });
    expect(await books()).toEqual({});
    shop.platform.clocks.advance('PT1M');
    await retryNotifications(shop.context);
    expect(await only()).toMatchObject({ outcome: 'failed', tries: 1 });
    shop.platform.clocks.advance('PT2M');
    await retryNotifications(shop.context);
    expect(await only()).toMatchObject({ outcome: 'settled', tries: 2 });
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('gives up after two days and a half; the dead letter is replayed by a person', async () => {
    const truth = await paidInSilence();
    await gateway(unreachable);
    await shop.notify(truth);
    for (let tries = 0; tries < 12; tries += 1) {
      expect(await only()).toMatchObject({ outcome: 'unconfirmed', tries });
      shop.platform.clocks.advance('P1D');
      expect(await retryNotifications(shop.context)).toBe(1);
    }
    const { id, ...dead } = await only();
    expect(dead).toMatchObject({ outcome: 'dead', next_try_at: null });
    expect(dead.reason).toMatch(/provider/);
    shop.platform.clocks.advance('P30D');
    expect(await retryNotifications(shop.context)).toBe(0);

    await gateway(shop.gatewayUrl);
    await replayNotification(shop.context, id);
    expect(await only()).toMatchObject({ outcome: 'settled' });
    // The order's term is long over: the money is the customer's, unapplied.
    expect(await books()).toMatchObject({ 'unapplied USD': '20.00' });
  });

  it('changes nothing by the replay of one that is done', async () => {
    const truth = await paidInSilence();
    await shop.notify(truth);
    const before = await books();
    const { id } = await only();
    for (let times = 0; times < 3; times += 1) await replayNotification(shop.context, id);
    expect(await only()).toMatchObject({ outcome: 'settled', deliveries: 1 });
    expect(await books()).toEqual(before);
  });

  it('takes what another process left behind when it died', async () => {
    const truth = await paidInSilence();
    failures = 1;
    await shop.notify(truth);
    const other = shop.otherProcess();
    shop.platform.clocks.advance('PT1M');
    const tried = await Promise.all([
      retryNotifications(shop.context),
      retryNotifications(other.context),
    ]);
    await other.close();
    expect(tried.sort()).toEqual([0, 1]);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('never tries a bad signature again, keeps the last hundred of an address, and lists them apart', async () => {
    for (let index = 0; index < 105; index += 1) {
      expect(await shop.notify({ pid: sandbox.credit.pid, n: String(index), sign: 'x' })).toEqual(
        fail,
      );
    }
    const kept = await readInbox(shop.db.database);
    expect(kept).toHaveLength(100);
    expect(kept[0]?.query).toContain('n=5&');
    shop.platform.clocks.advance('P1D');
    expect(await retryNotifications(shop.context)).toBe(0);
    expect((await listNotifications(shop.context, { limit: 10 })).data).toEqual([]);
    const refused = await listNotifications(shop.context, { limit: 10, outcome: 'refused' });
    expect(refused.data).toHaveLength(10);
  });

  it('lets a stranger’s copy of a notification stand in nobody’s way', async () => {
    const { sign: good, ...truth } = await paidInSilence();
    await gateway(unreachable);
    await shop.notify({ ...truth, sign: good });
    expect(await shop.notify({ ...truth, sign: '0'.repeat(32) })).toEqual(fail);
    await gateway(shop.gatewayUrl);
    shop.platform.clocks.advance('PT1M');
    await retryNotifications(shop.context);
    expect(await books()).toMatchObject({ 'wallet USD': '20.00' });
  });

  it('answers in time while the provider keeps silent, and goes on without', async () => {
    const truth = await paidInSilence();
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await gateway(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/epay`);
    const query = new URLSearchParams(truth).toString();
    const notification = { method: 'GET', query, headers: {}, body: Buffer.alloc(0) };
    const began = performance.now();
    const answer = await receiveNotification(
      shop.context,
      { provider: 'credit', notification },
      { answerWithinMs: 100 },
    );
    expect(answer.body).toBe('fail');
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await only()).toMatchObject({ outcome: 'received' });
    silent.closeAllConnections();
    await expect.poll(only).toMatchObject({ outcome: 'unconfirmed' });
    silent.close();
  });

  it('shows operators what came, without anybody’s secrets', async () => {
    const truth = await paidInSilence();
    await shop.notify({ ...truth, leaked: sandbox.credit.key });
    const refused = await listNotifications(shop.context, { limit: 1, outcome: 'refused' });
    const detail = await getNotification(shop.context, refused.data[0]?.id ?? '');
    expect(detail.query).toContain('leaked=[secret]');
    expect(JSON.stringify(detail)).not.toContain(sandbox.credit.key);
  });

  it('filters by provider, outcome and time', async () => {
    const truth = await paidInSilence();
    await shop.notify(truth);
    const count = async (filter: Record<string, string>) =>
      (await listNotifications(shop.context, { limit: 10, ...filter })).data.length;
    expect(await count({ provider: 'credit' })).toBe(1);
    expect(await count({ provider: 'stripe' })).toBe(0);
    expect(await count({ outcome: 'settled' })).toBe(1);
    expect(await count({ outcome: 'dead' })).toBe(0);
    expect(await count({ from: '2026-03-04T00:00:00Z', to: '2026-03-05T00:00:00Z' })).toBe(1);
    expect(await count({ from: '2026-03-05T00:00:00Z' })).toBe(0);
  });
});
