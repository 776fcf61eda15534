/** SQL of billing runs. */
import type { Executor } from '../../platform/database/pool.ts';

export interface BillingRun {
  id: string;
  status: 'running' | 'stopped' | 'completed';
  due_until: Date;
  renewed: number;
  expired: number;
  dunned: number;
  failed: number;
  started_at: Date;
  completed_at: Date | null;
}

type Tables = { subscriptions_billing_runs: BillingRun };

const tables = (executor: Executor) => executor.withTables<Tables>();

export async function insertRun(executor: Executor, run: BillingRun): Promise<void> {
  await tables(executor).insertInto('subscriptions_billing_runs').values(run).execute();
}

export async function saveRun(executor: Executor, run: BillingRun): Promise<void> {
  const { id, ...changes } = run;
  await tables(executor)
    .updateTable('subscriptions_billing_runs')
    .set(changes)
    .where('id', '=', id)
    .execute();
}

export async function findRun(executor: Executor, id: string): Promise<BillingRun | undefined> {
  return tables(executor)
    .selectFrom('subscriptions_billing_runs')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The newest first. */
export async function listRuns(
  executor: Executor,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<BillingRun[]> {
  let query = tables(executor)
    .selectFrom('subscriptions_billing_runs')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.execute();
}
