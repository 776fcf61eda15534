import type { BodyOf } from '@sluice/contract/endpoint';
import type {
  createModelGroup as createEndpoint,
  updateModelGroup as updateEndpoint,
} from '@sluice/contract/model-groups';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMultiplier, parseMultiplier } from '../../../platform/multiplier.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  findConflict,
  type GroupVersion,
  lastBegun,
  type ModelGroup,
  sortVersions,
} from '../core/model-group.ts';
import {
  insertGroup,
  insertGroupVersion,
  loadGroups,
  lockGroups,
  renameGroup,
} from '../groups-store.ts';
import { modelGroupsChannel } from '../model-group-book.ts';
import { readEffectiveFrom } from './read-effective-from.ts';

/** Beyond this a model's group is no longer found at a glance. */
const groupsMax = 200;

/**
 * Groups models under one multiplier.
 * @throws Refusal `already_exists` for a slug that is taken; `conflict` for models that are in another group.
 */
export async function createModelGroup(
  context: Context,
  command: BodyOf<typeof createEndpoint>,
): Promise<ModelGroup> {
  return inTransaction(context, (transaction) =>
    createModelGroupWithin(context, transaction, command),
  );
}

/** As `createModelGroup`, within the transaction of a larger change. */
export async function createModelGroupWithin(
  context: Context,
  transaction: Transaction,
  command: BodyOf<typeof createEndpoint>,
): Promise<ModelGroup> {
  const now = context.clocks.business();
  const group: ModelGroup = {
    id: newId('mgr', now),
    slug: command.slug,
    name: command.name,
    createdAt: now,
    versions: [],
  };
  const version = {
    id: newId('mgv', now),
    models: command.models,
    multiplierMillionths: parseMultiplier(command.multiplier),
    effectiveFrom: readEffectiveFrom(command.effective_from, now),
  };
  await lockGroups(transaction);
  const groups = await loadGroups(transaction);
  if (groups.length >= groupsMax) {
    const sentence = `There are ${groupsMax} groups already: add the models to one of them.`;
    throw new Refusal('rule_violated', sentence);
  }
  refuseConflict(version, group, groups);
  const { slug, createdAt: created_at } = group;
  if (!(await insertGroup(transaction, { id: group.id, slug, name: group.name, created_at }))) {
    const sentence = `There is a group "${slug}": choose another slug, or change that group.`;
    throw new Refusal('already_exists', sentence, { param: 'slug' });
  }
  await saveVersion(context, transaction, { group, version, action: 'model_group.create' });
  return { ...group, versions: [version] };
}

/**
 * Renames a group, or lets it say something else from now or later on.
 * @throws Refusal `not_found`; `conflict` for models that are in another group.
 */
export async function updateModelGroup(
  context: Context,
  id: string,
  changes: BodyOf<typeof updateEndpoint>,
): Promise<ModelGroup> {
  return inTransaction(context, (transaction) =>
    updateModelGroupWithin(context, transaction, id, changes),
  );
}

/** As `updateModelGroup`, within the transaction of a larger change. */
export async function updateModelGroupWithin(
  context: Context,
  transaction: Transaction,
  id: string,
  changes: BodyOf<typeof updateEndpoint>,
): Promise<ModelGroup> {
  const now = context.clocks.business();
  await lockGroups(transaction);
  const groups = await loadGroups(transaction);
  const group = groups.find((one) => one.id === id || one.slug === id);
  if (!group) throw notFound('model group');
  const renamed = { ...group, name: changes.name ?? group.name };
  if (renamed.name !== group.name) await renameGroup(transaction, group.id, renamed.name);
  const effectiveFrom = readEffectiveFrom(changes.effective_from, now);
  const before = lastBegun(group.versions, effectiveFrom);
  const version = {
    id: newId('mgv', now),
    models: changes.models ?? before?.models ?? [],
    multiplierMillionths:
      changes.multiplier === undefined
        ? (before?.multiplierMillionths ?? parseMultiplier('1'))
        : parseMultiplier(changes.multiplier),
    effectiveFrom,
  };
  if (changes.models === undefined && changes.multiplier === undefined) {
    await saveName(context, transaction, group, renamed);
    return renamed;
  }
  refuseConflict(version, group, groups);
  await saveVersion(context, transaction, {
    ...{ group: renamed, version, before },
    action: 'model_group.update',
  });
  return { ...renamed, versions: sortVersions([...group.versions, version]) };
}

function refuseConflict(
  version: GroupVersion,
  group: ModelGroup,
  groups: readonly ModelGroup[],
): void {
  const others = groups.filter(({ id }) => id !== group.id);
  const conflict = findConflict(version, group.versions, others);
  if (!conflict) return;
  const { own, other, group: holder } = conflict;
  const what = own === other ? `"${own}" is` : `Some models of "${own}" are`;
  throw new Refusal(
    'conflict',
    `${what} in the group "${holder.slug}" (${other}): a model is in one group at a time, so take them out there first.`,
    { param: 'models' },
  );
}

async function saveVersion(
  context: Context,
  transaction: Transaction,
  saved: {
    group: ModelGroup;
    version: GroupVersion;
    before?: GroupVersion | undefined;
    action: string;
  },
): Promise<void> {
  const { group, version, before, action } = saved;
  const createdAt = context.clocks.business();
  await insertGroupVersion(transaction, group.id, { version, createdAt });
  await recordAudit(context, transaction, {
    organizationId: null,
    action,
    resource: { kind: 'model_group', id: group.id },
    ...(before && { oldValues: auditValues(group, before) }),
    newValues: auditValues(group, version),
  });
  await notify(transaction, modelGroupsChannel, group.slug);
}

async function saveName(
  context: Context,
  transaction: Transaction,
  before: ModelGroup,
  after: ModelGroup,
): Promise<void> {
  if (before.name === after.name) return;
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'model_group.update',
    resource: { kind: 'model_group', id: after.id },
    oldValues: { name: before.name },
    newValues: { name: after.name },
  });
  await notify(transaction, modelGroupsChannel, after.slug);
}

function auditValues({ slug, name }: ModelGroup, version: GroupVersion): Record<string, unknown> {
  return {
    ...{ slug, name },
    models: version.models,
    multiplier: formatMultiplier(version.multiplierMillionths),
    effective_from: version.effectiveFrom.toISOString(),
  };
}
