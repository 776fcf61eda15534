import type { BodyOf } from '@sluice/contract/endpoint';
import type {
  createMeter as endpoint,
  updateMeter as updateEndpoint,
} from '@sluice/contract/meters';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { decideMeter, type Meter, referenceOf } from '../core/meter.ts';
import { isSameJson } from '../core/same-json.ts';
import { metersChannel } from '../meter-book.ts';
import { findMeter, insertMeter, updateMeterRow } from '../meters-store.ts';
import { type Owner, resolveOwner } from './resolve-application.ts';

type Command = BodyOf<typeof endpoint>;
type Changes = BodyOf<typeof updateEndpoint>;

/**
 * Defines what is counted.
 * @throws Refusal `rule_violated` for a way of counting that cannot be; `already_exists` for a key that is taken.
 */
export async function createMeter(context: Context, command: Command): Promise<Meter> {
  return inTransaction(context, async (transaction) =>
    createMeterWithin(
      context,
      transaction,
      await resolveOwner(transaction, command.application),
      command,
    ),
  );
}

/** As `createMeter`, of an owner that is known, within the transaction of a larger change. */
export async function createMeterWithin(
  context: Context,
  transaction: Transaction,
  owner: Owner,
  command: Omit<Command, 'application'>,
): Promise<Meter> {
  const decision = decideMeter(command);
  if ('sentence' in decision) {
    throw new Refusal('rule_violated', decision.sentence, { param: decision.field });
  }
  const now = context.clocks.business();
  const meter: Meter = {
    id: newId('mtr', now),
    ...owner,
    key: command.key,
    reference: referenceOf(owner.applicationSlug, command.key),
    name: command.name,
    ...decision.shape,
    requiresQuota: command.requires_quota ?? false,
    status: 'active',
    createdAt: now,
  };
  if (!(await insertMeter(transaction, meter))) {
    throw new Refusal(
      'already_exists',
      `There is a meter "${meter.reference}" already: choose another key, or change that one.`,
      { param: 'key' },
    );
  }
  await notify(transaction, metersChannel, meter.id);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'meter.create',
    resource: { kind: 'meter', id: meter.id },
    newValues: auditValues(meter),
  });
  return meter;
}

/**
 * Renames a meter, archives it or takes it back. How it counts never changes: what was counted would mean something
 * else from then on.
 * @throws Refusal `not_found`; `rule_violated` for one of the deployment's own, which calls of models move.
 */
export async function updateMeter(context: Context, id: string, changes: Changes): Promise<Meter> {
  return inTransaction(context, (transaction) =>
    updateMeterWithin(context, transaction, id, changes),
  );
}

/** As `updateMeter`, within the transaction of a larger change. */
export async function updateMeterWithin(
  context: Context,
  transaction: Transaction,
  id: string,
  changes: Changes,
): Promise<Meter> {
  const before = await findMeter(transaction, id);
  if (!before) throw notFound('meter');
  if (builtInIds.includes(id) && changes.status === 'archived') {
    throw new Refusal('rule_violated', 'Calls of models move this meter: leave it active.', {
      param: 'status',
    });
  }
  const after: Meter = {
    ...before,
    name: changes.name ?? before.name,
    requiresQuota: changes.requires_quota ?? before.requiresQuota,
    status: changes.status ?? before.status,
  };
  if (isSameJson(auditValues(before), auditValues(after))) return before;
  await updateMeterRow(transaction, after, context.clocks.business());
  await notify(transaction, metersChannel, id);
  await recordAudit(context, transaction, {
    organizationId: null,
    action: 'meter.update',
    resource: { kind: 'meter', id },
    oldValues: auditValues(before),
    newValues: auditValues(after),
  });
  return after;
}

const builtInIds = ['mtr_requests', 'mtr_tokens', 'mtr_cost'];

function auditValues(meter: Meter): Record<string, unknown> {
  return {
    meter: meter.reference,
    name: meter.name,
    aggregation: meter.aggregation,
    unit: meter.unit,
    kind: meter.kind,
    property: meter.property,
    requires_quota: meter.requiresQuota,
    status: meter.status,
  };
}
