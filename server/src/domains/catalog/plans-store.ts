/** SQL of plans. */
import type { FeatureValue } from '@sluice/contract/meters';
import { type ColumnType, type Selectable, sql } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import type { StoredOffer } from './core/offer.ts';
import { type PlanTerms, termsOf } from './core/plan.ts';
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
    on_abort: 'delivered' | 'drained';
    offer: ColumnType<StoredOffer, string, string>;
    sort_order: number;
    status: 'active' | 'archived';
    created_at: Date;
    updated_at: Date;
  };
  catalog_plan_versions: {
    plan_id: string;
    version: number;
    terms: ColumnType<StoredTerms, string, never>;
    created_at: Date;
  };
};

type StoredTerms = Omit<PlanTerms, 'tokens_per_minute' | 'on_abort'> & {
  tokens_per_minute: string | null;
  /** Versions of before say nothing of it. */
  on_abort?: PlanTerms['on_abort'];
};

export interface PlanVersionRow {
  plan_id: string;
  version: number;
  terms: PlanTerms;
  created_at: Date;
}

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
  'on_abort',
  'offer',
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
    /** Only what is offered to everybody, and to this organization where one is given. */
    offeredTo?: { organizationId: string | undefined } | undefined;
    /** Their order is the operator's, then the id's. */
    after?: { sortOrder: number; id: string } | undefined;
    limit: number;
  },
): Promise<PlanRow[]> {
  const { application, status, offeredTo, after } = filter;
  let query = tables(executor)
    .selectFrom('catalog_plans')
    .select(planColumns)
    .orderBy('sort_order')
    .orderBy('id')
    .limit(filter.limit);
  if (status) query = query.where('status', '=', status);
  if (offeredTo) {
    const organizationId = offeredTo.organizationId ?? '';
    query = query.where(
      sql<boolean>`(offer ->> 'visible_to' = 'public' or offer -> 'visible_to' ? ${organizationId})`,
    );
  }
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

/** Adds a plan with its first version; false where the slug is taken. */
export async function insertPlan(executor: Executor, row: PlanRow): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('catalog_plans')
    .values({ ...row, ...storedOf(row) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!added) return false;
  await insertPlanVersion(executor, row);
  return true;
}

/** Replaces a plan's row; where its version has grown, `insertPlanVersion` keeps that too. */
export async function replacePlan(executor: Executor, row: PlanRow): Promise<void> {
  const { id, created_at: _, ...changes } = row;
  await tables(executor)
    .updateTable('catalog_plans')
    .set({ ...changes, ...storedOf(row) })
    .where('id', '=', id)
    .execute();
}

function storedOf(row: PlanRow) {
  return {
    quotas: JSON.stringify(row.quotas),
    features: JSON.stringify(row.features),
    offer: JSON.stringify(row.offer),
  };
}

export async function insertPlanVersion(executor: Executor, row: PlanRow): Promise<void> {
  const tokens = row.tokens_per_minute === null ? null : String(row.tokens_per_minute);
  await tables(executor)
    .insertInto('catalog_plan_versions')
    .values({
      plan_id: row.id,
      version: row.version,
      terms: JSON.stringify({ ...termsOf(row), tokens_per_minute: tokens }),
      created_at: row.updated_at,
    })
    .execute();
}

export async function findPlanVersionRow(
  executor: Executor,
  planId: string,
  version: number,
): Promise<PlanVersionRow | undefined> {
  const row = await tables(executor)
    .selectFrom('catalog_plan_versions')
    .selectAll()
    .where('plan_id', '=', planId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && readVersion(row);
}

/** The newest first. */
export async function listPlanVersionRows(
  executor: Executor,
  { planId, before, limit }: { planId: string; before: number | undefined; limit: number },
): Promise<PlanVersionRow[]> {
  let query = tables(executor)
    .selectFrom('catalog_plan_versions')
    .selectAll()
    .where('plan_id', '=', planId)
    .orderBy('version', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('version', '<', before);
  return (await query.execute()).map(readVersion);
}

function readVersion(row: Selectable<PlanTables['catalog_plan_versions']>): PlanVersionRow {
  const { tokens_per_minute: tokens, on_abort = 'delivered', ...terms } = row.terms;
  return {
    ...row,
    terms: { ...terms, on_abort, tokens_per_minute: tokens === null ? null : BigInt(tokens) },
  };
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
