/** All SQL about attempts. */
import type { Generated, Selectable } from 'kysely';
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import type { Attempt, AttemptPayer, AttemptStatus, NextStep } from './core/attempt.ts';
import type { DeclineCode } from './core/declines.ts';

interface AttemptColumns {
  id: string;
  number: string;
  organization_id: string;
  invoice_id: string;
  provider: string;
  merchant: string;
  title: string;
  amount_minor: bigint;
  currency: string;
  charged_minor: bigint;
  charged_currency: string;
  rate: string;
  status: AttemptStatus;
  next: NextStep;
  return_url: string | null;
  reference: string | null;
  means: string | null;
  saves_method: boolean;
  method_id: string | null;
  is_automatic: boolean;
  payer: AttemptPayer | null;
  decline_code: DeclineCode | null;
  is_processing: boolean;
  provider_transaction: string | null;
  refunded_minor: Generated<bigint>;
  queries: number;
  queried_at: Date | null;
  next_query_at: Date | null;
  created_at: Date;
  expires_at: Date | null;
  settled_at: Date | null;
}

type PaymentsTables = { payments_attempts: AttemptColumns };

type AttemptRow = Selectable<AttemptColumns>;

const attemptColumns = [
  'id',
  'number',
  'organization_id',
  'invoice_id',
  'provider',
  'merchant',
  'title',
  'amount_minor',
  'currency',
  'charged_minor',
  'charged_currency',
  'rate',
  'status',
  'next',
  'return_url',
  'reference',
  'means',
  'saves_method',
  'method_id',
  'is_automatic',
  'payer',
  'decline_code',
  'is_processing',
  'provider_transaction',
  'refunded_minor',
  'queries',
  'queried_at',
  'next_query_at',
  'created_at',
  'expires_at',
  'settled_at',
] as const;

const tables = (executor: Executor) => executor.withTables<PaymentsTables>();

export const insertAttempt = gathered(
  async (executor, asked: readonly { attempt: Attempt; nextQueryAt: Date | null }[]) => {
    await tables(executor).insertInto('payments_attempts').values(asked.map(toRow)).execute();
    return asked.map(() => undefined);
  },
);

function toRow({ attempt, nextQueryAt }: { attempt: Attempt; nextQueryAt: Date | null }) {
  return {
    id: attempt.id,
    number: attempt.number,
    organization_id: attempt.organizationId,
    invoice_id: attempt.invoiceId,
    provider: attempt.provider,
    merchant: attempt.merchant,
    title: attempt.title,
    amount_minor: attempt.amount.minor,
    currency: attempt.amount.currency,
    charged_minor: attempt.charged.minor,
    charged_currency: attempt.charged.currency,
    rate: attempt.rate,
    status: attempt.status,
    next: attempt.next,
    return_url: attempt.returnUrl,
    reference: attempt.reference,
    means: attempt.means,
    saves_method: attempt.savesMethod,
    method_id: attempt.methodId,
    is_automatic: attempt.isAutomatic,
    payer: attempt.payer,
    decline_code: attempt.declineCode,
    is_processing: attempt.isProcessing,
    provider_transaction: attempt.providerTransaction,
    queries: attempt.queries,
    queried_at: null,
    next_query_at: nextQueryAt,
    created_at: attempt.createdAt,
    expires_at: attempt.expiresAt,
    settled_at: attempt.settledAt,
  };
}

/**
 * First lock of a settlement: every way to the money of an attempt waits here.
 * @scope job: a provider names the number; what is done is the payer’s.
 */
export const lockAttempt = gathered(async (executor, numbers: readonly string[]) => {
  const rows = await tables(executor)
    .selectFrom('payments_attempts')
    .select(attemptColumns)
    .where('number', '=', sql<string>`any(${[...numbers]}::text[])`)
    .orderBy('number')
    .forUpdate()
    .execute();
  const found = new Map(rows.map((row) => [row.number, toAttempt(row)]));
  return numbers.map((number) => found.get(number));
});

/** @scope job: a provider names the number. */
export async function findAttemptByNumber(
  executor: Executor,
  number: string,
): Promise<Attempt | undefined> {
  const row = await tables(executor)
    .selectFrom('payments_attempts')
    .select(attemptColumns)
    .where('number', '=', number)
    .executeTakeFirst();
  return row && toAttempt(row);
}

/** @scope caller: getPayment and listPaymentRefunds compare whose it is. */
export const findAttempt = gathered(async (executor, ids: readonly string[]) => {
  const rows = await tables(executor)
    .selectFrom('payments_attempts')
    .select(attemptColumns)
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .execute();
  const found = new Map(rows.map((row) => [row.id, toAttempt(row)]));
  return ids.map((id) => found.get(id));
});

/**
 * How often an invoice was tried.
 * @scope row: of an invoice that was found in scope.
 */
export async function countAttempts(executor: Executor, invoiceId: string): Promise<number> {
  const { count } = await tables(executor)
    .selectFrom('payments_attempts')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('invoice_id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export interface AttemptFilter {
  organizationId?: string | undefined;
  provider?: string | undefined;
  /** Leaves out what was paid from the wallet. */
  isCollected?: boolean;
  status?: AttemptStatus | undefined;
  /** When they were begun. */
  from?: Date | undefined;
  to?: Date | undefined;
  /** Id, order number or provider transaction. */
  q?: string | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * Attempts newest first.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function listAttempts(executor: Executor, filter: AttemptFilter): Promise<Attempt[]> {
  let query = tables(executor)
    .selectFrom('payments_attempts')
    .select(attemptColumns)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  const { organizationId, provider, status, from, to, q, before } = filter;
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (provider !== undefined) query = query.where('provider', '=', provider);
  if (filter.isCollected) query = query.where('provider', '<>', 'wallet');
  if (status !== undefined) query = query.where('status', '=', status);
  if (from !== undefined) query = query.where('created_at', '>=', from);
  if (to !== undefined) query = query.where('created_at', '<', to);
  if (before !== undefined) query = query.where('id', '<', before);
  if (q !== undefined) {
    query = query.where(({ eb, or }) =>
      or([eb('id', '=', q), eb('number', '=', q), eb('provider_transaction', '=', q)]),
    );
  }
  return (await query.execute()).map(toAttempt);
}

/** Keeps what the payer does next, unless the money came first. */
export async function saveNextStep(
  executor: Executor,
  id: string,
  outcome: {
    next: NextStep;
    status: 'pending' | 'failed';
    reference: string | null;
    declineCode: DeclineCode | null;
  },
): Promise<void> {
  const { next, status, reference, declineCode } = outcome;
  await tables(executor)
    .updateTable('payments_attempts')
    .set({ next, status, reference, decline_code: declineCode })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

interface Succeeded {
  id: string;
  at: Date;
  providerTransaction: string;
  /** When to ask for the method that it was to keep; null where it keeps none. */
  nextQueryAt: Date | null;
}

export const markSucceeded = gathered(async (executor, asked: readonly Succeeded[]) => {
  await sql`
      update payments_attempts as attempt
      set status = 'succeeded', next = '{"type": "none"}'::jsonb, provider_transaction = s.provider_transaction,
        queries = 0, next_query_at = s.next_query_at, settled_at = s.at
      from unnest(
        ${asked.map(({ id }) => id)}::text[],
        ${asked.map(({ providerTransaction }) => providerTransaction)}::text[],
        ${asked.map(({ at }) => at.toISOString())}::timestamptz[],
        ${asked.map(({ nextQueryAt }) => nextQueryAt?.toISOString() ?? null)}::timestamptz[]
      ) as s (id, provider_transaction, at, next_query_at)
      where attempt.id = s.id
    `.execute(executor);
  return asked.map(() => undefined);
});

/** The provider collected something else than was asked: this attempt pays nothing. */
export async function markFailed(executor: Executor, id: string): Promise<void> {
  await tables(executor)
    .updateTable('payments_attempts')
    .set({ status: 'failed', next: { type: 'none' }, next_query_at: null })
    .where('id', '=', id)
    .where('status', '!=', 'succeeded')
    .execute();
}

/**
 * Takes attempts whose query is due, so that two processes never ask about the same one at once. Whoever takes one
 * and dies leaves it for the next due time, which is set here.
 * @scope job: whatever is due, of every customer.
 */
export async function claimDueQueries(
  executor: Executor,
  now: { wall: Date; business: Date },
  options: { limit: number; againAt: (queries: number) => Date },
): Promise<Attempt[]> {
  const { wall } = now;
  const due = await tables(executor)
    .selectFrom('payments_attempts')
    .select(['id', 'queries'])
    .where('next_query_at', 'is not', null)
    .where(({ eb, and, or }) =>
      or([
        eb('next_query_at', '<=', wall),
        // At the end of the term one is asked about at once, whatever its turn.
        and([
          eb('status', '=', 'pending'),
          eb('is_processing', '=', false),
          eb('expires_at', '<=', now.business),
        ]),
      ]),
    )
    .orderBy('next_query_at')
    .orderBy('id')
    .limit(options.limit)
    .execute();
  const claimed: Attempt[] = [];
  for (const { id, queries } of due) {
    const row = await tables(executor)
      .updateTable('payments_attempts')
      .set({ queries: queries + 1, queried_at: wall, next_query_at: options.againAt(queries) })
      .where('id', '=', id)
      .where('queries', '=', queries)
      .where('next_query_at', 'is not', null)
      .returning(attemptColumns)
      .executeTakeFirst();
    if (row) claimed.push(toAttempt(row));
  }
  return claimed;
}

/**
 * Takes one attempt for a query out of turn; false where it was asked about after `notSince`.
 * @scope job: whatever is due, of every customer.
 */
export async function claimQuery(
  executor: Executor,
  id: string,
  instants: { wall: Date; notSince: Date },
): Promise<boolean> {
  const result = await tables(executor)
    .updateTable('payments_attempts')
    .set({ queried_at: instants.wall })
    .where('id', '=', id)
    .where(({ eb, or }) =>
      or([eb('queried_at', 'is', null), eb('queried_at', '<=', instants.notSince)]),
    )
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export interface QueryOutcome {
  status: AttemptStatus;
  isProcessing: boolean;
  declineCode: DeclineCode | null;
  /** False ends the queries. */
  asksAgain: boolean;
}

/** Keeps what a query found out about an attempt that has no money yet. */
export async function saveQueryOutcome(
  executor: Executor,
  id: string,
  outcome: QueryOutcome,
): Promise<void> {
  await tables(executor)
    .updateTable('payments_attempts')
    .set({
      status: outcome.status,
      is_processing: outcome.isProcessing,
      decline_code: outcome.declineCode,
      ...(outcome.asksAgain ? {} : { next_query_at: null }),
    })
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'unknown'])
    .execute();
}

function toAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    number: row.number,
    organizationId: row.organization_id,
    invoiceId: row.invoice_id,
    provider: row.provider,
    merchant: row.merchant,
    title: row.title,
    amount: { minor: row.amount_minor, currency: row.currency },
    charged: { minor: row.charged_minor, currency: row.charged_currency },
    rate: row.rate,
    status: row.status,
    next: row.next,
    returnUrl: row.return_url,
    reference: row.reference,
    means: row.means,
    savesMethod: row.saves_method,
    methodId: row.method_id,
    isAutomatic: row.is_automatic,
    payer: row.payer,
    declineCode: row.decline_code,
    isProcessing: row.is_processing,
    providerTransaction: row.provider_transaction,
    refundedMinor: row.refunded_minor,
    queries: row.queries,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    settledAt: row.settled_at,
  };
}
