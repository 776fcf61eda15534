/** SQL of quotes. */
import type { ColumnType, Selectable } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { Quote, QuoteStatus, QuoteTerms, ShownTerms } from './core/quote.ts';

type Tables = {
  subscriptions_quotes: {
    id: string;
    organization_id: string;
    status: QuoteStatus;
    terms: ColumnType<QuoteTerms, string, string>;
    shown: ColumnType<ShownTerms, string, string>;
    term_cycles: number | null;
    valid_until: Date;
    decline_reason: string | null;
    subscription_id: string | null;
    committed_until: Date | null;
    created_at: Date;
    sent_at: Date | null;
    closed_at: Date | null;
  };
};

type QuoteRow = Selectable<Tables['subscriptions_quotes']>;

const tables = (executor: Executor) => executor.withTables<Tables>();

export async function insertQuote(executor: Executor, quote: Quote): Promise<void> {
  await tables(executor).insertInto('subscriptions_quotes').values(toRow(quote)).execute();
}

export async function saveQuote(executor: Executor, quote: Quote): Promise<void> {
  const { id, created_at: _, ...changes } = toRow(quote);
  await tables(executor)
    .updateTable('subscriptions_quotes')
    .set(changes)
    .where('id', '=', id)
    .execute();
}

/** @scope caller: requireQuote compares who may see it. */
export async function findQuote(executor: Executor, id: string): Promise<Quote | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_quotes')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row && fromRow(row);
}

/**
 * Behind the organization's funds row, where the transaction takes that too.
 * @scope caller: holdQuote compares who may see it.
 */
export async function lockQuote(transaction: Transaction, id: string): Promise<Quote | undefined> {
  const row = await tables(transaction)
    .selectFrom('subscriptions_quotes')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && fromRow(row);
}

/**
 * The newest first.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
export async function listQuoteRows(
  executor: Executor,
  filter: {
    organizationId?: string | undefined;
    status?: QuoteStatus | undefined;
    /** Only what the customer has been sent. */
    isSent?: boolean;
    before?: string | undefined;
    limit: number;
  },
): Promise<Quote[]> {
  const { organizationId, status, before } = filter;
  let query = tables(executor)
    .selectFrom('subscriptions_quotes')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (status) query = query.where('status', '=', status);
  if (filter.isSent) query = query.where('sent_at', 'is not', null);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(fromRow);
}

/**
 * Quotes that were sent and whose time is over, in the order in which they expired.
 * @scope job: whatever is due, of every customer.
 */
export async function findOverQuoteIds(
  executor: Executor,
  { now, limit }: { now: Date; limit: number },
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_quotes')
    .select('id')
    .where('status', '=', 'sent')
    .where('valid_until', '<=', now)
    .orderBy('valid_until')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * When the next quote expires.
 * @scope job: whatever is due, of every customer.
 */
export async function findNextQuoteEnd(executor: Executor, after: Date): Promise<Date | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_quotes')
    .select('valid_until')
    .where('status', '=', 'sent')
    .where('valid_until', '>', after)
    .orderBy('valid_until')
    .limit(1)
    .executeTakeFirst();
  return row?.valid_until;
}

/**
 * Until when the customer has committed to a subscription; undefined where there is no term.
 * @scope row: of a subscription that was found in scope.
 */
export async function findTermEnd(
  executor: Executor,
  subscriptionId: string,
): Promise<Date | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_quotes')
    .select('committed_until')
    .where('subscription_id', '=', subscriptionId)
    .executeTakeFirst();
  return row?.committed_until ?? undefined;
}

function toRow(quote: Quote) {
  return {
    id: quote.id,
    organization_id: quote.organizationId,
    status: quote.status,
    terms: JSON.stringify(quote.terms),
    shown: JSON.stringify(quote.shown),
    term_cycles: quote.termCycles,
    valid_until: quote.validUntil,
    decline_reason: quote.declineReason,
    subscription_id: quote.subscriptionId,
    committed_until: quote.committedUntil,
    created_at: quote.createdAt,
    sent_at: quote.sentAt,
    closed_at: quote.closedAt,
  };
}

function fromRow(row: QuoteRow): Quote {
  return {
    id: row.id,
    organizationId: row.organization_id,
    status: row.status,
    terms: row.terms,
    shown: row.shown,
    termCycles: row.term_cycles,
    validUntil: row.valid_until,
    declineReason: row.decline_reason,
    subscriptionId: row.subscription_id,
    committedUntil: row.committed_until,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    closedAt: row.closed_at,
  };
}
