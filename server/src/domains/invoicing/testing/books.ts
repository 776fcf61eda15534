/** Reads the ledger back for tests: balances by replay, checked against the buckets. */
import type { Database } from '../../../platform/database/pool.ts';
import { formatNanos } from '../../../platform/money.ts';

type Books = {
  ledger_transfers: {
    organization_id: string;
    debit: string;
    credit: string;
    amount: bigint;
    currency: string;
  };
  ledger_buckets: {
    organization_id: string;
    account: string;
    currency: string;
    available: bigint;
    held: bigint;
  };
};

/** Balances that are not zero, as `{"wallet USD": "20.00"}`; it throws where the books do not balance. */
export async function readBooks(
  database: Database,
  organizationId = 'org_shop',
): Promise<Record<string, string>> {
  const transfers = await database
    .withTables<Books>()
    .selectFrom('ledger_transfers')
    .select(['debit', 'credit', 'amount', 'currency'])
    .where('organization_id', '=', organizationId)
    .execute();
  const balances = new Map<string, bigint>();
  const add = (account: string, amount: bigint) =>
    balances.set(account, (balances.get(account) ?? 0n) + amount);
  for (const { debit, credit, amount, currency } of transfers) {
    add(`${debit} ${currency}`, -amount);
    add(`${credit} ${currency}`, amount);
  }
  const sum = [...balances.values()].reduce((total, amount) => total + amount, 0n);
  if (sum !== 0n) throw new Error(`the ledger sums to ${sum}`);
  await requireBuckets(database, organizationId, balances);
  return Object.fromEntries(
    [...balances]
      .filter(([account, amount]) => amount !== 0n && !account.startsWith('allowance:'))
      .map(([account, amount]) => [account, formatNanos(amount)])
      .sort(),
  );
}

async function requireBuckets(
  database: Database,
  organizationId: string,
  balances: Map<string, bigint>,
): Promise<void> {
  const buckets = await database
    .withTables<Books>()
    .selectFrom('ledger_buckets')
    .select(['account', 'currency', 'available', 'held'])
    .where('organization_id', '=', organizationId)
    .execute();
  for (const { account, currency, available, held } of buckets) {
    const replayed = balances.get(`${account} ${currency}`) ?? 0n;
    if (replayed !== available + held) {
      throw new Error(`${account} holds ${available + held}, and its transfers say ${replayed}`);
    }
  }
}
