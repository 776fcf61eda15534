import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { pollAttempts } from './poll-attempts.ts';
import { probeProvider } from './probe-provider.ts';
import { getProvider } from './read-providers.ts';
import { updateProvider } from './update-provider.ts';

describe('the health of a provider', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeAll(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    shop = await openShop(sandbox);
  });
  afterEach(() => shop.close());

  const health = async () => (await getProvider(shop.context, 'credit')).health;
  const settings = (changes: Record<string, string | null>) =>
    updateProvider(shop.context, { provider: 'credit', settings: changes });
  const probe = () => probeProvider(shop.context, 'credit');

  it('says nothing of a provider that was never used', async () => {
    expect(await health()).toEqual({
      calls: { succeeded_at: null, failed_at: null, failed_call: null },
      notifications: { succeeded_at: null, failed_at: null, dead: 0 },
      payments: { succeeded: 0, failed: 0, open: 0, success_rate: null, overdue: 0 },
    });
  });

  it('tests the connection, and says in words what is wrong', async () => {
    expect(await probe()).toMatchObject({ answers: true, reason: null });
    expect(await health()).toMatchObject({ calls: { succeeded_at: '2026-03-04T12:00:00.000Z' } });
    shop.platform.clocks.advance('PT1H');
    await settings({ key: 'another key' });
    const refused = await probe();
    expect(refused).toMatchObject({ answers: false, reason: expect.stringMatching(/key/) });
    expect(await health()).toMatchObject({
      calls: {
        succeeded_at: '2026-03-04T12:00:00.000Z',
        failed_at: '2026-03-04T13:00:00.000Z',
        failed_call: 'probe',
      },
    });
    await settings({ gateway_url: 'http://127.0.0.1:1/epay' });
    expect(await probe()).toMatchObject({ answers: false });
  });

  it('refuses to test what is not set up, and what is no provider', async () => {
    await updateProvider(shop.context, {
      provider: 'credit',
      enabled: false,
      settings: { key: null },
    });
    await expect(probe()).rejects.toMatchObject({ code: 'provider_not_configured' });
    await expect(probeProvider(shop.context, 'wallet')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('counts the last day’s payments, notifications, and what is open for too long', async () => {
    const paid = await shop.topUp('20.00');
    await shop.steer(await shop.numberOf(paid.payment.id), { before_redirect: true });
    await shop.visit(paid.payment.next);
    await shop.notify({ pid: sandbox.credit.pid, sign: 'x' });
    await shop.topUp('20.00');
    expect(await health()).toMatchObject({
      notifications: {
        succeeded_at: '2026-03-04T12:00:00.000Z',
        failed_at: '2026-03-04T12:00:00.000Z',
      },
      payments: { succeeded: 1, failed: 0, open: 1, success_rate: 1, overdue: 0 },
    });
    await settings({ gateway_url: 'http://127.0.0.1:1/epay' });
    shop.platform.clocks.advance('P4D');
    await pollAttempts(shop.context);
    expect(await health()).toMatchObject({
      calls: { failed_call: 'find' },
      payments: { succeeded: 0, open: 0, success_rate: null, overdue: 1 },
    });
  });
});
