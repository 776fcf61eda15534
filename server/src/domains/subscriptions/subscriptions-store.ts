/** SQL of subscriptions to plans. */
import { type ColumnType, sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { SubscriptionStatus } from './core/lifecycle.ts';
import type { Subscription } from './core/record.ts';
import {
  fromRow,
  jsonColumns,
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

export const saveSubscription = gathered(
  async (executor, asked: readonly { subscription: Subscription; at: Instants }[]) => {
    const rows = asked.map(({ subscription, at }) => toRow(subscription, at));
    await sql`
      update subscriptions_subscriptions as subscription
      set ${sql.join(changedColumns(rows[0]))}
      from jsonb_populate_recordset(
        null::subscriptions_subscriptions, ${JSON.stringify(rows)}::jsonb
      ) as n
      where subscription.id = n.id
    `.execute(executor);
    return asked.map(() => undefined);
  },
  // A row is written once by a statement.
  ({ subscription }) => subscription.id,
);

/** All but the id; a column of JSON is handed over as its text. */
function changedColumns(row: SubscriptionValues | undefined) {
  const columns = Object.keys(row ?? {}).filter((column) => column !== 'id');
  return columns.map((column) => {
    const value = sql.ref(`n.${column}`);
    return sql`${sql.ref(column)} = ${jsonColumns.has(column) ? sql`(${value} #>> '{}')::jsonb` : value}`;
  });
}

export const findSubscription = gathered(async (executor, ids: readonly string[]) =>
  inPlaces(ids, await findSubscriptions(executor, ids)),
);

/** The caller holds the organization's funds row: see `holdSubscription`. */
export const lockSubscription = gathered(async (transaction, ids: readonly string[]) => {
  const rows = await subscriptionsOf(transaction, ids).orderBy('id').forUpdate().execute();
  return inPlaces(ids, rows.map(fromRow));
});

export async function findSubscriptions(
  executor: Executor,
  ids: readonly string[],
): Promise<Subscription[]> {
  const rows = await subscriptionsOf(executor, ids).orderBy('id').execute();
  return rows.map(fromRow);
}

/** @scope caller: requireSubscription and holdSubscription compare whose it is. */
function subscriptionsOf(executor: Executor, ids: readonly string[]) {
  return tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...ids]}::text[])`);
}

function inPlaces(
  ids: readonly string[],
  subscriptions: readonly Subscription[],
): (Subscription | undefined)[] {
  const found = new Map(subscriptions.map((one) => [one.id, one]));
  return ids.map((id) => found.get(id));
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

/**
 * The newest first.
 * @scope deployment: operators list all; a customer’s list names the organization.
 */
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

/**
 * Subscriptions for which a run has something to do, in the order in which it fell due.
 * @scope job: whatever is due, of every customer.
 */
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

/**
 * How many are due.
 * @scope job: whatever is due, of every customer.
 */
export async function countDue(executor: Executor, until: Date): Promise<number> {
  const row = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .select(({ fn }) => fn.countAll<bigint>().as('due'))
    .where('due_at', '<=', until)
    .executeTakeFirst();
  return Number(row?.due ?? 0n);
}

/**
 * When a run will next have something to do after an instant.
 * @scope job: whatever is due, of every customer.
 */
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

/**
 * Who is on an older version of a plan than the one given.
 * @scope job: a plan is moved for all who have it.
 */
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

/**
 * Counts the taken steps of all overdue subscriptions anew, and makes the next run look at each; locked as a run does.
 * @scope row: its operation found it in scope.
 */
export async function moveDunning(
  transaction: Transaction,
  { moves, dueAt }: { moves: readonly { from: number; to: number }[]; dueAt: Date },
): Promise<void> {
  await sql`
    with overdue as (
      select id, dunning_taken
      from subscriptions_subscriptions
      where overdue_since is not null
        and status <> 'expired'
      order by id
      for update
    )
    update subscriptions_subscriptions as subscription
    set
      dunning_taken = moved.to_taken,
      due_at = ${dueAt}
    from overdue
    join unnest(
      ${moves.map(({ from }) => from)}::integer[],
      ${moves.map(({ to }) => to)}::integer[]
    ) as moved (from_taken, to_taken)
      on moved.from_taken = overdue.dunning_taken
    where subscription.id = overdue.id
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

export const insertChange = gathered(
  async (executor, changes: readonly SubscriptionChangeRow[]) => {
    await tables(executor)
      .insertInto('subscriptions_changes')
      .values(
        changes.map((change) => ({
          id: change.id,
          subscription_id: change.subscriptionId,
          kind: change.kind,
          invoice_id: change.invoiceId,
          credit_note_id: change.creditNoteId,
          occurred_at: change.occurredAt,
        })),
      )
      .execute();
    return changes.map(() => undefined);
  },
);

/**
 * Whether a change of the subscription has come with this invoice.
 * @scope row: of a subscription that is held.
 */
export const isInvoiceOfChange = gathered(
  async (executor, asked: readonly { subscriptionId: string; invoiceId: string }[]) => {
    const rows = await tables(executor)
      .selectFrom('subscriptions_changes')
      .select(['subscription_id', 'invoice_id'])
      .where(
        'subscription_id',
        '=',
        sql<string>`any(${asked.map(({ subscriptionId }) => subscriptionId)}::text[])`,
      )
      .where(
        'invoice_id',
        '=',
        sql<string>`any(${asked.map(({ invoiceId }) => invoiceId)}::text[])`,
      )
      .execute();
    const found = new Set(rows.map((row) => `${row.subscription_id} ${row.invoice_id}`));
    return asked.map(({ subscriptionId, invoiceId }) =>
      found.has(`${subscriptionId} ${invoiceId}`),
    );
  },
);
