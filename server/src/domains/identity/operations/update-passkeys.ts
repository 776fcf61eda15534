import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { deletePasskey, findPasskeys, type Passkey, renamePasskeyRow } from '../store/passkeys.ts';
import { lockUser } from '../store/users.ts';
import { passkeysMax } from './create-passkey.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';

/** Passkeys of a person, the oldest first. */
export function listPasskeys({ database }: Context, userId: string): Promise<Passkey[]> {
  return findPasskeys(database, { userId, limit: passkeysMax });
}

/** @throws Refusal `not_found`. */
export async function renamePasskey(
  context: Context,
  passkey: { id: string; userId: string; name: string },
): Promise<Passkey> {
  return inTransaction(context, async (transaction) => {
    const renamed = await renamePasskeyRow(transaction, passkey);
    if (!renamed) throw notFound('passkey');
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, passkey.userId),
      action: 'passkey.rename',
      resource: { kind: 'user', id: passkey.userId },
      oldValues: { passkey: passkey.id, name: renamed.before },
      newValues: { passkey: passkey.id, name: passkey.name },
    });
    return renamed.passkey;
  });
}

/** @throws Refusal `not_found`. */
export async function removePasskey(
  context: Context,
  passkey: { id: string; userId: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, passkey.userId);
    invariant(user, 'a session belongs to a person');
    const removed = await deletePasskey(transaction, passkey);
    if (!removed) throw notFound('passkey');
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, passkey.userId),
      action: 'passkey.remove',
      resource: { kind: 'user', id: passkey.userId },
      oldValues: { passkey: passkey.id, name: removed.name },
    });
    await notifyPerson(context, transaction, {
      user,
      kind: 'passkey_removed',
      detail: removed.name,
    });
  });
}
