import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/testkit/database.ts';
import { type TestPlatform, testContext, testPlatform } from '../../platform/testkit/platform.ts';
import { organizationCreated } from '../identity/index.ts';
import {
  type Account,
  ensureTransferPartitions,
  ledgerListeners,
  openGrant,
  type Posting,
  postTransfers,
  readWallet,
} from './index.ts';
import { listWalletTransactions } from './operations/list-wallet-transactions.ts';

let db: TestDatabase;
let platform: TestPlatform;
let context: Context;

beforeAll(async () => {
  db = await createTestDatabase();
  platform = testPlatform(db, { listeners: ledgerListeners });
  context = testContext(platform);
});

afterAll(() => db.close());

/** An organization as its creation leaves it. */
async function organization(): Promise<string> {
  const organizationId = newId('org', platform.clocks.business());
  await db.database.transaction().execute((transaction) =>
    platform.events.announce(context, transaction, organizationCreated, {
      organizationId,
      timeZone: 'UTC',
    }),
  );
  return organizationId;
}

const posting = (debit: Account, credit: Account, amount: bigint): Posting => ({
  debit,
  credit,
  amount: { amount, currency: 'USD' },
  kind: 'adjustment',
  reference: 'inv_1',
});

const post = (organizationId: string, postings: readonly Posting[]) =>
  db.database
    .transaction()
    .execute((transaction) => postTransfers(context, transaction, organizationId, postings));

describe('a new organization', () => {
  test('has an empty wallet in the usage currency', async () => {
    expect(await readWallet(db.database, await organization())).toEqual({
      currency: 'USD',
      available: 0n,
      held: 0n,
      owed: 0n,
      grants: [],
    });
  });
});

describe('postTransfers', () => {
  test('keeps the wallet in step', async () => {
    const id = await organization();
    await post(id, [posting('receivable', 'wallet', 500n), posting('wallet', 'deferred', 120n)]);
    expect(await readWallet(db.database, id)).toMatchObject({ available: 380n });
  });

  test('refuses one nano more than is there, and then posts nothing at all', async () => {
    const id = await organization();
    await post(id, [posting('world', 'wallet', 100n)]);
    const refused = post(id, [
      posting('world', 'revenue', 5n),
      posting('wallet', 'deferred', 101n),
    ]);
    await expect(refused).rejects.toMatchObject({ code: 'insufficient_funds', status: 402 });
    expect(await readWallet(db.database, id)).toMatchObject({ available: 100n });
    const lines = await sql`
      select id from ledger_transfers where organization_id = ${id}
    `.execute(db.database);
    expect(lines.rows).toHaveLength(1);
    await post(id, [posting('wallet', 'deferred', 100n)]);
  });

  test('lets no two debits at once spend the same money', async () => {
    const id = await organization();
    await post(id, [posting('world', 'wallet', 100n)]);
    const debits = Array.from({ length: 10 }, () => post(id, [posting('wallet', 'deferred', 30n)]));
    const results = await Promise.allSettled(debits);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await readWallet(db.database, id)).toMatchObject({ available: 10n });
  });

  test.each([
    ['an amount of zero', posting('world', 'wallet', 0n)],
    ['a negative amount', posting('world', 'wallet', -1n)],
    ['one account twice', posting('wallet', 'wallet', 1n)],
    ['a grant that is not there', posting('world', 'grant:grt_none', 1n)],
    ['a wallet in a foreign currency', { ...posting('world', 'wallet', 1n), amount: cny(1n) }],
  ])('takes %s for a bug', async (_, wrong) => {
    await expect(post(await organization(), [wrong])).rejects.toThrow('invariant broken');
  });

  test('sums to zero over all accounts, and its replay is the balance, whatever is posted', async () => {
    const accounts: Account[] = ['wallet', 'receivable', 'revenue', 'deferred', 'world'];
    const postings = fc.array(
      fc
        .record({
          debit: fc.constantFrom(...accounts),
          credit: fc.constantFrom(...accounts),
          amount: fc.bigInt({ min: 1n, max: 1_000n }),
        })
        .filter(({ debit, credit }) => debit !== credit),
      { minLength: 1, maxLength: 12 },
    );
    const property = fc.asyncProperty(postings, async (chosen) => {
      const id = await organization();
      for (const { debit, credit, amount } of chosen) {
        await post(id, [posting(debit, credit, amount)]).catch((error) => {
          if (error.code !== 'insufficient_funds') throw error;
        });
      }
      const balances = await balancesOf(id);
      const { available } = await readWallet(db.database, id);
      expect(balances.get('wallet') ?? 0n).toBe(available);
      expect([...balances.values()].reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
    });
    await fc.assert(property, { numRuns: 30, endOnFailure: true });
  }, 60_000);

  test('does not depend on the order of postings that all fit', async () => {
    const [one, other] = [await organization(), await organization()];
    const funding = posting('world', 'wallet', 1_000n);
    const rest = [
      posting('wallet', 'deferred', 300n),
      posting('wallet', 'revenue', 200n),
      posting('receivable', 'wallet', 50n),
    ];
    for (const next of [funding, ...rest]) await post(one, [next]);
    for (const next of [funding, ...rest.toReversed()]) await post(other, [next]);
    expect(await balancesOf(other)).toEqual(await balancesOf(one));
  });
});

describe('the transfers', () => {
  test.each(['update ledger_transfers set amount = 1', 'delete from ledger_transfers'])(
    'refuse "%s"',
    async (statement) => {
      await post(await organization(), [posting('world', 'wallet', 1n)]);
      await expect(sql.raw(statement).execute(db.database)).rejects.toThrow('append-only');
    },
  );

  test('are kept by month, and found whether or not their month was made ahead', async () => {
    const at = new Date('2031-05-15T00:00:00Z');
    const before = await organization();
    platform.clocks.set(at);
    await post(before, [posting('world', 'wallet', 1n)]);
    await ensureTransferPartitions(db.database, at, new Date('2031-07-01T00:00:00Z'));
    await ensureTransferPartitions(db.database, at, new Date('2031-07-01T00:00:00Z'));
    platform.clocks.set('2031-06-15T00:00:00Z');
    await post(before, [posting('world', 'wallet', 2n)]);
    const { rows } = await sql<{ place: string }>`
      select tableoid::regclass::text as place
      from ledger_transfers
      where organization_id = ${before}
      order by id
    `.execute(db.database);
    expect(rows.map(({ place }) => place)).toEqual([
      'ledger_transfers_default',
      'ledger_transfers_2031_06',
    ]);
    const lines = await listWalletTransactions(db.database, before, {
      before: undefined,
      limit: 9,
    });
    expect(lines.map(({ amount }) => amount.amount)).toEqual([2n, 1n]);
  });
});

describe('readWallet', () => {
  test('lists grants in the order in which they are spent', async () => {
    const id = await organization();
    const grant = (priority: number, expiresAt: Date | null) =>
      db.database.transaction().execute((transaction) =>
        openGrant(context, transaction, {
          organizationId: id,
          amount: { amount: 5n, currency: 'USD' },
          priority,
          expiresAt,
          reference: 'gift',
        }),
      );
    const last = await grant(1, null);
    const second = await grant(0, null);
    const first = await grant(0, new Date('2032-01-01T00:00:00Z'));
    const { grants } = await readWallet(db.database, id);
    expect(grants.map((item) => item.id)).toEqual([first.id, second.id, last.id]);
  });
});

function cny(amount: bigint) {
  return { amount, currency: 'CNY' };
}

async function balancesOf(organizationId: string): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ account: string; balance: bigint }>`
    select account, sum(amount)::bigint as balance
    from (
      select credit as account, amount from ledger_transfers where organization_id = ${organizationId}
      union all
      select debit, -amount from ledger_transfers where organization_id = ${organizationId}
    ) lines
    group by account
    order by account
  `.execute(db.database);
  return new Map(rows.map(({ account, balance }) => [account, balance]));
}
