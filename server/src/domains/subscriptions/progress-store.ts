/** SQL of what the use of running periods was invoiced at. */
import { sql } from 'kysely';
import { gathered } from '../../platform/database/gathered.ts';
import type { Executor } from '../../platform/database/pool.ts';
import type { Progress } from './core/progress.ts';

type Tables = {
  subscriptions_progress: {
    subscription_id: string;
    period_from: Date;
    invoiced_to: Date;
    plan_id: string;
    plan_version: number;
    currency: string;
    amounts: bigint[];
  };
  subscriptions_subscriptions: {
    id: string;
    status: string;
    period_from: Date;
    period_to: Date;
    awaiting: object | null;
    collecting_invoice_id: string | null;
  };
};

const tables = (executor: Executor) => executor.withTables<Tables>();

/** Keeps what a running period was invoiced at in all. */
export async function saveProgress(
  executor: Executor,
  { subscriptionId, progress }: { subscriptionId: string; progress: Progress },
): Promise<void> {
  const row = {
    invoiced_to: progress.period.to,
    plan_id: progress.planId,
    plan_version: progress.version,
    currency: progress.currency,
    amounts: [...progress.amounts],
  };
  await tables(executor)
    .insertInto('subscriptions_progress')
    .values({ subscription_id: subscriptionId, period_from: progress.period.from, ...row })
    .onConflict((conflict) => conflict.columns(['subscription_id', 'period_from']).doUpdateSet(row))
    .execute();
}

/**
 * Of the period that begins at that instant.
 * @scope row: of a subscription that is held.
 */
export const findProgress = gathered(
  async (executor, asked: readonly { subscriptionId: string; from: Date }[]) => {
    const rows = await tables(executor)
      .selectFrom('subscriptions_progress')
      .selectAll()
      .where(
        'subscription_id',
        '=',
        sql<string>`any(${asked.map(({ subscriptionId }) => subscriptionId)}::text[])`,
      )
      .where(
        'period_from',
        '=',
        sql<Date>`any(${asked.map(({ from }) => from.toISOString())}::timestamptz[])`,
      )
      .execute();
    const found = new Map(rows.map((row) => [keyOf(row.subscription_id, row.period_from), row]));
    return asked.map(({ subscriptionId, from }) =>
      toProgress(found.get(keyOf(subscriptionId, from))),
    );
  },
);

function keyOf(subscriptionId: string, from: Date): string {
  return `${subscriptionId} ${from.getTime()}`;
}

function toProgress(row: Tables['subscriptions_progress'] | undefined): Progress | undefined {
  return (
    row && {
      period: { from: row.period_from, to: row.invoiced_to },
      planId: row.plan_id,
      version: row.plan_version,
      currency: row.currency,
      amounts: row.amounts,
    }
  );
}

/**
 * Subscriptions within a period, with nothing that is still to be collected or waited for; by id.
 * @scope job: every period that runs.
 */
export async function listRunning(
  executor: Executor,
  { at, after, limit }: { at: Date; after: string; limit: number },
): Promise<string[]> {
  const rows = await tables(executor)
    .selectFrom('subscriptions_subscriptions')
    .select('id')
    .where('status', 'in', ['active', 'past_due', 'canceled'])
    .where('awaiting', 'is', null)
    .where('collecting_invoice_id', 'is', null)
    .where('period_from', '<', at)
    .where('period_to', '>', at)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
