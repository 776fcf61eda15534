import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { requireGoodPassword } from '../common-passwords.ts';
import { hashPassword } from '../passwords.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { lockUser, markEmailVerified, updatePassword } from '../store/users.ts';
import { forgetFailures } from './login-attempts.ts';
import { isOpenLink, linkInvalid, useLink } from './mail-link.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Sets a new password and ends every session. The link came by mail, so it also proves the address.
 * @throws Refusal `link_invalid`, `password_common`, `password_personal`; the link stays good for another password.
 */
export async function resetPassword(
  context: Context,
  { token, password }: { token: string; password: string },
): Promise<void> {
  // A hash is expensive: none is made for whoever has no link.
  if (!(await isOpenLink(context, token, 'reset_password'))) throw linkInvalid();
  const passwordHash = await hashPassword(password);
  const userId = await inTransaction(context, async (transaction) => {
    const userId = await useLink(context, transaction, token, 'reset_password');
    const at = context.clocks.wall();
    const user = await lockUser(transaction, userId);
    if (user) await requireGoodPassword(password, user);
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
    return userId;
  });
  await forgetFailures(context, userId);
}
