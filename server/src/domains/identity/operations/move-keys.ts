import type { Context } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { type KeyLimits, prefixOf, sameCaps, unlimited } from '../core/api-key.ts';
import { keyringChannel, saltsChanged } from '../core/keyring-news.ts';
import { saltedScheme, saltPurpose } from '../foreign-salts.ts';
import { lockApiKey, updateApiKeyRow } from '../store/api-keys.ts';
import { insertKeySalt } from '../store/key-salts.ts';
import { insertMovedKeys, type MovedKey } from '../store/moved-keys.ts';
import { announceCaps, keyValues } from './key-limits.ts';

/** A key of another system: its callers keep their secret, of which we know it, or only its salted hash. */
export interface KeyToMove extends KeyLimits {
  organizationId: string;
  userId: string;
  name: string;
  secret: { text: string } | { saltId: string; prefix: string; hash: string };
  expiresAt: Date | null;
}

/**
 * Makes keys of other systems work here. They call models and nothing else, as where they came from. Answers each one's
 * id, in its place; undefined for a secret that a key here has already.
 */
export async function moveKeys(
  context: Context,
  transaction: Transaction,
  keys: readonly KeyToMove[],
): Promise<(string | undefined)[]> {
  const createdAt = context.clocks.business();
  const moved = keys.map((key) => ({
    ...key,
    ...hashed(key.secret),
    ...{ id: newId('key', createdAt), createdAt },
  }));
  const inserted = await insertMovedKeys(transaction, moved);
  for (const key of moved) {
    if (!inserted.has(key.id)) continue;
    if (!sameCaps(key.spendCaps, unlimited.spendCaps)) {
      await announceCaps(context, transaction, key);
    }
    await recordAudit(context, transaction, {
      organizationId: key.organizationId,
      action: 'api_key.move_in',
      resource: { kind: 'api_key', id: key.id },
      newValues: { prefix: key.prefix, ...keyValues(key) },
    });
  }
  return moved.map(({ id }) => (inserted.has(id) ? id : undefined));
}

function hashed(secret: KeyToMove['secret']): Pick<MovedKey, 'secretHash' | 'scheme' | 'prefix'> {
  return 'text' in secret
    ? { secretHash: sha256(secret.text), scheme: 'sha256', prefix: prefixOf(secret.text) }
    : { secretHash: secret.hash, scheme: saltedScheme(secret.saltId), prefix: secret.prefix };
}

/** What has changed of a key where it came from. */
export interface MovedKeyChange
  extends Pick<KeyToMove, 'organizationId' | 'name' | 'expiresAt' | 'allowedModels'>,
    Pick<KeyLimits, 'ipAllowlist' | 'rates' | 'tags'> {
  id: string;
  /** It works there no longer. */
  isOver: boolean;
}

/** Follows a change of a key where it came from; what is revoked here stays so. Caps stay: money was spent on both sides. */
export async function changeMovedKey(
  context: Context,
  transaction: Transaction,
  { isOver, ...change }: MovedKeyChange,
): Promise<boolean> {
  const old = await lockApiKey(transaction, change);
  if (!old || old.revokedAt) return false;
  const revokedAt = isOver ? context.clocks.business() : null;
  const changed = { ...old, ...(isOver ? {} : change), revokedAt };
  await updateApiKeyRow(transaction, changed);
  await notify(transaction, keyringChannel, old.id);
  await recordAudit(context, transaction, {
    organizationId: old.organizationId,
    action: isOver ? 'api_key.revoke' : 'api_key.update',
    resource: { kind: 'api_key', id: old.id },
    oldValues: keyValues(old),
    newValues: isOver ? { revoked_at: revokedAt } : keyValues(changed),
  });
  return true;
}

/** Keeps the salt that another system hashed its keys with, sealed; every process learns of it at once. */
export async function keepKeySalt(
  context: Context,
  transaction: Transaction,
  { id, prefix, salt }: { id: string; prefix: string; salt: string },
): Promise<void> {
  await insertKeySalt(transaction, {
    ...{ id, prefix },
    sealedSalt: context.sealer.seal(salt, saltPurpose(id)),
    createdAt: context.clocks.wall(),
  });
  await notify(transaction, keyringChannel, saltsChanged);
}
