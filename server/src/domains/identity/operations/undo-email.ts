import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import { invariant } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { User } from '../core/people.ts';
import { consumeEmailLink, spendLinks, updateEmail } from '../store/accounts.ts';
import { deletePasskeysOf } from '../store/passkeys.ts';
import { deleteTotpSince } from '../store/second-factors.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { findUser, lockOperators, lockUser, updatePassword } from '../store/users.ts';
import { unlinkSince } from './link-identity.ts';
import { linkInvalid, mailLink } from './mail-link.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Gives an account its old address back. Whoever changed it knew the password and may have added ways to come in again:
 * every session ends, the password opens nothing until another is set, and what was added since is removed.
 * @throws Refusal `link_invalid`.
 */
export async function undoEmail(context: Context, token: string): Promise<User> {
  return inTransaction(context, async (transaction) => {
    const now = context.clocks.wall();
    const link = await consumeEmailLink(transaction, {
      hash: sha256(token),
      purpose: 'undo_email',
      now,
    });
    if (!link) throw linkInvalid();
    const { userId, email, createdAt: since } = link;
    await lockOperators(transaction);
    const before = await lockUser(transaction, userId);
    if (before?.status !== 'active') throw linkInvalid();
    const isBack = await updateEmail(transaction, { userId, email, at: now });
    invariant(isBack, 'an address that can be taken back is nobody else’s');
    // Links to later addresses are the other's: one of them would take the account away again.
    const purposes = ['undo_email', 'change_email', 'reset_password', 'verify_email'];
    await spendLinks(transaction, { userId, purposes, now });
    await updatePassword(transaction, userId, '');
    const passkeys = await deletePasskeysOf(transaction, { userId, since });
    const hadTotp = await deleteTotpSince(transaction, { userId, since });
    const actor = { ...context.actor, kind: 'user' as const, id: userId };
    const asOwner = { ...context, actor };
    const identities = await unlinkSince(asOwner, transaction, { user: before, since });
    const ended = await endSessionsOf(transaction, { userId, reason: 'email_changed', at: now });
    await recordAudit(asOwner, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.undo_email',
      resource: { kind: 'user', id: userId },
      oldValues: { email: before.email },
      newValues: {
        ...{ email, sessions_ended: ended },
        ...{ passkeys_removed: passkeys, authenticator_removed: hadTotp },
        identities_removed: identities,
      },
    });
    const user = await findUser(transaction, userId);
    invariant(user, 'the person is locked');
    await mailLink(context, transaction, user, 'new_password');
    return user;
  });
}
