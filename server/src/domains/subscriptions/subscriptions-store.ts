/** SQL of subscriptions to plans. */
import { type ColumnType, sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { SubscriptionStatus } from './core/lifecycle.ts';
import type { Subscription } from './core/record.ts';
import {
  fromRow,
  type SubscriptionRow,
  type SubscriptionValues,
  toRow,
} from './subscription-rows.ts';

type Tables = {
  subscriptions_subscriptions: {
    [Column in keyof SubscriptionRow]: ColumnType<
      SubscriptionRow[Column],
      SubscriptionValues[Column],
      SubscriptionValues[Column]
    >;
  };
  subscriptions_changes: {
    id: string;
    subscription_id: string;
    kind: string;
    invoice_id: string | null;
    credit_note_id: string | null;
    occurred_at: Date;
  };
};

const tables = (executor: Executor) => executor.withTables<Tables>();

interface Instants {
  dueAt: Date | null;
  updatedAt: Date;
}

/** Adds a subscription; false where the organization has one already. */
export async function insertSubscription(
  executor: Executor,
  subscription: Subscription,
  at: Instants,
): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('subscriptions_subscriptions')
    .values(toRow(subscription, at))
    .onConflict((conflict) =>
      conflict.column('organization_id').where('status', '<>', 'expired').doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function saveSubscription(
  executor: Executor,
  subscription: Subscription,
  at: Instants,
): Promise<void> {
  const { id, ...changes } = toRow(subscription, at);
  await tables(executor)
    .updateTable('subscriptions_subscriptions')
    .set(changes)
    .where('id', '=', id)
    .execute();
}

export async function findSubscription(
  executor: Executor,
  id: string,
): Promise<Subscription | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row && fromRow(row);
}

/** The caller holds the organization's funds row: see `lockWithFunds`. */
export async function lockSubscription(
  transaction: Transaction,
  id: string,
): Promise<Subscription | undefined> {
  const row = await tables(transaction)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function findSubscriptions(
  executor: Executor,
  ids: readonly string[],
): Promise<Subscription[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Several, in the order of their ids; the caller holds the funds rows of their organizations. */
export async function lockSubscriptions(
  transaction: Transaction,
  ids: readonly string[],
): Promise<Subscription[]> {
  const rows = await tables(transaction)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(fromRow);
}

/** The one that is not over; an organization has at most one. */
export async function findLiveSubscription(
  executor: Executor,
  organizationId: string,
): Promise<Subscription | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('status', '<>', 'expired')
    .executeTakeFirst();
  return row && fromRow(row);
}

/** Whether an organization has ever had a trial: one is enough. */
export async function hasTried(executor: Executor, organizationId: string): Promise<boolean> {
  const row = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('trial_ends_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The newest first. */
export async function listSubscriptionRows(
  executor: Executor,
  filter: {
    organizationId?: string | undefined;
    plan?: string | undefined;
    status?: SubscriptionStatus | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<Subscription[]> {
  const { organizationId, plan, status, before } = filter;
  let query = tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
  if (plan !== undefined) query = query.where('plan_id', '=', plan);
  if (status) query = query.where('status', '=', status);
  if (before !== undefined) query = query.where('id', '<', before);
  return (await query.execute()).map(fromRow);
}

/** Subscriptions for which a run has something to do, in the order in which it fell due. */
export async function listDue(
  executor: Executor,
  { until, limit }: { until: Date; limit: number },
): Promise<{ id: string; organizationId: string }[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .select(['id', 'organization_id'])
    .where('due_at', '<=', until)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ id: row.id, organizationId: row.organization_id }));
}

/** When a run will next have something to do after an instant. */
export async function findNextDue(executor: Executor, after: Date): Promise<Date | undefined> {
  const row = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .select('due_at')
    .where('due_at', '>', after)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? undefined;
}

/** Who is on an older version of a plan than the one given. */
export async function listOnOlderVersions(
  executor: Executor,
  { planId, version }: { planId: string; version: number },
): Promise<Subscription[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('plan_id', '=', planId)
    .where('plan_version', '<', version)
    .where('status', '<>', 'expired')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** Counts the taken steps of all overdue subscriptions anew, and makes the next run look at each. */
export async function moveDunning(
  transaction: Transaction,
  { moves, dueAt }: { moves: readonly { from: number; to: number }[]; dueAt: Date },
): Promise<void> {
  await sql`
    update subscriptions_subscriptions
    set
      dunning_taken = moved.to_taken,
      due_at = ${dueAt}
    from unnest(
      ${moves.map(({ from }) => from)}::integer[],
      ${moves.map(({ to }) => to)}::integer[]
    ) as moved (from_taken, to_taken)
    where overdue_since is not null
      and status <> 'expired'
      and dunning_taken = moved.from_taken
  `.execute(transaction);
}

export interface SubscriptionChangeRow {
  id: string;
  subscriptionId: string;
  kind: string;
  invoiceId: string | null;
  creditNoteId: string | null;
  occurredAt: Date;
}

export async function insertChange(executor: Executor, change: SubscriptionChangeRow) {
  await tables(executor)
    .insertInto('subscriptions_changes')
    .values({
      id: change.id,
      subscription_id: change.subscriptionId,
      kind: change.kind,
      invoice_id: change.invoiceId,
      credit_note_id: change.creditNoteId,
      occurred_at: change.occurredAt,
    })
    .execute();
}

/** Whether a change of the subscription has come with this invoice. */
export async function isInvoiceOfChange(
  executor: Executor,
  { subscriptionId, invoiceId }: { subscriptionId: string; invoiceId: string },
): Promise<boolean> {
  const row = await tables(executor)
    .selectFrom('subscriptions_changes')
    .select('id')
    .where('subscription_id', '=', subscriptionId)
    .where('invoice_id', '=', invoiceId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
