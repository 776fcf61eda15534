/** SQL of entitlements. */
import type { Selectable } from 'kysely';
import type { Executor } from '../../platform/database/pool.ts';

type EntitlementsTables = {
  entitlements_packages: {
    organization_package_id: string;
    organization_id: string;
    package_id: string;
    name: string;
    daily_limit: bigint;
    currency: string;
    starts_at: Date;
    ends_at: Date;
    duration_days: number;
    time_zone: string;
  };
};

export type EntitledPackageRow = Selectable<EntitlementsTables['entitlements_packages']>;

const tables = (executor: Executor) => executor.withTables<EntitlementsTables>();

const packageColumns = [
  'organization_package_id',
  'organization_id',
  'package_id',
  'name',
  'daily_limit',
  'currency',
  'starts_at',
  'ends_at',
  'duration_days',
  'time_zone',
] as const;

export async function insertPackage(executor: Executor, row: EntitledPackageRow): Promise<void> {
  await tables(executor).insertInto('entitlements_packages').values(row).execute();
}

/** Packages of the organization that are not over at the instant, the first to end first. */
export async function listPackagesInForce(
  executor: Executor,
  organizationId: string,
  at: Date,
): Promise<EntitledPackageRow[]> {
  return tables(executor)
    .selectFrom('entitlements_packages')
    .select(packageColumns)
    .where('organization_id', '=', organizationId)
    .where('ends_at', '>', at)
    .orderBy('ends_at')
    .orderBy('organization_package_id')
    .execute();
}

/**
 * Packages in force that have an allowance, in the order of their ids.
 * @scope deployment: a job looks at all customers' packages.
 */
export async function listAllPackagesInForce(
  executor: Executor,
  { at, after = '', limit }: { at: Date; after: string | undefined; limit: number },
): Promise<EntitledPackageRow[]> {
  return tables(executor)
    .selectFrom('entitlements_packages')
    .select(packageColumns)
    .where('organization_package_id', '>', after)
    .where('starts_at', '<=', at)
    .where('ends_at', '>', at)
    .where('daily_limit', '>', 0n)
    .orderBy('organization_package_id')
    .limit(limit)
    .execute();
}
