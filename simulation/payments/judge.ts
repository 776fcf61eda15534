/** What must be true when the weather has cleared: each payment credited once, and books that prove themselves. */
import type { Database } from '../../server/src/platform/database/pool.ts';
import { fromMinor } from '../../server/src/platform/money.ts';
import { judgeBooks } from '../invariants/books.ts';
import { readBalances } from '../invariants/read.ts';
import { brings, type Plan, stays } from './story.ts';

type Tables = {
  payments_attempts: { id: string; number: string; provider: string; status: string };
  payments_transactions: { attempt_id: string | null; provider: string; number: string };
  payments_refunds: { attempt_id: string | null; status: string };
  payments_unapplied: { reason: string; attempt_id: string | null };
  payments_reconciliations: { id: string; provider: string; date: string; status: string };
  payments_reconciliation_items: {
    reconciliation_id: string;
    result: string;
    number: string | null;
  };
};

export interface Played {
  plan: Plan;
  organizationId: string;
  paymentId: string;
}

export interface Ending {
  status: string;
  /** How many pieces of money were counted for it. */
  counted: number;
  /** What became of each refund of it. */
  refunds: string[];
}

export async function readEndings(database: Database): Promise<ReadonlyMap<string, Ending>> {
  const tables = database.withTables<Tables>();
  const attempts = await tables.selectFrom('payments_attempts').select(['id', 'status']).execute();
  const pieces = await tables.selectFrom('payments_transactions').select('attempt_id').execute();
  const refunds = await tables
    .selectFrom('payments_refunds')
    .select(['attempt_id', 'status'])
    .execute();
  const endings = new Map<string, Ending>(
    attempts.map(({ id, status }) => [id, { status, counted: 0, refunds: [] }]),
  );
  for (const { attempt_id, status } of refunds) endings.get(attempt_id ?? '')?.refunds.push(status);
  for (const { attempt_id } of pieces) {
    const ending = endings.get(attempt_id ?? '');
    if (ending) ending.counted += 1;
  }
  return endings;
}

export async function numberOf(database: Database, paymentId: string): Promise<string> {
  const { number } = await database
    .withTables<Tables>()
    .selectFrom('payments_attempts')
    .select('number')
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow();
  return number;
}

export async function judge(database: Database, played: readonly Played[]): Promise<string[]> {
  const endings = await readEndings(database);
  return [
    ...played.flatMap((each) => judgePayment(each, endings.get(each.paymentId))),
    ...(await judgeWallets(database, played)),
    ...(await judgeUnapplied(database)),
    ...(await judgeStatements(database)),
    ...(await judgeBooks({ database })),
  ];
}

function judgePayment({ plan }: Played, ending: Ending | undefined): string[] {
  const what = `payment ${plan.index} (${plan.provider}, ${plan.ends})`;
  if (!ending) return [`${what} has no attempt`];
  const times = brings(plan) ? 1 : 0;
  if (ending.counted !== times) return [`${what} was counted ${ending.counted} times`];
  if (brings(plan) !== (ending.status === 'succeeded')) return [`${what} is ${ending.status}`];
  const refunds = ending.refunds.join(', ') || 'none';
  const due = plan.ends === 'refunded' ? 'succeeded' : 'none';
  return refunds === due ? [] : [`${what} has refunds: ${refunds}`];
}

/** Whether everything that is on its way has come to its end. */
export function isSettled({ plan }: Played, ending: Ending | undefined): boolean {
  if (!brings(plan)) return true;
  return ending?.status === 'succeeded' && ending.refunds.every((status) => status === 'succeeded');
}

async function judgeWallets(database: Database, played: readonly Played[]): Promise<string[]> {
  const owed = new Map<string, bigint>();
  for (const { plan, organizationId } of played) {
    const minor = stays(plan) ? plan.amountMinor : 0n;
    owed.set(organizationId, (owed.get(organizationId) ?? 0n) + minor);
  }
  const balances = await readBalances(database);
  return [...owed].flatMap(([organizationId, minor]) => {
    const { amount } = fromMinor({ minor, currency: 'USD' });
    const held = balances.get(`${organizationId} wallet USD`) ?? 0n;
    return held === amount
      ? []
      : [`${organizationId} holds ${held}, and ${amount} of what it paid is its own`];
  });
}

async function judgeUnapplied(database: Database): Promise<string[]> {
  const rows = await database
    .withTables<Tables>()
    .selectFrom('payments_unapplied')
    .select(['reason', 'attempt_id'])
    .execute();
  return rows.map(({ reason, attempt_id }) => `money of ${attempt_id} was parked as ${reason}`);
}

/**
 * Statements and books agree: no line speaks of anything else, and each piece of money is in one. A day may still wait
 * for its statement, if nothing of ours was on it.
 */
async function judgeStatements(database: Database): Promise<string[]> {
  const tables = database.withTables<Tables>();
  const days = await tables
    .selectFrom('payments_reconciliations')
    .select(['id', 'provider', 'date', 'status'])
    .execute();
  const items = await tables
    .selectFrom('payments_reconciliation_items')
    .select(['reconciliation_id', 'result', 'number'])
    .execute();
  const pieces = await tables
    .selectFrom('payments_transactions')
    .select(['provider', 'number'])
    .execute();
  const dayOf = new Map(days.map((day) => [day.id, day]));
  const whose = new Set(days.map(({ provider }) => provider));
  const matched = new Set(
    items.filter(({ result }) => result === 'matched').map(({ number }) => number),
  );
  return [
    ...days
      .filter(({ status }) => status === 'failed')
      .map(({ provider, date }) => `the statement of ${provider} on ${date} could not be read`),
    ...items
      .filter(({ result }) => result !== 'matched')
      .map(({ reconciliation_id, result, number }) => {
        const day = dayOf.get(reconciliation_id);
        return `${number} is ${result} in the statement of ${day?.provider} on ${day?.date}`;
      }),
    ...pieces
      .filter(({ provider, number }) => whose.has(provider) && !matched.has(number))
      .map(({ provider, number }) => `${number} is in no statement of ${provider}`),
  ];
}

/** Lines of statements that were matched, by provider. */
export async function countMatched(database: Database): Promise<ReadonlyMap<string, number>> {
  const tables = database.withTables<Tables>();
  const rows = await tables
    .selectFrom('payments_reconciliation_items')
    .innerJoin(
      'payments_reconciliations',
      'payments_reconciliations.id',
      'payments_reconciliation_items.reconciliation_id',
    )
    .select('payments_reconciliations.provider as provider')
    .where('payments_reconciliation_items.result', '=', 'matched')
    .execute();
  const counts = new Map<string, number>();
  for (const { provider } of rows) counts.set(provider, (counts.get(provider) ?? 0) + 1);
  return counts;
}
