import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { type ApiKey, changeLimits, type LimitChanges, sameCaps } from '../core/api-key.ts';
import { keyringChannel } from '../keyring.ts';
import { findApiKeys, lockApiKey, updateApiKeyRow } from '../store/api-keys.ts';
import { requireFuture } from './create-api-key.ts';
import { announceCaps, keyValues } from './key-limits.ts';

/** Keys of an organization, newest first. */
export async function listApiKeys(
  executor: Executor,
  page: { organizationId: string; before: string | undefined; limit: number },
): Promise<ApiKey[]> {
  return findApiKeys(executor, page);
}

/** What is left out stays as it is. */
export interface KeyChange extends LimitChanges {
  id: string;
  organizationId: string;
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
    const old = await lockApiKey(transaction, change);
    if (!old) throw notFound('API key');
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
    await notify(transaction, keyringChannel, changed.id);
    await recordAudit(context, transaction, {
      organizationId: changed.organizationId,
      action: 'api_key.update',
      resource: { kind: 'api_key', id: changed.id },
      oldValues: keyValues(old),
      newValues: keyValues(changed),
    });
    if (!sameCaps(changed.spendCaps, old.spendCaps)) {
      await announceCaps(context, transaction, changed);
    }
    return changed;
  });
}

const noCaps = { day: null, month: null, total: null };

/**
 * Revokes a key at once and for good; a second time changes nothing.
 * @throws Refusal `not_found`.
 */
export async function revokeApiKey(
  context: Context,
  key: { id: string; organizationId: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const old = await lockApiKey(transaction, key);
    if (!old) throw notFound('API key');
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
