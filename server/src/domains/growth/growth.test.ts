/** From a code to credit over the real domains below: what earns, what does not, and what is taken back. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../sandbox/src/sandbox.ts';
import { verifyLedger } from '../access/index.ts';
import { setOrganizationStatus } from '../identity/index.ts';
import { openShop, type Shop } from '../invoicing/testing/shop.ts';
import { chargeFunds, ledgerListeners } from '../ledger/index.ts';
import { growthListeners } from './index.ts';
import { getInvite } from './operations/get-invite.ts';
import { judgeReferral } from './operations/judge-referral.ts';
import { judgeReferrals } from './operations/judge-referrals.ts';
import { findReferrals, readOwnReferrals } from './operations/read-referrals.ts';
import { writeReferralRules } from './operations/referral-rules.ts';
import { growthScene } from './testing/scene.ts';

let sandbox: Sandbox;
let shop: Shop;
const rules = {
  ...{ enabled: true, inviter_reward: '6', invited_reward: '4', required_payments: '20' },
  ...{ waiting_days: 14, pay_within_days: 60, expires_after_days: 90, monthly_max: 3 },
};
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  shop = await openShop(sandbox, { listeners: [...ledgerListeners, ...growthListeners] });
  await writeReferralRules(shop.context, rules);
});
afterEach(async () => {
  expect((await verifyLedger(shop.platform)).problems).toEqual([]);
  await shop.close();
});

const { signUp, codeOf, pay, refund, dispute, credit } = growthScene(() => ({ shop, sandbox }));
const judged = () => judgeReferrals(shop.context);
const referrals = async () => (await findReferrals(shop.context, { limit: 50 })).data;
const theReferral = async () => {
  const [referral] = await referrals();
  if (!referral) throw new Error('there is no referral');
  return referral;
};
/** An inviter, whoever they invited, and a payment that is enough. */
async function paidReferral(): Promise<{ inviter: string; invited: string; paymentId: string }> {
  const inviter = await signUp();
  const invited = await signUp(await codeOf(inviter));
  return { inviter, invited, paymentId: await pay(invited) };
}

async function earned() {
  const scene = await paidReferral();
  shop.platform.clocks.advance('P15D');
  await judged();
  return scene;
}

describe('a code', () => {
  it('is one for each organization, over two processes at once', async () => {
    const organizationId = await signUp();
    const other = shop.otherProcess();
    const codes = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        getInvite(index % 2 === 0 ? shop.context : other.context, organizationId),
      ),
    );
    await other.close();
    expect(new Set(codes.map(({ code }) => code)).size).toBe(1);
    expect(codes[0]?.link).toMatch(/\/sign-up\?invite=[A-Z2-9]{8}$/);
  });

  it('counts in any way it is typed, and stops nobody where it is wrong', async () => {
    const code = await codeOf(await signUp());
    await signUp(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`);
    await signUp('no such code');
    await signUp('ZZZZ9999');
    expect(await referrals()).toMatchObject([{ state: 'pending' }]);
  });

  it('counts for nothing while referrals are off, or its owner is suspended', async () => {
    const inviter = await signUp();
    const code = await codeOf(inviter);
    await writeReferralRules(shop.context, { ...rules, enabled: false });
    await signUp(code);
    await writeReferralRules(shop.context, rules);
    await setOrganizationStatus(shop.context, { id: inviter, status: 'suspended' });
    await signUp(code);
    expect(await referrals()).toEqual([]);
  });

  it('shows who came masked', async () => {
    const inviter = await signUp();
    await signUp(await codeOf(inviter));
    const { data } = await readOwnReferrals(shop.context, inviter, { limit: 10 });
    expect(data).toMatchObject([{ who: 'g•••@e•••.com', state: 'pending', reward: null }]);
  });
});

describe('judgeReferral', () => {
  it('gives both their credit once enough is paid and has stayed for the waiting time', async () => {
    const { inviter, invited } = await paidReferral();
    await judged();
    expect(await theReferral()).toMatchObject({ state: 'pending', paid: '20.00' });
    expect(await credit(inviter)).toBe(0);
    shop.platform.clocks.advance('P15D');
    await judged();
    await judged();
    expect(await theReferral()).toMatchObject({
      state: 'earned',
      inviter_reward: { amount: '6.00' },
    });
    expect([await credit(inviter), await credit(invited)]).toEqual([6, 4]);
    expect(await getInvite(shop.context, inviter)).toMatchObject({ earned: '6.00', pending: 0 });
  });

  it('gives it once, over two processes at once and any number of repeats', async () => {
    const { inviter, invited } = await paidReferral();
    shop.platform.clocks.advance('P15D');
    const { id } = await theReferral();
    const other = shop.otherProcess();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        judgeReferral(index % 2 === 0 ? shop.context : other.context, id),
      ),
    );
    await other.close();
    expect([await credit(inviter), await credit(invited)]).toEqual([6, 4]);
  });

  it('gives all of it or nothing, wherever a process dies', async () => {
    const { inviter, invited } = await paidReferral();
    shop.platform.clocks.advance('P15D');
    const { id } = await theReferral();
    let isEarned = false;
    for (let diesAtQuery = 1; !isEarned && diesAtQuery < 80; diesAtQuery += 1) {
      const dying = shop.otherProcess({ diesAtQuery });
      await judgeReferral(dying.context, id).catch(() => undefined);
      await dying.close();
      isEarned = (await theReferral()).state === 'earned';
      const credits = [await credit(inviter), await credit(invited)];
      expect(credits).toEqual(isEarned ? [6, 4] : [0, 0]);
    }
    await judged();
    expect([await credit(inviter), await credit(invited)]).toEqual([6, 4]);
  });

  it('does not count what is paid from the wallet, nor a payment told twice', async () => {
    const inviter = await signUp();
    const invited = await signUp(await codeOf(inviter));
    await pay(invited, '12.00');
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from growth_payments
    `.execute(shop.db.database);
    expect(rows).toEqual([{ count: 1 }]);
    shop.platform.clocks.advance('P15D');
    await judged();
    expect(await theReferral()).toMatchObject({ state: 'pending', paid: '12.00' });
  });

  it('keeps to the terms of the day on which somebody signed up', async () => {
    const { inviter } = await paidReferral();
    await writeReferralRules(shop.context, { ...rules, inviter_reward: '1', invited_reward: '1' });
    shop.platform.clocks.advance('P15D');
    await judged();
    expect(await credit(inviter)).toBe(6);
  });

  it('refuses rules by which somebody would gain by paying for themselves', async () => {
    await expect(
      writeReferralRules(shop.context, { ...rules, inviter_reward: '16.01' }),
    ).rejects.toMatchObject({ code: 'rule_violated' });
  });
});

describe('money that goes back', () => {
  it('before the earning does not count, so that nothing is earned', async () => {
    const { inviter, paymentId } = await paidReferral();
    await refund(paymentId);
    shop.platform.clocks.advance('P15D');
    await judged();
    expect(await theReferral()).toMatchObject({ state: 'pending', paid: '0.00' });
    shop.platform.clocks.advance('P60D');
    await judged();
    expect(await theReferral()).toMatchObject({ state: 'refused', reason: 'refunded' });
    expect(await credit(inviter)).toBe(0);
  });

  it('after it takes back what is not spent, of both, once', async () => {
    const { inviter, invited, paymentId } = await earned();
    await shop.db.database.transaction().execute((transaction) =>
      chargeFunds(shop.context, transaction, {
        ...{ organizationId: inviter, amount: 2_000_000_000n, kind: 'usage', reference: 'a call' },
      }),
    );
    await refund(paymentId);
    await judged();
    await judged();
    expect(await theReferral()).toMatchObject({
      ...{ state: 'clawed_back', reason: 'refunded' },
      inviter_reward: { amount: '6.00', taken_back: '4.00' },
      invited_reward: { amount: '4.00', taken_back: '4.00' },
    });
    shop.platform.clocks.advance('PT1M');
    expect([await credit(inviter), await credit(invited)]).toEqual([0, 0]);
    await pay(invited);
    shop.platform.clocks.advance('P20D');
    await judged();
    expect(await theReferral()).toMatchObject({ state: 'clawed_back' });
  });

  it('gives one answer whether the refund or the earning is heard of first', async () => {
    const { inviter, paymentId } = await paidReferral();
    shop.platform.clocks.advance('P15D');
    const { id } = await theReferral();
    const other = shop.otherProcess();
    await Promise.all([judgeReferral(other.context, id), refund(paymentId)]);
    await other.close();
    await judged();
    shop.platform.clocks.advance('PT1M');
    expect(await credit(inviter)).toBe(0);
    expect(['pending', 'clawed_back']).toContain((await theReferral()).state);
  });

  it('by a dispute ends it for good', async () => {
    const { inviter, paymentId } = await paidReferral();
    await dispute(paymentId);
    await judged();
    expect(await theReferral()).toMatchObject({ state: 'refused', reason: 'disputed' });
    expect(await credit(inviter)).toBe(0);
  });
});

describe('somebody who invites themselves', () => {
  const refused = async () => {
    shop.platform.clocks.advance('P15D');
    await judged();
    return (await referrals()).map(({ reason }) => reason);
  };

  it('is told by the address', async () => {
    const inviter = await signUp(undefined, { ip: '203.0.113.200' });
    await pay(await signUp(await codeOf(inviter), { ip: '203.0.113.200' }));
    expect(await refused()).toEqual(['same_address']);
  });

  it('is told by the device', async () => {
    const device = 'c'.repeat(26);
    const inviter = await signUp(undefined, { device });
    await pay(await signUp(await codeOf(inviter), { device }));
    expect(await refused()).toEqual(['same_device']);
  });

  it('is told by the card', async () => {
    const inviter = await signUp();
    await pay(inviter, '20.00', 'card_1');
    await pay(await signUp(await codeOf(inviter)), '20.00', 'card_1');
    expect(await refused()).toEqual(['same_payer']);
  });

  it('is told round a ring: A invites B, B invites A’s other account', async () => {
    const device = 'e'.repeat(26);
    const first = await signUp(undefined, { device });
    const second = await signUp(await codeOf(first));
    const third = await signUp(await codeOf(second));
    await pay(await signUp(await codeOf(third), { device }));
    shop.platform.clocks.advance('P15D');
    await judged();
    expect((await referrals())[0]).toMatchObject({ state: 'refused', reason: 'ring' });
  });

  it('is told by a card that pays for all whom they invited', async () => {
    const code = await codeOf(await signUp());
    for (let index = 0; index < 2; index += 1) await pay(await signUp(code), '20.00', 'card_7');
    expect(await refused()).toEqual(['ring', 'ring']);
  });
});

describe('the bound', () => {
  it('holds: rewards in a month are capped, and never more than one for each who paid', async () => {
    const inviter = await signUp();
    const code = await codeOf(inviter);
    for (let index = 0; index < 5; index += 1) await pay(await signUp(code));
    await signUp(code);
    shop.platform.clocks.advance('P15D');
    const other = shop.otherProcess();
    const ids = (await referrals()).map(({ id }) => id);
    await Promise.all(
      ids.map((id, index) => judgeReferral(index % 2 === 0 ? shop.context : other.context, id)),
    );
    await other.close();
    expect(await credit(inviter)).toBe(18);
    const states = (await referrals()).map(({ state, reason }) => reason ?? state).sort();
    expect(states).toEqual(['earned', 'earned', 'earned', 'monthly_cap', 'monthly_cap', 'pending']);
    const { rows } = await sql<{ given: bigint; paying: number }>`
      select (select coalesce(sum(amount), 0)::bigint from growth_rewards) as given,
        (select count(distinct organization_id)::integer from growth_payments) as paying
    `.execute(shop.db.database);
    const [{ given, paying } = { given: 0n, paying: 0 }] = rows;
    expect(given).toBeLessThanOrEqual(10_000_000_000n * BigInt(paying));
  });
});
