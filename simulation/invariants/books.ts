/** The ledger against itself, and against the documents that it is made of. */
import { verifyLedger } from '../../server/src/domains/access/index.ts';
import type { Platform } from '../../server/src/platform/context.ts';
import { fromMinor } from '../../server/src/platform/money.ts';
import { readBalances, readCreditNotes } from './read.ts';

export async function judgeBooks(platform: Pick<Platform, 'database'>): Promise<string[]> {
  const { problems } = await verifyLedger(platform);
  const balances = await readBalances(platform.database);
  const sums = new Map<string, bigint>();
  for (const [key, amount] of balances) {
    const currency = key.split(' ')[2] ?? '';
    sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  }
  const unbalanced = [...sums]
    .filter(([, amount]) => amount !== 0n)
    .map(([currency, amount]) => `the ledger sums to ${amount} ${currency}`);
  return [...problems, ...unbalanced, ...(await judgeCredit(platform, balances))];
}

/** What stands as customers' credit is what is left of their credit notes. */
async function judgeCredit(
  { database }: Pick<Platform, 'database'>,
  balances: ReadonlyMap<string, bigint>,
): Promise<string[]> {
  const left = new Map<string, bigint>();
  for (const { organization_id, currency, remaining_minor } of await readCreditNotes(database)) {
    const key = `${organization_id} customer_credit ${currency}`;
    const { amount } = fromMinor({ minor: remaining_minor, currency });
    left.set(key, (left.get(key) ?? 0n) + amount);
  }
  const keys = new Set([...left.keys(), ...[...balances.keys()].filter(isCredit)]);
  return [...keys].flatMap((key) => {
    const booked = balances.get(key) ?? 0n;
    return booked === (left.get(key) ?? 0n)
      ? []
      : [`${key} is ${booked}, and its credit notes have ${left.get(key) ?? 0n} left`];
  });
}

function isCredit(key: string): boolean {
  return key.includes(' customer_credit ');
}
