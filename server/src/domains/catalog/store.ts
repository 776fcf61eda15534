/** All SQL of the catalog. */
import { type ColumnType, type Selectable, sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import type { ModelPrice, PriceTable, PriceTier, ServiceTierName } from './core/model-price.ts';
import type { StoredQuota } from './core/quota-terms.ts';

type CatalogTables = {
  catalog_packages: {
    id: string;
    name: string;
    description: string | null;
    price_minor: bigint;
    currency: string;
    duration_days: number;
    daily_limit: bigint;
    quotas: ColumnType<StoredQuota[], string, string>;
    sort_order: number;
    status: 'active' | 'archived';
    created_at: Date;
    updated_at: Date;
  };
  catalog_model_prices: {
    id: string;
    model: string;
    currency: string;
    prices: ColumnType<Record<string, string>, string, never>;
    tiers: ColumnType<
      { above_input_tokens: number; prices: Record<string, string> }[],
      string,
      never
    >;
    service_tiers: ColumnType<{ [T in ServiceTierName]?: Record<string, string> }, string, never>;
    context_window: number | null;
    max_output_tokens: number | null;
    effective_from: Date;
    source: 'operator' | 'dataset';
    created_at: Date;
  };
  catalog_refused_updates: {
    id: string;
    model: string;
    refused_at: Date;
  };
};

export type PackageRow = Selectable<CatalogTables['catalog_packages']>;
type ModelPriceRow = Selectable<CatalogTables['catalog_model_prices']>;

const packageColumns = [
  'id',
  'name',
  'description',
  'price_minor',
  'currency',
  'duration_days',
  'daily_limit',
  'quotas',
  'sort_order',
  'status',
  'created_at',
  'updated_at',
] as const;
const priceColumns = [
  'id',
  'model',
  'currency',
  'prices',
  'tiers',
  'service_tiers',
  'context_window',
  'max_output_tokens',
  'effective_from',
  'source',
  'created_at',
] as const;

const tables = (executor: Executor) => executor.withTables<CatalogTables>();

/** Where a page of packages goes on: their order is the operator's, then the id's. */
export interface PackageCursor {
  sortOrder: number;
  id: string;
}

export async function listPackageRows(
  executor: Executor,
  filter: {
    status?: 'active' | 'archived' | undefined;
    after?: PackageCursor | undefined;
    limit: number;
  },
): Promise<PackageRow[]> {
  let query = tables(executor)
    .selectFrom('catalog_packages')
    .select(packageColumns)
    .orderBy('sort_order')
    .orderBy('id')
    .limit(filter.limit);
  if (filter.status) query = query.where('status', '=', filter.status);
  const { after } = filter;
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

export async function findPackage(executor: Executor, id: string): Promise<PackageRow | undefined> {
  return tables(executor)
    .selectFrom('catalog_packages')
    .select(packageColumns)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function lockPackage(executor: Executor, id: string): Promise<PackageRow | undefined> {
  return tables(executor)
    .selectFrom('catalog_packages')
    .select(packageColumns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

/** Packages of one name, those on sale first, then the newest. */
export async function listPackagesByName(executor: Executor, name: string): Promise<PackageRow[]> {
  return tables(executor)
    .selectFrom('catalog_packages')
    .select(packageColumns)
    .where('name', '=', name)
    .orderBy('status')
    .orderBy('id', 'desc')
    .limit(2)
    .execute();
}

/** Lets one file be applied at a time, until the transaction ends. */
export async function lockPricing(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('catalog:pricing', 0))`.execute(
    transaction,
  );
}

export async function insertPackage(executor: Executor, row: PackageRow): Promise<void> {
  await tables(executor)
    .insertInto('catalog_packages')
    .values({ ...row, quotas: JSON.stringify(row.quotas) })
    .execute();
}

export async function replacePackage(executor: Executor, row: PackageRow): Promise<void> {
  const { id, created_at: _, ...changes } = row;
  await tables(executor)
    .updateTable('catalog_packages')
    .set({ ...changes, quotas: JSON.stringify(row.quotas) })
    .where('id', '=', id)
    .execute();
}

export async function insertModelPrices(
  executor: Executor,
  versions: readonly ModelPrice[],
  createdAt: Date,
): Promise<void> {
  if (versions.length === 0) return;
  await tables(executor)
    .insertInto('catalog_model_prices')
    .values(
      versions.map((version) => ({
        id: version.id,
        model: version.model,
        currency: version.currency,
        prices: JSON.stringify(textsOf(version.prices)),
        tiers: JSON.stringify(
          version.tiers.map((tier) => ({
            above_input_tokens: tier.aboveInputTokens,
            prices: textsOf(tier.prices),
          })),
        ),
        service_tiers: JSON.stringify(mapTiers(version.serviceTiers, (prices) => textsOf(prices))),
        context_window: version.contextWindow,
        max_output_tokens: version.maxOutputTokens,
        effective_from: version.effectiveFrom,
        source: version.source,
        created_at: createdAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function countDatasetPrices(executor: Executor): Promise<number> {
  const { count } = await tables(executor)
    .selectFrom('catalog_model_prices')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('source', '=', 'dataset')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Every version of every model, or of one: the book is small (hundreds) and read as a whole into each process. */
export async function loadModelPrices(executor: Executor, model?: string): Promise<ModelPrice[]> {
  const query = tables(executor).selectFrom('catalog_model_prices').select(priceColumns);
  const rows = await (model === undefined ? query : query.where('model', '=', model)).execute();
  return rows.map(toModelPrice);
}

/** Lets one decision about updates happen at a time, until the transaction ends. */
export async function lockPriceUpdates(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('catalog:price-updates', 0))`.execute(
    transaction,
  );
}

/** Ids of the differences that were refused: as many as an operator has looked at. */
export async function loadRefusedUpdates(executor: Executor): Promise<ReadonlySet<string>> {
  const rows = await tables(executor).selectFrom('catalog_refused_updates').select('id').execute();
  return new Set(rows.map(({ id }) => id));
}

export async function insertRefusedUpdates(
  executor: Executor,
  updates: readonly { id: string; model: string }[],
  refusedAt: Date,
): Promise<void> {
  await tables(executor)
    .insertInto('catalog_refused_updates')
    .values(updates.map(({ id, model }) => ({ id, model, refused_at: refusedAt })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Versions of one model, newest first. */
export async function listPriceRows(
  executor: Executor,
  filter: { model: string; before: string | undefined; limit: number },
): Promise<ModelPrice[]> {
  let query = tables(executor)
    .selectFrom('catalog_model_prices')
    .select(priceColumns)
    .where('model', '=', filter.model)
    .orderBy('id', 'desc')
    .limit(filter.limit);
  if (filter.before !== undefined) query = query.where('id', '<', filter.before);
  return (await query.execute()).map(toModelPrice);
}

/** Price snapshots by id. */
export async function findModelPrices(
  executor: Executor,
  ids: readonly string[],
): Promise<Map<string, ModelPrice>> {
  if (ids.length === 0) return new Map();
  const rows = await tables(executor)
    .selectFrom('catalog_model_prices')
    .select(priceColumns)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, toModelPrice(row)]));
}

function mapTiers<T, U>(
  tiers: { [N in ServiceTierName]?: T },
  map: (prices: T) => U,
): { [N in ServiceTierName]?: U } {
  return Object.fromEntries(Object.entries(tiers).map(([tier, prices]) => [tier, map(prices)]));
}

function textsOf(prices: Partial<PriceTable>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(prices).map(([position, nanos]) => [position, String(nanos)]),
  );
}

function nanosOf(texts: Record<string, string>): PriceTable {
  return Object.fromEntries(
    Object.entries(texts).map(([position, text]) => [position, BigInt(text)]),
  ) as unknown as PriceTable;
}

function toModelPrice(row: ModelPriceRow): ModelPrice {
  const tiers: PriceTier[] = row.tiers.map((tier) => ({
    aboveInputTokens: tier.above_input_tokens,
    prices: nanosOf(tier.prices),
  }));
  return {
    id: row.id,
    model: row.model,
    currency: row.currency,
    prices: nanosOf(row.prices),
    tiers,
    serviceTiers: mapTiers(row.service_tiers, nanosOf),
    contextWindow: row.context_window,
    maxOutputTokens: row.max_output_tokens,
    effectiveFrom: row.effective_from,
    source: row.source,
  };
}
