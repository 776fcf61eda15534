import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { reaction } from '../../../platform/events.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readInbox } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { paymentSucceeded } from '../events.ts';
import { listNotifications } from './read-notifications.ts';
import { replayNotification } from './replay-notification.ts';
import { retryNotifications } from './retry-notifications.ts';
import { updateProvider } from './update-provider.ts';

/** WeChat Pay signs in headers, for five minutes: the same body comes with a new signature each time. */
describe('a notification that is signed in its headers', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  let failures = 0;
  beforeEach(async () => {
    failures = 0;
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
    const failing = reaction(paymentSucceeded, async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('a listener failed');
    });
    shop = await openShop(sandbox, { listeners: [failing] });
    const now = JSON.stringify({ to: shop.platform.clocks.business() });
    await fetch(`${base()}/clock`, { method: 'POST', body: now });
    const api_url = `${base()}/wechat`;
    await updateProvider(shop.context, {
      provider: 'wechat',
      enabled: true,
      settings: { ...sandbox.wechat, api_url, rates: { USD: '7.2' } },
    });
  });
  afterEach(async () => {
    await shop.close();
    await sandbox.close();
  });

  const base = () => `http://127.0.0.1:${sandbox.port}/sandbox`;
  const books = () => readBooks(shop.db.database);
  const outcomes = async () => {
    const all = await listNotifications(shop.context, { limit: 10 });
    return all.data.map(({ outcome }) => outcome);
  };
  /** Pays, which is told at once; answers what was told, as it came. */
  const paid = async () => {
    const { organizationId, context } = shop;
    const { payment } = await topUpWallet(context, {
      ...{ organizationId, amount: '10.00', currency: 'USD', provider: 'wechat' },
      returnUrl: undefined,
    });
    const number = await shop.numberOf(payment.id);
    const body = JSON.stringify({ outcome: 'paid' });
    const answer = await fetch(`${base()}/wechat/orders/${number}`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    await expect.poll(async () => (await readInbox(shop.db.database)).length).toBe(1);
    const [told] = await readInbox(shop.db.database);
    return told ?? expect.fail('the provider has told us');
  };
  const tell = async (told: { body: Buffer }, headers: Record<string, string>) => {
    const answer = await fetch(`${shop.publicUrl}/api/v1/webhooks/wechat`, {
      method: 'POST',
      headers,
      body: told.body.toString('utf8'),
    });
    return answer.status;
  };
  const forged = (headers: Record<string, string>) => ({
    'content-type': 'application/json',
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('wechatpay'))),
    'wechatpay-signature': Buffer.alloc(256, 7).toString('base64'),
  });

  it('is tried again by what it said, though its signature proves nothing any more', async () => {
    failures = 1;
    await paid();
    await expect.poll(outcomes).toEqual(['failed']);
    // From now on no signature of before can be checked.
    await updateProvider(shop.context, {
      provider: 'wechat',
      settings: { api_v3_key: 'k'.repeat(32) },
    });
    shop.platform.clocks.advance('PT1M');
    await retryNotifications(shop.context);
    expect(await outcomes()).toEqual(['settled']);
    expect(await books()).toMatchObject({ 'wallet USD': '10.00' });
  });

  it('is not disturbed by a stranger who sends the same body', async () => {
    failures = 1;
    const told = await paid();
    await expect.poll(outcomes).toEqual(['failed']);
    expect(await tell(told, forged(told.headers))).toBeGreaterThanOrEqual(400);
    expect(await outcomes()).toEqual(['failed']);
    expect((await readInbox(shop.db.database))[0]?.headers).toEqual(told.headers);
    shop.platform.clocks.advance('PT1M');
    await retryNotifications(shop.context);
    expect(await outcomes()).toEqual(['settled']);
    expect(await books()).toMatchObject({ 'wallet USD': '10.00' });
  });

  it('is acknowledged to anyone once it is done, and does nothing more', async () => {
    const told = await paid();
    await expect.poll(outcomes).toEqual(['settled']);
    const before = await books();
    expect(await tell(told, forged(told.headers))).toBeLessThan(300);
    const [row] = (await listNotifications(shop.context, { limit: 1 })).data;
    await replayNotification(shop.context, row?.id ?? '');
    expect(await books()).toEqual(before);
    expect(await outcomes()).toEqual(['settled']);
  });
});
