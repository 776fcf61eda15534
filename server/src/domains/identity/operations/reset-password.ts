import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { hashPassword } from '../passwords.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { lockUser, markEmailVerified, updatePassword } from '../store/users.ts';
import { useLink } from './mail-link.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Sets a new password and ends every session. The link came by mail, so it also proves the address.
 * @throws Refusal `link_invalid`.
 */
export async function resetPassword(
  context: Context,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const passwordHash = await hashPassword(password);
  await inTransaction(context, async (transaction) => {
    const userId = await useLink(context, transaction, token, 'reset_password');
    const at = context.clocks.wall();
    await lockUser(transaction, userId);
    await updatePassword(transaction, userId, passwordHash);
    await markEmailVerified(transaction, userId, at);
    const ended = await endSessionsOf(transaction, { userId, reason: 'password_reset', at });
    const actor = { ...context.actor, kind: 'user' as const, id: userId };
    await recordAudit({ ...context, actor }, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.reset_password',
      resource: { kind: 'user', id: userId },
      newValues: { sessions_ended: ended },
    });
  });
}
