import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  type ApiKey,
  changeLimits,
  type LimitChanges,
  liveKeysMax,
  prefixOf,
  sameCaps,
  secretPrefix,
  unlimited,
} from '../core/api-key.ts';
import { countLiveKeys, insertApiKey } from '../store/api-keys.ts';
import { lockOrganization } from '../store/organizations.ts';
import { requireAssignable } from './change-cost-centers.ts';
import { announceCaps, assignmentValues, keyValues, requireMember } from './key-limits.ts';

/** Limits that are left out are none. */
export interface NewKeyCommand extends LimitChanges {
  organizationId: string;
  userId: string;
  name: string;
  /** The member who holds it; who makes it, when left out. */
  holderId?: string | undefined;
  /** Its own; the holder's, when left out. */
  costCenterId?: string | null | undefined;
  /** Business time; never, when left out. */
  expiresAt?: Date | null | undefined;
}

export interface CreatedKey extends ApiKey {
  secret: string;
}

/**
 * Creates an API key and answers its secret, which is kept nowhere.
 * @throws Refusal `organization_suspended`; `rule_violated` for an expiry in the past, or a key too many.
 */
export async function createApiKey(context: Context, command: NewKeyCommand): Promise<CreatedKey> {
  const createdAt = context.clocks.business();
  requireFuture(command.expiresAt, createdAt);
  const secret = newSecret(secretPrefix);
  const limits = changeLimits(unlimited, command);
  const key = await inTransaction(context, async (transaction) => {
    // The lock keeps two requests at once from both making the last key that is allowed.
    const organization = await lockOrganization(transaction, command.organizationId);
    if (!organization) throw notFound('organization');
    if (organization.status === 'suspended') {
      throw new Refusal(
        'organization_suspended',
        'The organization is suspended: contact support.',
      );
    }
    if ((await countLiveKeys(transaction, organization.id)) >= liveKeysMax) {
      throw new Refusal(
        'rule_violated',
        `An organization has at most ${liveKeysMax} keys: revoke one that is not used.`,
      );
    }
    const { holderId = null, costCenterId = null } = command;
    const { id: organizationId } = organization;
    if (holderId !== null) await requireMember(transaction, { organizationId, userId: holderId });
    await requireAssignable(transaction, { organizationId, costCenterId });
    const created = await insertApiKey(transaction, {
      id: newId('key', createdAt),
      organizationId,
      createdBy: command.userId,
      holderId: holderId === command.userId ? null : holderId,
      costCenterId,
      name: command.name,
      secretHash: sha256(secret),
      prefix: prefixOf(secret),
      ...limits,
      expiresAt: command.expiresAt ?? null,
      createdAt,
    });
    await recordAudit(context, transaction, {
      organizationId: organization.id,
      action: 'api_key.create',
      resource: { kind: 'api_key', id: created.id },
      newValues: { prefix: created.prefix, ...keyValues(created), ...assignmentValues(created) },
    });
    if (!sameCaps(created.spendCaps, unlimited.spendCaps)) {
      await announceCaps(context, transaction, created);
    }
    return created;
  });
  return { ...key, secret };
}

/** @throws Refusal `rule_violated`. */
export function requireFuture(expiresAt: Date | null | undefined, now: Date): void {
  if (expiresAt && expiresAt <= now) {
    throw new Refusal('rule_violated', 'Let the key expire in the future, or never.', {
      param: 'expires_at',
    });
  }
}
