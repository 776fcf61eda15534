import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../../sandbox/src/sandbox.ts';
import { topUpWallet } from '../../invoicing/operations/top-up-wallet.ts';
import { readBooks } from '../../invoicing/testing/books.ts';
import { readUnapplied } from '../../invoicing/testing/rows.ts';
import { openShop, type Shop } from '../../invoicing/testing/shop.ts';
import { createReconciliation } from './create-reconciliation.ts';
import { pollAttempts } from './poll-attempts.ts';
import { getReconciliation, listReconciliations } from './read-reconciliations.ts';
import { reconcileDays } from './reconcile-days.ts';
import { refundPayment } from './refund-payment.ts';
import { resolveItem } from './resolve-item.ts';
import { pollRefunds } from './send-refund.ts';
import { settleAttempt } from './settle-attempt.ts';
import { updateProvider } from './update-provider.ts';

/** Wednesday noon by UTC; the day is over in Beijing at 16:00. */
const day = '2026-03-04';

describe('reconcile', () => {
  let sandbox: Sandbox;
  let shop: Shop;
  beforeEach(async () => {
    sandbox = await startSandbox({ port: 0, smtpPort: 0 });
    shop = await openShop(sandbox);
    await updateProvider(shop.context, {
      provider: 'wechat',
      enabled: true,
      settings: { ...sandbox.wechat, api_url: at('/wechat'), rates: { USD: '7.2' } },
    });
    await move('2026-03-04T12:00:00Z');
  });
  afterEach(async () => {
    await shop.close();
    await sandbox.close();
  });

  const at = (path: string) => `http://127.0.0.1:${sandbox.port}/sandbox${path}`;
  const post = async (path: string, body: object) => {
    const answer = await fetch(at(path), { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Record<string, unknown>;
  };
  /** Both calendars, ours and the provider's. */
  const move = async (to: string) => {
    shop.platform.clocks.set(to);
    await post('/clock', { to });
  };
  const tomorrow = () => move('2026-03-05T04:00:00Z');
  const started = async (amount = '10.00') => {
    const { organizationId, context } = shop;
    const { payment } = await topUpWallet(context, {
      ...{ organizationId, amount, currency: 'USD', provider: 'wechat', returnUrl: undefined },
    });
    return { id: payment.id, number: await shop.numberOf(payment.id) };
  };
  const paidInSilence = async (amount?: string) => {
    const payment = await started(amount);
    await post(`/wechat/orders/${payment.number}`, { outcome: 'paid', notify: 'none' });
    return payment;
  };
  const paid = async (amount?: string) => {
    const payment = await paidInSilence(amount);
    shop.platform.clocks.advance('PT1M');
    await pollAttempts(shop.context);
    return payment;
  };
  const books = () => readBooks(shop.db.database);
  const run = async (date = day) => {
    const id = await createReconciliation(shop.context, { provider: 'wechat', date });
    return getReconciliation(shop.context, { id, limit: 100 });
  };

  it('finds both sides equal, and books what the provider kept', async () => {
    await paid('10.00');
    await paid('20.00');
    const before = await books();
    expect(before).toMatchObject({ 'clearing:wechat CNY': '-216.00', 'wallet USD': '30.00' });
    await tomorrow();
    const found = await run();
    expect(found).toMatchObject({
      ...{ status: 'done', date: day, from: '2026-03-03T16:00:00.000Z' },
      counts: { matched: 2, missing_here: 0, missing_there: 0, different: 0, open: 0 },
    });
    expect(found.totals).toMatchObject([
      {
        ...{ currency: 'CNY', payments: '216.00', statement: '216.00', ledger: '216.00' },
        ...{ difference: '0.00', fees: '1.29' },
      },
    ]);
    const after = await books();
    expect(after).toMatchObject({
      ...{ 'clearing:wechat CNY': '-214.71', 'provider_fees CNY': '-1.29' },
      'wallet USD': '30.00',
    });
    // Again and again, and by two at once, nothing more is booked.
    await Promise.all([run(), run()]);
    expect(await books()).toEqual(after);
  });

  it('settles money for an open order of exactly that amount, and says so', async () => {
    const { id } = await paidInSilence();
    await tomorrow();
    const found = await run();
    expect(found.counts).toMatchObject({ matched: 0, missing_here: 1, open: 0 });
    expect(found.items.data).toMatchObject([
      { result: 'missing_here', payment: id, resolution: 'settled', there: { amount: '72.00' } },
    ]);
    expect(found.totals).toMatchObject([
      { difference: '72.00', because: { missing_here: '0.00', other_days: '72.00' } },
    ]);
    expect(await books()).toMatchObject({ 'wallet USD': '10.00' });
    const again = await run();
    expect(again.items.data).toMatchObject([{ resolution: 'settled' }]);
    expect(again.counts).toMatchObject({ missing_here: 1, open: 0 });
  });

  it('leaves money of no order for a person, who parks it once', async () => {
    const { number } = await paid();
    await forget(number);
    await tomorrow();
    const { id, items, counts } = await run();
    expect(counts).toMatchObject({ missing_here: 1, open: 1 });
    const [item] = items.data;
    expect(item?.resolutions).toEqual(['settled', 'unapplied', 'accepted']);
    const resolve = (resolution: 'unapplied' | 'accepted') =>
      resolveItem(shop.context, {
        ...{ reconciliationId: id, itemId: item?.id ?? '', resolution, note: 'Looked at' },
      });
    const both = await Promise.all([resolve('unapplied'), resolve('unapplied')]);
    expect(both).toMatchObject([{ resolution: 'unapplied' }, { resolution: 'unapplied' }]);
    expect(await readUnapplied(shop.db.database)).toEqual([
      { organization: null, reason: 'unknown_order', amount: '7200 CNY' },
    ]);
    await expect(resolve('accepted')).rejects.toMatchObject({ code: 'invalid_state' });
    // A second run leaves what was resolved alone.
    const again = await getReconciliation(shop.context, { id: (await run()).id, limit: 10 });
    expect(again.items.data).toMatchObject([{ resolution: 'unapplied', note: 'Looked at' }]);
  });

  it('finds what only we have, and lets the ledger follow the provider', async () => {
    const { number } = await started();
    await settleAttempt(shop.context, {
      ...{ number, merchant: String(sandbox.wechat.mchid), providerTransaction: '4200000000' },
      ...{ amount: { minor: 7200n, currency: 'CNY' }, provider: 'wechat', source: 'query' },
    });
    await tomorrow();
    const { id, items, totals } = await run();
    expect(totals).toMatchObject([
      { statement: '0.00', ledger: '72.00', because: { missing_there: '-72.00' } },
    ]);
    const [item] = items.data;
    expect(item).toMatchObject({ result: 'missing_there', here: { amount: '72.00' } });
    expect(item?.resolutions).toEqual(['written_off', 'accepted']);
    const command = { reconciliationId: id, itemId: item?.id ?? '', note: undefined };
    await expect(
      resolveItem(shop.context, { ...command, resolution: 'settled' }),
    ).rejects.toMatchObject({ code: 'rule_violated' });
    for (let times = 0; times < 2; times += 1) {
      await resolveItem(shop.context, { ...command, resolution: 'written_off' });
    }
    expect(await books()).toMatchObject({ 'write_off CNY': '-72.00', 'wallet USD': '10.00' });
    expect(await books()).not.toHaveProperty('clearing:wechat CNY');
  });

  it('finds our refunds, and books one that was made there when a person says so', async () => {
    const { id, number } = await paid('20.00');
    await refundPayment(shop.context, {
      ...{ paymentId: id, amount: '5.00', destination: 'provider', reason: 'Asked for it' },
      leavesDebt: false,
    });
    await post(`/wechat/orders/${number}/refund`, { amount: '1440' });
    await move('2026-03-04T13:00:00Z');
    await pollRefunds(shop.context);
    await tomorrow();
    const found = await run();
    expect(found.counts).toMatchObject({ matched: 2, missing_here: 1, open: 1 });
    expect(found.totals).toMatchObject([
      {
        payments: '144.00',
        refunds: '-50.40',
        ledger: '108.00',
        because: { missing_here: '-14.40' },
      },
    ]);
    const item = found.items.data.find(({ result }) => result === 'missing_here');
    expect(item).toMatchObject({ kind: 'refund', resolutions: ['settled', 'accepted'] });
    expect(item).toMatchObject({ payment: id, organization: shop.organizationId });
    const settle = () =>
      resolveItem(shop.context, {
        ...{ reconciliationId: found.id, itemId: item?.id ?? '', note: undefined },
        resolution: 'settled',
      });
    expect(await settle()).toMatchObject({ resolution: 'settled' });
    expect(await settle()).toMatchObject({ resolution: 'settled' });
    // 144.00 came, 36.00 and 14.40 went; of the fee of 0.86 their parts came back, the last of it when it was settled.
    const kept = { 'provider_fees CNY': `-${found.totals[0]?.fees}` };
    expect(await books()).toMatchObject(kept);
    const again = await run();
    expect(again.counts.open).toBe(0);
    expect(await books()).toMatchObject(kept);
  });

  it('takes no notice of midnight: what is on the neighbor’s statement is missing nowhere', async () => {
    await move('2026-03-04T15:59:30Z');
    await paidInSilence();
    // Paid at the end of the fourth, heard of in the fifth.
    await move('2026-03-04T16:01:00Z');
    await pollAttempts(shop.context);
    await move('2026-03-06T04:00:00Z');
    const fourth = await run(day);
    expect(fourth.counts).toMatchObject({ matched: 1, open: 0 });
    expect(fourth.totals).toMatchObject([
      { difference: '72.00', because: { other_days: '72.00', missing_here: '0.00' } },
    ]);
    const fifth = await run('2026-03-05');
    expect(fifth.counts).toMatchObject({ matched: 0, missing_there: 0, open: 0 });
    expect(fifth.totals).toMatchObject([
      { difference: '-72.00', because: { other_days: '-72.00' } },
    ]);
  });

  it('asks again for a statement that is not there yet, and makes up for days on which nothing ran', async () => {
    await paid();
    await move('2026-03-04T17:00:00Z');
    const list = async () => (await listReconciliations(shop.context, { limit: 50 })).data;
    await reconcileDays(shop.context);
    expect(await list()).toMatchObject([{ date: day, status: 'waiting', reason: 'not_ready' }]);
    expect(await reconcileDays(shop.context)).toBe(0);
    await tomorrow();
    expect(await reconcileDays(shop.context)).toBe(1);
    expect(await list()).toMatchObject([{ date: day, status: 'done', next_try_at: null }]);
    await move('2026-03-08T12:00:00Z');
    const other = shop.otherProcess();
    const runs = await Promise.all([reconcileDays(shop.context), reconcileDays(other.context)]);
    await other.close();
    expect(runs[0] + runs[1]).toBe(3);
    expect((await list()).map(({ date, status }) => `${date} ${status}`)).toEqual([
      '2026-03-07 done',
      '2026-03-06 done',
      '2026-03-05 done',
      '2026-03-04 done',
    ]);
  });

  it('tries again when it fails half way, without doing anything twice', async () => {
    await paid();
    await tomorrow();
    const first = await run();
    await updateProvider(shop.context, {
      provider: 'wechat',
      settings: { api_url: 'http://127.0.0.1:1' },
    });
    expect(await run()).toMatchObject({ status: 'waiting', reason: 'no_answer' });
    await updateProvider(shop.context, {
      provider: 'wechat',
      settings: { api_url: at('/wechat') },
    });
    shop.platform.clocks.advance('PT1H');
    await reconcileDays(shop.context);
    expect(await getReconciliation(shop.context, { id: first.id, limit: 10 })).toMatchObject({
      ...{ status: 'done', counts: { matched: 1 } },
    });
    expect(await books()).toMatchObject({ 'provider_fees CNY': '-0.43' });
  });

  it('refuses days that have not begun, and providers without statements', async () => {
    const create = (provider: string, date: string) =>
      createReconciliation(shop.context, { provider, date });
    await expect(create('wechat', '2026-03-05')).rejects.toMatchObject({ code: 'rule_violated' });
    await expect(create('credit', day)).rejects.toMatchObject({ code: 'rule_violated' });
    await expect(create('nobody', day)).rejects.toMatchObject({ code: 'not_found' });
  });

  /** Makes an order one that we never made. */
  async function forget(number: string): Promise<void> {
    const { organizationId } = shop;
    await shop.close();
    shop = await openShop(sandbox);
    await updateProvider(shop.context, {
      provider: 'wechat',
      enabled: true,
      settings: { ...sandbox.wechat, api_url: at('/wechat'), rates: { USD: '7.2' } },
    });
    expect(number).toHaveLength(24);
    expect(shop.organizationId).toBe(organizationId);
  }
});
