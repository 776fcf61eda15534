/** SQL of meters and features. */
import type { Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';
import { type Meter, referenceOf } from './core/meter.ts';

type Status = 'active' | 'archived';
type MeterTables = {
  catalog_meters: {
    id: string;
    application_id: string | null;
    application_slug: string | null;
    key: string;
    name: string;
    aggregation: Meter['aggregation'];
    unit: Meter['unit'];
    kind: Meter['kind'];
    property: string | null;
    requires_quota: boolean;
    status: Status;
    created_at: Date;
    updated_at: Date;
  };
  catalog_features: {
    id: string;
    application_id: string | null;
    application_slug: string | null;
    key: string;
    name: string;
    kind: 'boolean' | 'number' | 'text';
    status: Status;
    created_at: Date;
    updated_at: Date;
  };
};

const meterColumns = [
  'id',
  'application_id',
  'application_slug',
  'key',
  'name',
  'aggregation',
  'unit',
  'kind',
  'property',
  'requires_quota',
  'status',
  'created_at',
] as const;
const featureColumns = [
  'id',
  'application_id',
  'application_slug',
  'key',
  'name',
  'kind',
  'status',
  'created_at',
] as const;

const tables = (executor: Executor) => executor.withTables<MeterTables>();

/** A switch, a number or a word that a plan may give. */
export interface Feature {
  id: string;
  applicationId: string | null;
  applicationSlug: string | null;
  key: string;
  /** Its name everywhere: `sso`, or `medical.sso`. */
  reference: string;
  name: string;
  kind: 'boolean' | 'number' | 'text';
  status: Status;
  createdAt: Date;
}

export interface DefinitionFilter {
  /** Of this application only, by id or slug. */
  application?: string | undefined;
  status?: Status | undefined;
  after?: string | undefined;
  limit: number;
}

/** Every meter: there are few (hundreds at most), and each process keeps them. */
export async function loadMeters(executor: Executor): Promise<Meter[]> {
  const rows = await tables(executor).selectFrom('catalog_meters').select(meterColumns).execute();
  return rows.map(toMeter);
}

export async function listMeterRows(
  executor: Executor,
  filter: DefinitionFilter,
): Promise<Meter[]> {
  const { application, status, after } = filter;
  let query = tables(executor)
    .selectFrom('catalog_meters')
    .select(meterColumns)
    .orderBy('id')
    .limit(filter.limit);
  if (status) query = query.where('status', '=', status);
  if (after !== undefined) query = query.where('id', '>', after);
  if (application !== undefined) {
    query = query.where(({ or, eb }) =>
      or([eb('application_id', '=', application), eb('application_slug', '=', application)]),
    );
  }
  return (await query.execute()).map(toMeter);
}

export async function findMeter(executor: Executor, id: string): Promise<Meter | undefined> {
  const row = await tables(executor)
    .selectFrom('catalog_meters')
    .select(meterColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toMeter(row);
}

export async function findMeterByKey(
  executor: Executor,
  applicationId: string | null,
  key: string,
): Promise<Meter | undefined> {
  const row = await tables(executor)
    .selectFrom('catalog_meters')
    .select(meterColumns)
    .where('application_id', 'is not distinct from', applicationId)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && toMeter(row);
}

/** Meters by id. */
export async function findMetersById(
  executor: Executor,
  ids: readonly string[],
): Promise<Map<string, Meter>> {
  if (ids.length === 0) return new Map();
  const rows = await tables(executor)
    .selectFrom('catalog_meters')
    .select(meterColumns)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, toMeter(row)]));
}

/** Adds a meter; false where the key is taken. */
export async function insertMeter(executor: Executor, meter: Meter): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('catalog_meters')
    .values({
      id: meter.id,
      application_id: meter.applicationId,
      application_slug: meter.applicationSlug,
      key: meter.key,
      name: meter.name,
      aggregation: meter.aggregation,
      unit: meter.unit,
      kind: meter.kind,
      property: meter.property,
      requires_quota: meter.requiresQuota,
      status: meter.status,
      created_at: meter.createdAt,
      updated_at: meter.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function updateMeterRow(
  executor: Executor,
  { id, name, requiresQuota, status }: Meter,
  updatedAt: Date,
): Promise<void> {
  await tables(executor)
    .updateTable('catalog_meters')
    .set({ name, requires_quota: requiresQuota, status, updated_at: updatedAt })
    .where('id', '=', id)
    .execute();
}

export async function loadFeatures(executor: Executor): Promise<Feature[]> {
  const rows = await tables(executor)
    .selectFrom('catalog_features')
    .select(featureColumns)
    .execute();
  return rows.map(toFeature);
}

export async function listFeatureRows(
  executor: Executor,
  filter: DefinitionFilter,
): Promise<Feature[]> {
  const { application, status, after } = filter;
  let query = tables(executor)
    .selectFrom('catalog_features')
    .select(featureColumns)
    .orderBy('id')
    .limit(filter.limit);
  if (status) query = query.where('status', '=', status);
  if (after !== undefined) query = query.where('id', '>', after);
  if (application !== undefined) {
    query = query.where(({ or, eb }) =>
      or([eb('application_id', '=', application), eb('application_slug', '=', application)]),
    );
  }
  return (await query.execute()).map(toFeature);
}

export async function findFeature(executor: Executor, id: string): Promise<Feature | undefined> {
  const row = await tables(executor)
    .selectFrom('catalog_features')
    .select(featureColumns)
    .where('id', '=', id)
    .executeTakeFirst();
  return row && toFeature(row);
}

export async function findFeatureByKey(
  executor: Executor,
  applicationId: string | null,
  key: string,
): Promise<Feature | undefined> {
  const row = await tables(executor)
    .selectFrom('catalog_features')
    .select(featureColumns)
    .where('application_id', 'is not distinct from', applicationId)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && toFeature(row);
}

/** Adds a feature; false where the key is taken. */
export async function insertFeature(executor: Executor, feature: Feature): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('catalog_features')
    .values({
      id: feature.id,
      application_id: feature.applicationId,
      application_slug: feature.applicationSlug,
      key: feature.key,
      name: feature.name,
      kind: feature.kind,
      status: feature.status,
      created_at: feature.createdAt,
      updated_at: feature.createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function updateFeatureRow(
  executor: Executor,
  { id, name, status }: Feature,
  updatedAt: Date,
): Promise<void> {
  await tables(executor)
    .updateTable('catalog_features')
    .set({ name, status, updated_at: updatedAt })
    .where('id', '=', id)
    .execute();
}

type MeterRow = Pick<Selectable<MeterTables['catalog_meters']>, (typeof meterColumns)[number]>;
type FeatureRow = Pick<
  Selectable<MeterTables['catalog_features']>,
  (typeof featureColumns)[number]
>;

function toMeter(row: MeterRow): Meter {
  return {
    id: row.id,
    applicationId: row.application_id,
    applicationSlug: row.application_slug,
    key: row.key,
    reference: referenceOf(row.application_slug, row.key),
    name: row.name,
    aggregation: row.aggregation,
    unit: row.unit,
    kind: row.kind,
    property: row.property,
    requiresQuota: row.requires_quota,
    status: row.status,
    createdAt: row.created_at,
  };
}

function toFeature(row: FeatureRow): Feature {
  return {
    id: row.id,
    applicationId: row.application_id,
    applicationSlug: row.application_slug,
    key: row.key,
    reference: referenceOf(row.application_slug, row.key),
    name: row.name,
    kind: row.kind,
    status: row.status,
    createdAt: row.created_at,
  };
}
