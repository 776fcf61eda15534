/** What resellers earn over the real domains below: of what stays, once, and never for themselves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../sandbox/src/sandbox.ts';
import { verifyLedger } from '../access/index.ts';
import { setOrganizationStatus } from '../identity/index.ts';
import { openShop, type Shop } from '../invoicing/testing/shop.ts';
import { chargeFunds, ledgerListeners } from '../ledger/index.ts';
import { growthListeners } from './index.ts';
import { judgeCommissions, judgeCustomer } from './operations/judge-commissions.ts';
import { findCommissions, readOwnCommissions, readResale } from './operations/read-commissions.ts';
import { findReferrals } from './operations/read-referrals.ts';
import { writeReferralRules } from './operations/referral-rules.ts';
import { endReseller, setReseller } from './operations/set-reseller.ts';
import { growthScene } from './testing/scene.ts';

let sandbox: Sandbox;
let shop: Shop;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
  shop = await openShop(sandbox, { listeners: [...ledgerListeners, ...growthListeners] });
  await writeReferralRules(shop.context, {
    ...{ enabled: true, inviter_reward: '6', invited_reward: '4', required_payments: '20' },
    ...{ waiting_days: 14, pay_within_days: 60, expires_after_days: 90, monthly_max: 3 },
  });
});
afterAll(async () => {
  const { problems } = await verifyLedger(shop.platform);
  await shop.close();
  await sandbox.close();
  expect(problems).toEqual([]);
});

const { signUp, codeOf, pay, refund, dispute, credit } = growthScene(() => ({ shop, sandbox }));
const terms = { share: '0.1', months: 12, waiting_days: 14 };
const judged = () => judgeCommissions(shop.context);
const wait = (days: number) => shop.platform.clocks.advance(`P${days}D`);
const commissionsOf = async (organization: string) =>
  (await findCommissions(shop.context, { organization, limit: 50 })).data;

async function resell(where?: Parameters<typeof signUp>[1]): Promise<string> {
  const reseller = await signUp(undefined, where);
  await setReseller(shop.context, reseller, terms);
  return reseller;
}

/** A reseller and a customer of theirs. */
async function sold() {
  const reseller = await resell();
  return { reseller, customer: await signUp(await codeOf(reseller)) };
}

/** With a payment whose share was earned. */
async function earned() {
  const scene = await sold();
  const paymentId = await pay(scene.customer);
  wait(15);
  await judged();
  return { ...scene, paymentId };
}

const spend = (organizationId: string, amount: bigint) =>
  shop.db.database.transaction().execute((transaction) =>
    chargeFunds(shop.context, transaction, {
      ...{ organizationId, amount, kind: 'usage', reference: 'a call' },
    }),
  );

describe('a commission', () => {
  it('is the share of every payment, once it has stayed for the waiting time', async () => {
    const { reseller, customer } = await sold();
    await pay(customer, '20.00');
    wait(7);
    await pay(customer, '5.55');
    wait(8);
    await judged();
    expect(await credit(reseller)).toBe(2);
    wait(7);
    await judged();
    await judged();
    expect(await credit(reseller)).toBe(2.555);
    expect(await commissionsOf(reseller)).toMatchObject([
      { state: 'earned', paid: '5.55', amount: '0.555', share: '0.1', customer },
      { state: 'earned', paid: '20.00', amount: '2.00' },
    ]);
    const { reseller: figures } = await readResale(shop.context, reseller);
    expect(figures).toMatchObject({
      ...{ customers: 1, paid: '25.55', pending: '0.00', earned: '2.555', status: 'active' },
    });
    const own = await readOwnCommissions(shop.context, reseller, { limit: 10 });
    expect(own.data[0]).toMatchObject({ who: 'g•••@e•••.com' });
    // Whoever came by a reseller is no referral as well.
    expect((await findReferrals(shop.context, { organization: reseller, limit: 5 })).data).toEqual(
      [],
    );
  });

  it('is given once, over two processes at once and any number of repeats', async () => {
    const { reseller, customer } = await sold();
    await pay(customer);
    wait(15);
    const other = shop.otherProcess();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        judgeCustomer(index % 2 === 0 ? shop.context : other.context, customer),
      ),
    );
    await other.close();
    expect(await credit(reseller)).toBe(2);
  });

  it('is given whole or not at all, wherever a process dies', async () => {
    const { reseller, customer } = await sold();
    await pay(customer);
    wait(15);
    let isEarned = false;
    for (let diesAtQuery = 1; !isEarned && diesAtQuery < 80; diesAtQuery += 1) {
      const dying = shop.otherProcess({ diesAtQuery });
      await judgeCustomer(dying.context, customer).catch(() => undefined);
      await dying.close();
      isEarned = (await commissionsOf(reseller))[0]?.state === 'earned';
      expect(await credit(reseller)).toBe(isEarned ? 2 : 0);
    }
    expect(isEarned).toBe(true);
    await judged();
    expect(await credit(reseller)).toBe(2);
  });

  it('keeps the terms of its payment’s day, and comes for so many months', async () => {
    const { reseller, customer } = await sold();
    await pay(customer);
    await setReseller(shop.context, reseller, { ...terms, share: '0.5', months: 1 });
    await pay(customer);
    wait(40);
    await pay(customer);
    wait(40);
    await judged();
    const shares = (await commissionsOf(reseller)).map(({ share, amount }) => [share, amount]);
    expect(shares).toEqual([
      ['0.5', '10.00'],
      ['0.1', '2.00'],
    ]);
  });

  it('comes no more when it was ended, but for what was paid before', async () => {
    const { reseller, customer } = await sold();
    await pay(customer);
    expect(await endReseller(shop.context, reseller)).toMatchObject({ status: 'ended' });
    await pay(customer);
    wait(15);
    await judged();
    expect(await credit(reseller)).toBe(2);
    await expect(endReseller(shop.context, customer)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('waits while the reseller is suspended', async () => {
    const { reseller, customer } = await sold();
    await pay(customer);
    await setOrganizationStatus(shop.context, { id: reseller, status: 'suspended' });
    wait(15);
    await judged();
    expect(await commissionsOf(reseller)).toMatchObject([
      { state: 'pending', reason: 'not_active' },
    ]);
    await setOrganizationStatus(shop.context, { id: reseller, status: 'active' });
    wait(2);
    await judged();
    expect(await credit(reseller)).toBe(2);
  });
});

describe('money that goes back', () => {
  it('before the earning brings nothing', async () => {
    const { reseller, customer } = await sold();
    await refund(await pay(customer));
    wait(15);
    await judged();
    expect(await commissionsOf(reseller)).toMatchObject([
      { state: 'refused', reason: 'refunded', kept: '0.00', amount: '0.00' },
    ]);
    expect(await credit(reseller)).toBe(0);
  });

  it('after it takes back what is not spent, once', async () => {
    const { reseller, paymentId } = await earned();
    await spend(reseller, 500_000_000n);
    await refund(paymentId);
    await judged();
    await judged();
    wait(1);
    expect(await credit(reseller)).toBe(0);
    expect(await commissionsOf(reseller)).toMatchObject([
      { state: 'clawed_back', reason: 'refunded', amount: '0.50' },
    ]);
  });

  it('by a dispute is taken back, and given again when that is won', async () => {
    const { reseller, paymentId } = await earned();
    await dispute(paymentId);
    await judged();
    shop.platform.clocks.advance('PT1M');
    expect(await credit(reseller)).toBe(0);
    await dispute(paymentId, 'won');
    await judged();
    await judged();
    expect(await credit(reseller)).toBe(2);
    expect(await commissionsOf(reseller)).toMatchObject([
      { state: 'earned', reason: null, amount: '2.00' },
    ]);
  });
});

describe('somebody who brings themselves', () => {
  it.each([
    ['by the device', { device: 'd'.repeat(26) }, undefined, 'same_device'],
    ['by the card', {}, 'card_9', 'same_payer'],
  ] as const)('is told %s, and earns nothing', async (_, where, payer, reason) => {
    const reseller = await resell(where);
    if (payer) await pay(reseller, '20.00', payer);
    const customer = await signUp(await codeOf(reseller), where);
    await pay(customer, '20.00', payer);
    wait(15);
    await judged();
    await judged();
    expect(await commissionsOf(reseller)).toMatchObject([{ state: 'refused', reason }]);
    expect(await credit(reseller)).toBe(0);
  });
});
