/** Signals, flags and holds over the real domains below: what raises them, what lifts them, and what never cuts anybody off. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../sandbox/src/sandbox.ts';
import type { Context } from '../../platform/context.ts';
import { createAccessTokens } from '../identity/access-tokens.ts';
import { createVerifiedUser } from '../identity/index.ts';
import { login } from '../identity/operations/login.ts';
import { topUpWallet } from '../invoicing/operations/top-up-wallet.ts';
import { openShop, type Shop } from '../invoicing/testing/shop.ts';
import { ledgerListeners } from '../ledger/index.ts';
import { failAttempt } from '../payments/operations/fail-attempt.ts';
import { settleAttempt } from '../payments/operations/settle-attempt.ts';
import { keepDispute } from '../payments/operations/take-dispute-news.ts';
import { findAttempt } from '../payments/store.ts';
import { riskJobs, riskListeners } from './index.ts';
import { confirmFlag, liftFlag } from './operations/decide-flag.ts';
import { judgeRisk } from './operations/judge-risk.ts';
import { judgeRisks } from './operations/judge-risks.ts';
import { readOrganizationRisk, readQueue } from './operations/read-risks.ts';

let sandbox: Sandbox;
let shop: Shop;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, smtpPort: 0, notifyRetryMs: 60_000 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  shop = await openShop(sandbox, { listeners: [...ledgerListeners, ...riskListeners] });
});
afterEach(() => shop.close());

const riskOf = (id = shop.organizationId) => readOrganizationRisk(shop.context, id);
const queue = (page = {}) => readQueue(shop.context, { limit: 50, ...page });
const judged = () => judgeRisks(shop.context);

async function decline(times: number, organizationId = shop.organizationId): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const { payment } = await topUp(organizationId);
    const attempt = await findAttempt(shop.db.database, payment.id);
    if (!attempt) throw new Error('the attempt is there');
    await failAttempt(shop.context, attempt, { status: 'failed', code: 'card_declined' });
  }
}

const topUp = (organizationId: string) =>
  topUpWallet(shop.context, {
    ...{ organizationId, amount: '20.00', currency: 'USD', provider: 'credit' },
    returnUrl: undefined,
  });

async function pay(payer: string, organizationId = shop.organizationId): Promise<string> {
  const { payment } = await topUp(organizationId);
  const number = await shop.numberOf(payment.id);
  await settleAttempt(shop.context, {
    ...{ number, merchant: sandbox.credit.pid, payer, provider: 'credit', source: 'query' },
    ...{ providerTransaction: `t_${payment.id}`, amount: { minor: 14_400n, currency: 'LDC' } },
  });
  return number;
}

async function dispute(number: string, status: 'needs_response' | 'won'): Promise<void> {
  await keepDispute(shop.context, {
    ...{ provider: 'credit', merchant: sandbox.credit.pid, isAnswer: false },
    news: {
      ...{ reference: `dp_${number}`, reason: 'fraudulent', respondBy: null, isWithdrawn: true },
      payment: { number, providerTransaction: null },
      ...{ amount: { minor: 14_400n, currency: 'LDC' }, status },
    },
  });
}

let people = 0;
async function person(ip: string, device?: string): Promise<string> {
  people += 1;
  const email = `risk${people}@example.com`;
  const password = 'correct horse battery';
  const created = await createVerifiedUser(shop.context, { email, name: 'Ada', password });
  const context: Context = { ...shop.context, actor: { ...shop.context.actor, ip, device } };
  await login(context, createAccessTokens(shop.platform), { login: email, password });
  return created?.organizationId ?? '';
}

const theFlag = async (id = shop.organizationId) => {
  const [flag] = (await riskOf(id)).flags;
  if (!flag) throw new Error('there is no flag');
  return flag;
};

describe('cards that are tried', () => {
  it('raise a flag, then hold new payments, and nothing else', async () => {
    await decline(4);
    await judged();
    expect(await riskOf()).toMatchObject({ score: 45, held: false });
    await decline(4);
    await judged();
    expect(await riskOf()).toMatchObject({
      score: 90,
      held: true,
      flags: [{ holds: true, count: 8 }],
    });
    await expect(topUp(shop.organizationId)).rejects.toMatchObject({ code: 'payments_on_hold' });
    const { rows } = await sql<{ status: string }>`
      select status from identity_organizations where id = ${shop.organizationId}
    `.execute(shop.db.database);
    expect(rows).toEqual([{ status: 'active' }]);
  });

  it('count when they are only to be stored, too', async () => {
    const at = shop.context.clocks.business();
    for (let index = 0; index < 4; index += 1) {
      await sql`
        insert into payments_setups (
          id, number, organization_id, provider, merchant, currency, status, next, decline_code, created_at, expires_at
        )
        values (
          ${`pms_${index}`}, ${`${index}`.repeat(24)}, ${shop.organizationId}, 'stripe', 'acct', 'USD', 'failed',
          '{"type":"none"}', 'card_declined', ${at}, ${at}
        )
      `.execute(shop.db.database);
    }
    await judgeRisk(shop.context, shop.organizationId);
    const { evidence, count } = await theFlag();
    expect([count, evidence[0]?.kind]).toEqual([4, 'set_up']);
  });

  it('are let go when an operator lifts the flag, which the same evidence never raises again', async () => {
    await decline(8);
    await judged();
    const { id } = await theFlag();
    await liftFlag(shop.context, { id, note: 'Their bank was down.' });
    expect(await riskOf()).toMatchObject({ held: false, flags: [{ state: 'lifted' }] });
    await judged();
    await judgeRisk(shop.context, shop.organizationId);
    expect(await riskOf()).toMatchObject({ score: 0, held: false });
    await decline(3);
    await judged();
    expect((await riskOf()).flags).toHaveLength(1);
    await decline(1);
    await judged();
    expect((await riskOf()).flags).toMatchObject([
      { state: 'open', count: 4 },
      { state: 'lifted' },
    ]);
    await expect(liftFlag(shop.context, { id, note: 'Again' })).rejects.toMatchObject({
      code: 'invalid_state',
    });
  });

  it('fade by themselves when they are long ago', async () => {
    await decline(8);
    await judged();
    shop.platform.clocks.advance('P4D');
    for (const job of riskJobs) await job.run(shop.context, {});
    expect(await riskOf()).toMatchObject({ score: 0, held: false, flags: [{ state: 'faded' }] });
    expect((await topUp(shop.organizationId)).payment.status).toBe('pending');
    expect((await queue()).data).toEqual([]);
  });

  it('never put a customer of long standing on hold, until an operator does', async () => {
    await pay('card_1');
    shop.platform.clocks.advance('P31D');
    await decline(8);
    await judged();
    expect(await riskOf()).toMatchObject({ established: true, score: 90, held: false });
    const { id } = await theFlag();
    await confirmFlag(shop.context, { id, note: 'The account was sold.', holds: true });
    expect(await riskOf()).toMatchObject({ held: true });
    shop.platform.clocks.advance('P40D');
    await judgeRisk(shop.context, shop.organizationId);
    expect(await riskOf()).toMatchObject({ held: true, flags: [{ state: 'confirmed' }] });
    await liftFlag(shop.context, { id, note: 'It was not.' });
    expect(await riskOf()).toMatchObject({ held: false });
  });
});

describe('payments that are disputed', () => {
  it('are a flag, whatever is heard first, and none once they are won', async () => {
    const numbers = [await pay('card_1'), await pay('card_1')];
    for (const number of numbers) await dispute(number, 'needs_response');
    await judged();
    expect(await riskOf()).toMatchObject({ flags: [{ rule: 'returned_payments', count: 2 }] });
    for (const number of numbers) await dispute(number, 'won');
    await judged();
    expect(await riskOf()).toMatchObject({ score: 0, flags: [{ state: 'faded' }] });
  });
});

describe('accounts that share a place', () => {
  it('are all flagged when the last one makes them many, and none is held', async () => {
    const organizations: string[] = [];
    for (let index = 0; index < 6; index += 1) organizations.push(await person('203.0.113.4'));
    const stranger = await person('203.0.113.5');
    await judged();
    await judged();
    for (const id of organizations) {
      expect(await riskOf(id)).toMatchObject({
        ...{ score: 15, held: false },
        flags: [{ rule: 'shared_address', count: 5 }],
      });
    }
    expect(await riskOf(stranger)).toMatchObject({ score: 0, flags: [] });
    expect((await queue()).data).toHaveLength(6);
  });

  it('are told by a card that pays for many, and by a device', async () => {
    const all = [await person('198.51.100.1'), await person('198.51.100.2')];
    all.push(await person('198.51.100.3', 'd'.repeat(26)), shop.organizationId);
    for (const id of all) await pay('card_9', id);
    await judged();
    await judged();
    for (const id of all) {
      expect(await riskOf(id)).toMatchObject({ flags: [{ rule: 'shared_payer', count: 3 }] });
    }
  });
});

describe('sign-ins that fail', () => {
  it('flag the account that is attacked, and hold nothing of it', async () => {
    const organizationId = await person('203.0.113.40');
    const context = shop.context;
    const wrong = { login: `risk${people}@example.com`, password: 'wrong' };
    for (let time = 0; time < 30; time += 1) {
      shop.platform.clocks.advance('PT2H');
      const actor = { ...context.actor, ip: `192.0.2.${time}` };
      const tokens = createAccessTokens(shop.platform);
      await expect(login({ ...context, actor }, tokens, wrong)).rejects.toThrow();
    }
    await judged();
    const { flags } = await riskOf(organizationId);
    expect(flags).toMatchObject([{ rule: 'sign_in_attacks', holds: false, count: 30 }]);
  });
});

describe('judgeRisk', () => {
  it('raises one flag, over two processes at once and any number of repeats', async () => {
    await decline(8);
    const other = shop.otherProcess();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        judgeRisk(index % 2 === 0 ? shop.context : other.context, shop.organizationId),
      ),
    );
    await other.close();
    expect((await riskOf()).flags).toHaveLength(1);
    const { rows } = await sql`select 1 from payments_holds`.execute(shop.db.database);
    expect(rows).toHaveLength(1);
  });

  it('loses nothing with a process that dies at any query of it', async () => {
    await decline(8);
    for (let diesAtQuery = 1; diesAtQuery <= 14; diesAtQuery += 1) {
      const dying = shop.otherProcess({ diesAtQuery });
      await judgeRisk(dying.context, shop.organizationId).catch(() => undefined);
      await dying.close();
      const { held, flags } = await riskOf();
      const { rows } = await sql`select 1 from payments_holds`.execute(shop.db.database);
      // All of it or nothing: a hold has its flag, and a flag its hold.
      expect([held, flags.length, rows.length]).toEqual(held ? [true, 1, 1] : [false, 0, 0]);
    }
    await judged();
    expect(await riskOf()).toMatchObject({ held: true, score: 90 });
  });
});

describe('the queue', () => {
  it('shows the highest score first, page by page, and by what is asked for', async () => {
    for (let index = 0; index < 6; index += 1) await person('203.0.113.90');
    await decline(8);
    await judged();
    await judged();
    const first = await queue({ limit: 3 });
    expect(first.data.map(({ score }) => score)).toEqual([90, 15, 15]);
    const second = await queue({ limit: 10, cursor: first.next_cursor });
    expect(second.data.map(({ score }) => score)).toEqual([15, 15, 15, 15]);
    expect((await queue({ held: 'true' })).data).toMatchObject([{ score: 90 }]);
    expect((await queue({ rule: 'shared_address' })).data).toHaveLength(6);
    expect((await queue({ state: 'confirmed' })).data).toEqual([]);
  });
});
