/** SQL of groups of models and their multipliers. */
import { type Selectable, sql } from 'kysely';
import type { Executor, Transaction } from '../../platform/database/pool.ts';
import { type GroupVersion, type ModelGroup, sortVersions } from './core/model-group.ts';

type GroupTables = {
  catalog_model_groups: {
    id: string;
    slug: string;
    name: string;
    created_at: Date;
  };
  catalog_model_group_versions: {
    id: string;
    group_id: string;
    models: string[];
    multiplier_millionths: bigint;
    effective_from: Date;
    created_at: Date;
  };
  catalog_organization_multipliers: {
    id: string;
    organization_id: string;
    group_id: string;
    multiplier_millionths: bigint | null;
    effective_from: Date;
    created_at: Date;
  };
};

type GroupRow = Selectable<GroupTables['catalog_model_groups']>;

/** A customer's own multiplier from an instant on; null: the group's again. */
export interface OrganizationMultiplier {
  id: string;
  organizationId: string;
  groupId: string;
  multiplierMillionths: bigint | null;
  effectiveFrom: Date;
}

const tables = (executor: Executor) => executor.withTables<GroupTables>();

/** Lets one change of groups happen at a time, until the transaction ends: a model is in one group at most. */
export async function lockGroups(transaction: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('catalog:model-groups', 0))`.execute(
    transaction,
  );
}

/** Every group with all it ever said, by slug: there are dozens. */
export async function loadGroups(executor: Executor): Promise<ModelGroup[]> {
  const groups = await tables(executor)
    .selectFrom('catalog_model_groups')
    .select(['id', 'slug', 'name', 'created_at'])
    .orderBy('slug')
    .execute();
  const versions = await tables(executor)
    .selectFrom('catalog_model_group_versions')
    .select(['id', 'group_id', 'models', 'multiplier_millionths', 'effective_from'])
    .execute();
  const byGroup = Map.groupBy(versions, ({ group_id }) => group_id);
  return groups.map(({ created_at, ...group }) => ({
    ...group,
    createdAt: created_at,
    versions: sortVersions(
      (byGroup.get(group.id) ?? []).map((row) => ({
        id: row.id,
        models: row.models,
        multiplierMillionths: row.multiplier_millionths,
        effectiveFrom: row.effective_from,
      })),
    ),
  }));
}

/** Adds a group; false where the slug is taken. */
export async function insertGroup(executor: Executor, row: GroupRow): Promise<boolean> {
  const added = await tables(executor)
    .insertInto('catalog_model_groups')
    .values(row)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function renameGroup(executor: Executor, id: string, name: string): Promise<void> {
  await tables(executor)
    .updateTable('catalog_model_groups')
    .set({ name })
    .where('id', '=', id)
    .execute();
}

export async function insertGroupVersion(
  executor: Executor,
  groupId: string,
  { version, createdAt }: { version: GroupVersion; createdAt: Date },
): Promise<void> {
  await tables(executor)
    .insertInto('catalog_model_group_versions')
    .values({
      id: version.id,
      group_id: groupId,
      models: [...version.models],
      multiplier_millionths: version.multiplierMillionths,
      effective_from: version.effectiveFrom,
      created_at: createdAt,
    })
    .execute();
}

export async function insertOrganizationMultiplier(
  executor: Executor,
  multiplier: OrganizationMultiplier,
  createdAt: Date,
): Promise<void> {
  await tables(executor)
    .insertInto('catalog_organization_multipliers')
    .values({
      id: multiplier.id,
      organization_id: multiplier.organizationId,
      group_id: multiplier.groupId,
      multiplier_millionths: multiplier.multiplierMillionths,
      effective_from: multiplier.effectiveFrom,
      created_at: createdAt,
    })
    .execute();
}

/** @scope deployment: the book of a process answers for every customer. */
export async function loadOrganizationMultipliers(
  executor: Executor,
): Promise<OrganizationMultiplier[]> {
  const rows = await tables(executor)
    .selectFrom('catalog_organization_multipliers')
    .select(['id', 'organization_id', 'group_id', 'multiplier_millionths', 'effective_from'])
    .execute();
  return sortVersions(
    rows.map((row) => ({
      id: row.id,
      organizationId: row.organization_id,
      groupId: row.group_id,
      multiplierMillionths: row.multiplier_millionths,
      effectiveFrom: row.effective_from,
    })),
  );
}
