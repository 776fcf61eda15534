import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import { notify } from '../../../platform/database/listen.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { prefixOf, secretPrefix, statusOf } from '../core/api-key.ts';
import { keyringChannel } from '../keyring.ts';
import { rotateSecret } from '../store/api-keys.ts';
import type { CreatedKey } from './create-api-key.ts';
import { type KeyReference, requireKey } from './update-api-key.ts';

/**
 * Gives a key a new secret; the old one works on until the grace is over, so that programs can change over one by one.
 * @throws Refusal `not_found`; `invalid_state` for a key that is revoked or has expired.
 */
export async function rotateApiKey(
  context: Context,
  { graceSeconds, ...key }: KeyReference & { graceSeconds: number },
): Promise<CreatedKey> {
  const { id, organizationId } = key;
  const secret = newSecret(secretPrefix);
  const now = context.clocks.business();
  return inTransaction(context, async (transaction) => {
    const old = await requireKey(transaction, key);
    if (statusOf(old, now) !== 'active') {
      throw new Refusal('invalid_state', 'The key is revoked or has expired: create another one.');
    }
    const prefix = prefixOf(secret);
    const previousExpiresAt = new Date(now.getTime() + graceSeconds * 1000);
    await rotateSecret(transaction, { id, secretHash: sha256(secret), prefix, previousExpiresAt });
    await notify(transaction, keyringChannel, id);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'api_key.rotate',
      resource: { kind: 'api_key', id },
      oldValues: { prefix: old.prefix },
      newValues: { prefix, previous_expires_at: previousExpiresAt },
    });
    return { ...old, prefix, previousExpiresAt, secret };
  });
}
