import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { type CostCenter, type CountedCostCenter, costCentersMax } from '../core/cost-center.ts';
import { keyringChannel } from '../keyring.ts';
import {
  assignMemberRow,
  countLiveCostCenters,
  findCostCenter,
  insertCostCenter,
  isCodeTaken,
  lockCostCenter,
  updateCostCenterRow,
} from '../store/cost-centers.ts';
import { lockOrganization } from '../store/organizations.ts';

/**
 * Adds a cost center.
 * @throws Refusal `already_exists` for a code that is taken; `rule_violated` for one too many.
 */
export async function createCostCenter(
  context: Context,
  { organizationId, code, name }: { organizationId: string; code: string; name: string },
): Promise<CountedCostCenter> {
  return inTransaction(context, async (transaction) => {
    await lockOrganization(transaction, organizationId);
    if ((await countLiveCostCenters(transaction, organizationId)) >= costCentersMax) {
      throw new Refusal(
        'rule_violated',
        `An organization has at most ${costCentersMax} cost centers: archive one that is not used.`,
      );
    }
    const createdAt = context.clocks.business();
    const center = { id: newId('cct', createdAt), organizationId, code, name, createdAt };
    if (!(await insertCostCenter(transaction, center))) throw codeTaken(code);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'cost_center.create',
      resource: { kind: 'cost_center', id: center.id },
      newValues: { code, name },
    });
    return { ...center, archivedAt: null, members: 0, keys: 0 };
  });
}

export interface CostCenterChange {
  id: string;
  organizationId: string;
  code?: string | undefined;
  name?: string | undefined;
  isArchived?: boolean | undefined;
}

/**
 * Renames a cost center, archives it, or takes it into use again.
 * @throws Refusal `not_found`; `already_exists` for a code that is taken; `invalid_state` to archive one in use.
 */
export async function updateCostCenter(
  context: Context,
  change: CostCenterChange,
): Promise<CountedCostCenter> {
  return inTransaction(context, async (transaction) => {
    const old = await lockCostCenter(transaction, change, 'change');
    if (!old) throw notFound('cost center', 'cost_center');
    const changed: CostCenter = {
      ...old,
      code: change.code ?? old.code,
      name: change.name ?? old.name,
      archivedAt: archivedAtOf(old, change.isArchived, context.clocks.business()),
    };
    if (await isCodeTaken(transaction, changed)) throw codeTaken(changed.code);
    if (changed.archivedAt !== null && old.archivedAt === null) {
      await requireUnused(transaction, old);
    }
    await updateCostCenterRow(transaction, changed);
    await recordAudit(context, transaction, {
      organizationId: old.organizationId,
      action: 'cost_center.update',
      resource: { kind: 'cost_center', id: old.id },
      oldValues: auditValues(old),
      newValues: auditValues(changed),
    });
    const shown = await findCostCenter(transaction, changed);
    invariant(shown, 'a cost center that is locked stays');
    return shown;
  });
}

/**
 * Books a member's calls under a cost center from now on; calls in flight stay where they began.
 * @throws Refusal `not_found` for member or cost center; `invalid_state` for one that is archived.
 */
export async function assignMember(
  context: Context,
  member: { organizationId: string; userId: string; costCenterId: string | null },
): Promise<void> {
  const { organizationId, userId, costCenterId } = member;
  await inTransaction(context, async (transaction) => {
    await requireAssignable(transaction, { organizationId, costCenterId });
    const assigned = await assignMemberRow(transaction, member);
    if (!assigned) throw notFound('member', 'user_id');
    if (assigned.before === costCenterId) return;
    await notify(transaction, keyringChannel, organizationId);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'member.assign',
      resource: { kind: 'user', id: userId },
      oldValues: { cost_center: assigned.before },
      newValues: { cost_center: costCenterId },
    });
  });
}

/** @throws Refusal `not_found`; `invalid_state` where it is archived. */
export async function requireAssignable(
  transaction: Transaction,
  { organizationId, costCenterId }: { organizationId: string; costCenterId: string | null },
): Promise<void> {
  if (costCenterId === null) return;
  const center = await lockCostCenter(transaction, { id: costCenterId, organizationId }, 'assign');
  if (!center) throw notFound('cost center', 'cost_center');
  if (center.archivedAt === null) return;
  throw new Refusal(
    'invalid_state',
    `The cost center ${center.code} is archived: take it into use again, or choose another.`,
    { param: 'cost_center' },
  );
}

async function requireUnused(transaction: Transaction, center: CostCenter): Promise<void> {
  const { members = 0, keys = 0 } = (await findCostCenter(transaction, center)) ?? {};
  if (members + keys === 0) return;
  throw new Refusal(
    'invalid_state',
    `${members} members and ${keys} keys are assigned to ${center.code}: move them first.`,
  );
}

function archivedAtOf(old: CostCenter, isArchived: boolean | undefined, now: Date): Date | null {
  if (isArchived === undefined) return old.archivedAt;
  return isArchived ? (old.archivedAt ?? now) : null;
}

function auditValues({ code, name, archivedAt }: CostCenter) {
  return { code, name, archived_at: archivedAt };
}

function codeTaken(code: string): Refusal {
  return new Refusal('already_exists', `There is a cost center ${code}: choose another code.`, {
    param: 'code',
  });
}
