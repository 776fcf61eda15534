import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type ApiKey, changeLimits, type LimitChanges, sameCaps } from '../core/api-key.ts';
import { keyringChannel } from '../keyring.ts';
import {
  assignKey,
  findApiKeys,
  type KeyPage,
  lockApiKey,
  updateApiKeyRow,
} from '../store/api-keys.ts';
import { requireAssignable } from './change-cost-centers.ts';
import { requireFuture } from './create-api-key.ts';
import { announceCaps, assignmentValues, keyValues, requireMember } from './key-limits.ts';

/** Keys of an organization, newest first: one member's where only they may be shown. */
export async function listApiKeys(
  executor: Executor,
  { ownedBy, ...page }: KeyPage & { ownedBy: string | undefined },
): Promise<ApiKey[]> {
  const isOther = ownedBy !== undefined && page.holderId !== undefined && page.holderId !== ownedBy;
  if (isOther) return [];
  return findApiKeys(executor, { ...page, holderId: ownedBy ?? page.holderId });
}

/** Which key; with `ownedBy`, only if that member holds it. */
export interface KeyReference {
  id: string;
  organizationId: string;
  ownedBy?: string | undefined;
}

/** @throws Refusal `not_found`, also for the key of somebody else. */
export async function requireKey(transaction: Transaction, key: KeyReference): Promise<ApiKey> {
  const found = await lockApiKey(transaction, key);
  const isOwn = key.ownedBy === undefined || found?.holder.id === key.ownedBy;
  if (!found || !isOwn) throw notFound('API key');
  return found;
}

/** What is left out stays as it is. */
export interface KeyChange extends LimitChanges, KeyReference {
  /** The member who holds it from now on. */
  holderId?: string | undefined;
  /** Null: its holder's. */
  costCenterId?: string | null | undefined;
  name?: string | undefined;
  expiresAt?: Date | null | undefined;
}

/**
 * Renames a key or changes its expiry or limits; every process knows at once.
 * @throws Refusal `not_found`; `invalid_state` once revoked; `rule_violated` for an expiry in the past.
 */
export async function updateApiKey(context: Context, change: KeyChange): Promise<ApiKey> {
  requireFuture(change.expiresAt, context.clocks.business());
  return inTransaction(context, async (transaction) => {
    const old = await requireKey(transaction, change);
    if (old.revokedAt) {
      throw new Refusal('invalid_state', 'The key is revoked for good: create another one.');
    }
    const changed: ApiKey = {
      ...old,
      ...changeLimits(old, change),
      name: change.name ?? old.name,
      expiresAt: change.expiresAt === undefined ? old.expiresAt : change.expiresAt,
    };
    await updateApiKeyRow(transaction, changed);
    const assigned = await reassign(transaction, old, change);
    await notify(transaction, keyringChannel, changed.id);
    await recordAudit(context, transaction, {
      organizationId: changed.organizationId,
      action: 'api_key.update',
      resource: { kind: 'api_key', id: changed.id },
      oldValues: { ...keyValues(old), ...assignmentValues(old) },
      newValues: { ...keyValues(changed), ...assignmentValues(assigned) },
    });
    if (!sameCaps(changed.spendCaps, old.spendCaps)) {
      await announceCaps(context, transaction, changed);
    }
    return { ...changed, holder: assigned.holder, costCenter: assigned.costCenter };
  });
}

/** Hands the key over and books it, where that is asked for; answers it as it is then. */
async function reassign(
  transaction: Transaction,
  old: ApiKey,
  { holderId, costCenterId }: KeyChange,
): Promise<ApiKey> {
  if (holderId === undefined && costCenterId === undefined) return old;
  const { id, organizationId } = old;
  if (holderId !== undefined)
    await requireMember(transaction, { organizationId, userId: holderId });
  const own = old.costCenter?.inherited === false ? old.costCenter.id : null;
  const costCenter = costCenterId === undefined ? own : costCenterId;
  if (costCenter !== own) {
    await requireAssignable(transaction, { organizationId, costCenterId: costCenter });
  }
  const holder = holderId ?? old.holder.id;
  await assignKey(transaction, { id, holderId: holder, costCenterId: costCenter });
  return (await lockApiKey(transaction, old)) ?? old;
}

const noCaps = { day: null, month: null, total: null };

/**
 * Revokes a key at once and for good; a second time changes nothing.
 * @throws Refusal `not_found`.
 */
export async function revokeApiKey(context: Context, key: KeyReference): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const old = await requireKey(transaction, key);
    if (old.revokedAt) return;
    await updateApiKeyRow(transaction, { ...old, revokedAt: context.clocks.business() });
    await notify(transaction, keyringChannel, old.id);
    await recordAudit(context, transaction, {
      organizationId: old.organizationId,
      action: 'api_key.revoke',
      resource: { kind: 'api_key', id: old.id },
      oldValues: { name: old.name, prefix: old.prefix },
    });
    // Nothing is decided by its caps any more.
    if (!sameCaps(old.spendCaps, noCaps)) {
      await announceCaps(context, transaction, { ...old, spendCaps: noCaps });
    }
  });
}
