import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  type ApplicationKey,
  applicationKeyPrefixOf,
  applicationKeysMax,
  applicationSecretPrefix,
} from '../core/application-key.ts';
import { keyringChannel } from '../keyring.ts';
import {
  countLiveApplicationKeys,
  findApplicationKeys,
  insertApplicationKey,
  lockApplicationKey,
  markApplicationKeyRevoked,
} from '../store/application-keys.ts';
import { findApplication, lockApplication } from '../store/applications.ts';

/**
 * Keys of an application, newest first.
 * @throws Refusal `not_found` for an unknown application.
 */
export async function listApplicationKeys(
  executor: Executor,
  page: { applicationId: string; before: string | undefined; limit: number },
): Promise<ApplicationKey[]> {
  if (!(await findApplication(executor, page.applicationId))) throw notFound('application');
  return findApplicationKeys(executor, page);
}

/**
 * Creates a key for an application's own services and answers its secret, which is kept nowhere.
 * @throws Refusal `not_found`; `invalid_state` while the application is archived; `rule_violated` for a key too many.
 */
export async function createApplicationKey(
  context: Context,
  { applicationId, name }: { applicationId: string; name: string },
): Promise<ApplicationKey & { secret: string }> {
  const secret = newSecret(applicationSecretPrefix);
  const createdAt = context.clocks.business();
  const key = await inTransaction(context, async (transaction) => {
    // The lock keeps two requests at once from both making the last key that is allowed.
    const application = await lockApplication(transaction, applicationId);
    if (!application) throw notFound('application');
    if (application.status === 'archived') {
      throw new Refusal('invalid_state', 'The application is archived: make it active first.');
    }
    if ((await countLiveApplicationKeys(transaction, applicationId)) >= applicationKeysMax) {
      throw new Refusal(
        'rule_violated',
        `An application has at most ${applicationKeysMax} keys: revoke one that is not used.`,
      );
    }
    const created = await insertApplicationKey(transaction, {
      id: newId('apk', createdAt),
      applicationId,
      createdBy: context.actor.id ?? context.actor.kind,
      name,
      secretHash: sha256(secret),
      prefix: applicationKeyPrefixOf(secret),
      createdAt,
    });
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'application_key.create',
      resource: { kind: 'application_key', id: created.id },
      newValues: { application: applicationId, name, prefix: created.prefix },
    });
    return created;
  });
  return { ...key, secret };
}

/**
 * Revokes a key of an application at once and for good; a second time changes nothing.
 * @throws Refusal `not_found`.
 */
export async function revokeApplicationKey(
  context: Context,
  key: { id: string; applicationId: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const old = await lockApplicationKey(transaction, key);
    if (!old) throw notFound('application key');
    if (old.revokedAt) return;
    await markApplicationKeyRevoked(transaction, { id: old.id, at: context.clocks.business() });
    await notify(transaction, keyringChannel, old.id);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'application_key.revoke',
      resource: { kind: 'application_key', id: old.id },
      oldValues: { application: old.applicationId, name: old.name, prefix: old.prefix },
    });
  });
}
