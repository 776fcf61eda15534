/** SQL of the terms that organizations have: their plan's, and the features that operators gave. */
import type { FeatureValue } from '@sluice/contract/meters';
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';

/** A plan's terms as they were when the organization got it. */
export interface OrganizationPlan {
  organizationId: string;
  planId: string;
  slug: string;
  name: string;
  version: number;
  startsAt: Date;
  /** Null where it never ends. */
  endsAt: Date | null;
  /** From which windows are counted that do not follow the calendar. */
  anchorAt: Date;
  features: Record<string, FeatureValue>;
  models: string[];
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  concurrency: number | null;
  onShortFunds: 'reject' | 'cap';
  onAbort: 'delivered' | 'drained';
}

interface PlanRow {
  organization_id: string;
  plan_id: string;
  slug: string;
  name: string;
  version: number;
  starts_at: Date;
  ends_at: Date | null;
  anchor_at: Date;
  features: Record<string, FeatureValue>;
  models: string[];
  requests_per_minute: number | null;
  tokens_per_minute: bigint | null;
  concurrency: number | null;
  on_short_funds: 'reject' | 'cap';
  on_abort: 'delivered' | 'drained';
}

export async function findOrganizationPlan(
  executor: Executor,
  organizationId: string,
): Promise<OrganizationPlan | undefined> {
  const { rows } = await sql<PlanRow>`
    select organization_id, plan_id, slug, name, version, starts_at, nullif(ends_at, 'infinity') as ends_at,
      anchor_at, features, models, requests_per_minute, tokens_per_minute, concurrency, on_short_funds,
      on_abort
    from entitlements_plans
    where organization_id = ${organizationId}
  `.execute(executor);
  const [row] = rows;
  if (!row) return undefined;
  return {
    organizationId: row.organization_id,
    planId: row.plan_id,
    slug: row.slug,
    name: row.name,
    version: row.version,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    anchorAt: row.anchor_at,
    features: row.features,
    models: row.models,
    requestsPerMinute: row.requests_per_minute,
    tokensPerMinute: row.tokens_per_minute === null ? null : Number(row.tokens_per_minute),
    concurrency: row.concurrency,
    onShortFunds: row.on_short_funds,
    onAbort: row.on_abort,
  };
}

/**
 * Organizations that have a plan now, the newest first.
 * @scope deployment: operators list every customer.
 */
export async function findOrganizationsOnPlan(
  executor: Executor,
  asked: {
    planId: string;
    now: Date;
    /** Only these. */
    among?: readonly string[] | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select organization_id as id
    from entitlements_plans
    where plan_id = ${asked.planId}
      and ends_at > ${asked.now}
      and (${asked.among ?? null}::text[] is null or organization_id = any(${asked.among ?? null}::text[]))
      and (${asked.before ?? null}::text is null or organization_id < ${asked.before ?? null})
    order by organization_id desc
    limit ${asked.limit}
  `.execute(executor);
  return rows.map(({ id }) => id);
}

export async function putOrganizationPlan(
  transaction: Transaction,
  plan: OrganizationPlan,
): Promise<void> {
  await sql`
    insert into entitlements_plans (
      organization_id, plan_id, slug, name, version, starts_at, ends_at, anchor_at, features, models,
      requests_per_minute, tokens_per_minute, concurrency, on_short_funds, on_abort
    )
    values (
      ${plan.organizationId}, ${plan.planId}, ${plan.slug}, ${plan.name}, ${plan.version}, ${plan.startsAt},
      coalesce(${plan.endsAt}::timestamptz, 'infinity'), ${plan.anchorAt}, ${JSON.stringify(plan.features)},
      ${plan.models}, ${plan.requestsPerMinute}, ${plan.tokensPerMinute}, ${plan.concurrency},
      ${plan.onShortFunds}, ${plan.onAbort}
    )
    on conflict (organization_id) do update
    set plan_id = excluded.plan_id,
      slug = excluded.slug,
      name = excluded.name,
      version = excluded.version,
      starts_at = excluded.starts_at,
      ends_at = excluded.ends_at,
      anchor_at = excluded.anchor_at,
      features = excluded.features,
      models = excluded.models,
      requests_per_minute = excluded.requests_per_minute,
      tokens_per_minute = excluded.tokens_per_minute,
      concurrency = excluded.concurrency,
      on_short_funds = excluded.on_short_funds,
      on_abort = excluded.on_abort
  `.execute(transaction);
}

export async function deleteOrganizationPlan(
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  await sql`
    delete from entitlements_plans
    where organization_id = ${organizationId}
  `.execute(transaction);
}

/** Features that stand whatever the plan says, by reference. */
export async function findFeatureOverrides(
  executor: Executor,
  organizationId: string,
): Promise<Record<string, FeatureValue>> {
  const { rows } = await sql<{ feature: string; value: FeatureValue }>`
    select feature, value
    from entitlements_features
    where organization_id = ${organizationId}
    order by feature
  `.execute(executor);
  return Object.fromEntries(rows.map(({ feature, value }) => [feature, value]));
}

export async function replaceFeatureOverrides(
  transaction: Transaction,
  organizationId: string,
  features: Readonly<Record<string, FeatureValue>>,
): Promise<void> {
  await sql`
    delete from entitlements_features
    where organization_id = ${organizationId}
  `.execute(transaction);
  const names = Object.keys(features);
  if (names.length === 0) return;
  await sql`
    insert into entitlements_features (organization_id, feature, value)
    select ${organizationId}, f.feature, f.value
    from unnest(
      ${names}::text[],
      ${names.map((name) => JSON.stringify(features[name]))}::jsonb[]
    ) as f (feature, value)
  `.execute(transaction);
}
