import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { requireGoodPassword } from '../common-passwords.ts';
import { hashPassword } from '../passwords.ts';
import { findPasswordHash, spendLinks } from '../store/accounts.ts';
import { endSessionsBut } from '../store/own-sessions.ts';
import { findUser, lockUser, updatePassword } from '../store/users.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, proveAgain } from './prove-again.ts';

/**
 * Sets another password and ends every other session. A person who has none yet sets their first.
 * @throws Refusal `proof_required`, `proof_invalid`, `password_common`, `password_personal`, `too_many_requests`.
 */
export async function changePassword(
  context: Context,
  person: Person,
  change: { oldPassword?: string | undefined; totp?: string | undefined; password: string },
): Promise<void> {
  const { userId, sessionId } = person;
  const user = await findUser(context.database, userId);
  const seenHash = await findPasswordHash(context.database, userId);
  invariant(user && seenHash !== undefined, 'a session belongs to a person');
  await requireGoodPassword(change.password, user);
  if (seenHash !== '' && change.oldPassword === undefined) {
    throw new Refusal('proof_required', 'Send the old password too.', { param: 'old_password' });
  }
  const proof = { password: seenHash === '' ? undefined : change.oldPassword, totp: change.totp };
  await proveAgain(context, person, { proof, need: 'strong', passwordParam: 'old_password' });
  const passwordHash = await hashPassword(change.password);
  await inTransaction(context, async (transaction) => {
    const locked = await lockUser(transaction, userId);
    // Two changes at once: the old password was right for one of them only.
    if (locked?.passwordHash !== seenHash) {
      throw new Refusal('proof_invalid', 'The password was just changed: use the new one.', {
        param: 'old_password',
      });
    }
    const now = context.clocks.wall();
    await updatePassword(transaction, userId, passwordHash);
    await spendLinks(transaction, { userId, purposes: ['reset_password'], now });
    const ended = await endSessionsBut(transaction, {
      ...{ userId, sessionId, at: now },
      reason: 'password_changed',
    });
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.change_password',
      resource: { kind: 'user', id: userId },
      newValues: { sessions_ended: ended },
    });
    await notifyPerson(context, transaction, { user, kind: 'password_changed' });
  });
}
