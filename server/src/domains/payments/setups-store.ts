/** All SQL about set-ups of payment methods. */
import type { Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { NextStep } from './core/attempt.ts';
import type { DeclineCode } from './core/declines.ts';
import type { MethodSetup, SetupStatus } from './core/method.ts';

interface SetupColumns {
  id: string;
  number: string;
  organization_id: string;
  provider: string;
  merchant: string;
  means: string | null;
  currency: string;
  status: SetupStatus;
  next: NextStep;
  return_url: string | null;
  reference: string | null;
  decline_code: DeclineCode | null;
  method_id: string | null;
  queries: number;
  queried_at: Date | null;
  next_query_at: Date | null;
  created_at: Date;
  expires_at: Date;
}

const setupColumns = [
  ...(['id', 'number', 'organization_id', 'provider', 'merchant', 'means', 'currency'] as const),
  ...(['status', 'next', 'return_url', 'reference', 'decline_code', 'method_id'] as const),
  ...(['queries', 'created_at', 'expires_at'] as const),
] as const;

const tables = (executor: Executor) => executor.withTables<{ payments_setups: SetupColumns }>();

export async function insertSetup(
  executor: Executor,
  { setup, nextQueryAt }: { setup: MethodSetup; nextQueryAt: Date },
): Promise<void> {
  await tables(executor)
    .insertInto('payments_setups')
    .values({
      id: setup.id,
      number: setup.number,
      organization_id: setup.organizationId,
      provider: setup.provider,
      merchant: setup.merchant,
      means: setup.means,
      currency: setup.currency,
      status: setup.status,
      next: setup.next,
      return_url: setup.returnUrl,
      reference: setup.reference,
      decline_code: setup.declineCode,
      method_id: setup.methodId,
      queries: setup.queries,
      queried_at: null,
      next_query_at: nextQueryAt,
      created_at: setup.createdAt,
      expires_at: setup.expiresAt,
    })
    .execute();
}

/** @scope caller: getSetup compares whose it is; a provider names the number. */
export async function findSetup(
  executor: Executor,
  by: { id: string } | { number: string },
): Promise<MethodSetup | undefined> {
  const query = tables(executor).selectFrom('payments_setups').select(setupColumns);
  const row = await ('id' in by
    ? query.where('id', '=', by.id)
    : query.where('number', '=', by.number)
  ).executeTakeFirst();
  return row && toSetup(row);
}

/** Keeps what the payer does next, unless something became of it meanwhile. */
export async function saveSetupStart(
  executor: Executor,
  id: string,
  is: Pick<MethodSetup, 'status' | 'next' | 'reference' | 'declineCode'>,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_setups')
    .set({
      status: is.status,
      next: is.next,
      reference: is.reference,
      decline_code: is.declineCode,
      ...(is.status === 'pending' ? {} : { next_query_at: null }),
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

/**
 * What became of a set-up; false where that was decided before.
 * @scope row: its operation found it in scope.
 */
export async function closeSetup(
  executor: Executor,
  id: string,
  is: Pick<MethodSetup, 'status' | 'declineCode' | 'methodId'>,
): Promise<boolean> {
  const closed = await tables(executor)
    .updateTable('payments_setups')
    .set({
      status: is.status,
      decline_code: is.declineCode,
      method_id: is.methodId,
      next: { type: 'none' },
      next_query_at: null,
    })
    .where('id', '=', id)
    .where('status', '!=', 'stored')
    .executeTakeFirst();
  return closed.numUpdatedRows === 1n;
}

/**
 * Takes set-ups whose query is due, so that two processes never ask about the same one at once.
 * @scope job: whatever is due, of every customer.
 */
export async function claimDueSetups(
  executor: Executor,
  wall: Date,
  options: { limit: number; againAt: (queries: number) => Date },
): Promise<MethodSetup[]> {
  const due = await tables(executor)
    .selectFrom('payments_setups')
    .select(['id', 'queries'])
    .where('next_query_at', '<=', wall)
    .orderBy('next_query_at')
    .orderBy('id')
    .limit(options.limit)
    .execute();
  const claimed: MethodSetup[] = [];
  for (const { id, queries } of due) {
    const row = await tables(executor)
      .updateTable('payments_setups')
      .set({ queries: queries + 1, queried_at: wall, next_query_at: options.againAt(queries) })
      .where('id', '=', id)
      .where('queries', '=', queries)
      .where('next_query_at', 'is not', null)
      .returning(setupColumns)
      .executeTakeFirst();
    if (row) claimed.push(toSetup(row));
  }
  return claimed;
}

/**
 * Takes one for a query out of turn; false where it was asked about after `notSince`.
 * @scope job: whatever is due, of every customer.
 */
export async function claimSetup(
  executor: Executor,
  id: string,
  instants: { wall: Date; notSince: Date },
): Promise<boolean> {
  const claimed = await tables(executor)
    .updateTable('payments_setups')
    .set({ queried_at: instants.wall })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where(({ eb, or }) =>
      or([eb('queried_at', 'is', null), eb('queried_at', '<=', instants.notSince)]),
    )
    .executeTakeFirst();
  return claimed.numUpdatedRows === 1n;
}

function toSetup(row: Selectable<Pick<SetupColumns, (typeof setupColumns)[number]>>): MethodSetup {
  return {
    id: row.id,
    number: row.number,
    organizationId: row.organization_id,
    provider: row.provider,
    merchant: row.merchant,
    means: row.means,
    currency: row.currency,
    status: row.status,
    next: row.next,
    returnUrl: row.return_url,
    reference: row.reference,
    declineCode: row.decline_code,
    methodId: row.method_id,
    queries: row.queries,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
