/** SQL of plans. */
import type { FeatureValue } from '@sluice/contract/meters';
import type { ColumnType, Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { StoredQuota } from './core/quota-terms.ts';

type PlanTables = {
  catalog_plans: {
    id: string;
    slug: string;
    name: string;
    description: string | null;
    application_id: string | null;
    application_slug: string | null;
    version: number;
    quotas: ColumnType<StoredQuota[], string, string>;
    features: ColumnType<Record<string, FeatureValue>, string, string>;
    models: string[];
    requests_per_minute: number | null;
    tokens_per_minute: ColumnType<bigint | null, number | bigint | null, number | bigint | null>;
    concurrency: number | null;
    on_short_funds: 'reject' | 'cap';
    sort_order: number;
    status: 'active' | 'archived';
    created_at: Date;
    updated_at: Date;
  };
};

export type PlanRow = Selectable<PlanTables['catalog_plans']>;

const planColumns = [
  'id',
  'slug',
  'name',
  'description',
  'application_id',
  'application_slug',
  'version',
  'quotas',
  'features',
  'models',
  'requests_per_minute',
  'tokens_per_minute',
  'concurrency',
  'on_short_funds',
  'sort_order',
  'status',
  'created_at',
  'updated_at',
] as const;

const tables = (executor: Executor) => executor.withTables<PlanTables>();

export async function listPlanRows(
  executor: Executor,
  filter: {
    application?: string | undefined;
    status?: 'active' | 'archived' | undefined;
    /** Their order is the operator's, then the id's. */
    after?: { sortOrder: number; id: string } | undefined;
    limit: number;
  },
): Promise<PlanRow[]> {
  const { application, status, after } = filter;
  let query = tables(executor)
    .selectFrom('catalog_plans')
    .select(planColumns)
    .orderBy('sort_order')
    .orderBy('id')
    .limit(filter.limit);
  if (status) query = query.where('status', '=', status);
  if (application !== undefined) {
    query = query.where(({ or, eb }) =>
      or([eb('application_id', '=', application), eb('application_slug', '=', application)]),
    );
  }
  if (after) {
    query = query.where(({ eb, and, or }) =>
      or([
        eb('sort_order', '>', after.sortOrder),
        and([eb('sort_order', '=', after.sortOrder), eb('id', '>', after.id)]),
      ]),
    );
  }
  return query.execute();
}

/** A plan by its id or slug, which cannot be mistaken for each other. */
export async function findPlan(executor: Executor, idOrSlug: string): Promise<PlanRow | undefined> {
  return tables(executor)
    .selectFrom('catalog_plans')
    .select(planColumns)
    .where(({ or, eb }) => or([eb('id', '=', idOrSlug), eb('slug', '=', idOrSlug)]))
    .executeTakeFirst();
}

export async function lockPlan(executor: Executor, idOrSlug: string): Promise<PlanRow | undefined> {
  return tables(executor)
    .selectFrom('catalog_plans')
    .select(planColumns)
    .where(({ or, eb }) => or([eb('id', '=', idOrSlug), eb('slug', '=', idOrSlug)]))
    .forUpdate()
    .executeTakeFirst();
}

/** Adds a plan; false where the slug is taken. */
export async function insertPlan(executor: Executor, row: PlanRow): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('catalog_plans')
    .values({ ...row, quotas: JSON.stringify(row.quotas), features: JSON.stringify(row.features) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function replacePlan(executor: Executor, row: PlanRow): Promise<void> {
  const { id, created_at: _, ...changes } = row;
  await tables(executor)
    .updateTable('catalog_plans')
    .set({
      ...changes,
      quotas: JSON.stringify(row.quotas),
      features: JSON.stringify(row.features),
    })
    .where('id', '=', id)
    .execute();
}

/** Which of these slugs are taken, and by whose plans. */
export async function listPlanSlugs(
  executor: Executor,
  slugs: readonly string[],
): Promise<{ slug: string; application_id: string | null }[]> {
  if (slugs.length === 0) return [];
  return tables(executor)
    .selectFrom('catalog_plans')
    .select(['slug', 'application_id'])
    .where('slug', 'in', slugs)
    .execute();
}
