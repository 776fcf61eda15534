import type { BodyOf } from '@sluice/contract/endpoint';
import type {
  createFeature as endpoint,
  updateFeature as updateEndpoint,
} from '@sluice/contract/meters';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { referenceOf } from '../core/meter.ts';
import { isSameJson } from '../core/same-json.ts';
import { type Feature, findFeature, insertFeature, updateFeatureRow } from '../meters-store.ts';
import { type Owner, resolveOwner } from './resolve-application.ts';

type Command = BodyOf<typeof endpoint>;
type Changes = BodyOf<typeof updateEndpoint>;

/**
 * Defines what may be given besides use.
 * @throws Refusal `rule_violated` for an unknown application; `already_exists` for a key that is taken.
 */
export async function createFeature(context: Context, command: Command): Promise<Feature> {
  return inTransaction(context, async (transaction) =>
    createFeatureWithin(
      context,
      transaction,
      await resolveOwner(transaction, command.application),
      command,
    ),
  );
}

/** As `createFeature`, of an owner that is known, within the transaction of a larger change. */
export async function createFeatureWithin(
  context: Context,
  transaction: Transaction,
  owner: Owner,
  command: Omit<Command, 'application'>,
): Promise<Feature> {
  const now = context.clocks.business();
  const feature: Feature = {
    id: newId('ftr', now),
    ...owner,
    key: command.key,
    reference: referenceOf(owner.applicationSlug, command.key),
    name: command.name,
    kind: command.kind ?? 'boolean',
    status: 'active',
    createdAt: now,
  };
  if (!(await insertFeature(transaction, feature))) {
    throw new Refusal(
      'already_exists',
      `There is a feature "${feature.reference}" already: choose another key.`,
      { param: 'key' },
    );
  }
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'feature.create',
    resource: { kind: 'feature', id: feature.id },
    newValues: auditValues(feature),
  });
  return feature;
}

/**
 * Renames a feature, archives it or takes it back; who has it keeps it.
 * @throws Refusal `not_found`.
 */
export async function updateFeature(
  context: Context,
  id: string,
  changes: Changes,
): Promise<Feature> {
  return inTransaction(context, (transaction) =>
    updateFeatureWithin(context, transaction, id, changes),
  );
}

/** As `updateFeature`, within the transaction of a larger change. */
export async function updateFeatureWithin(
  context: Context,
  transaction: Transaction,
  id: string,
  changes: Changes,
): Promise<Feature> {
  const before = await findFeature(transaction, id);
  if (!before) throw notFound('feature');
  const after: Feature = {
    ...before,
    name: changes.name ?? before.name,
    status: changes.status ?? before.status,
  };
  if (isSameJson(auditValues(before), auditValues(after))) return before;
  await updateFeatureRow(transaction, after, context.clocks.business());
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'feature.update',
    resource: { kind: 'feature', id },
    oldValues: auditValues(before),
    newValues: auditValues(after),
  });
  return after;
}

function auditValues({ reference, name, kind, status }: Feature): Record<string, unknown> {
  return { feature: reference, name, kind, status };
}
