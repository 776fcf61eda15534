import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { normalizeEmail } from '../core/people.ts';
import { findUserByEmail, lockUser } from '../store/users.ts';
import { mailLink } from './mail-link.ts';
import { personalChain } from './personal-chain.ts';

/** Mails a link that sets a new password. It answers nothing: nobody learns which addresses are known. */
export async function forgotPassword(context: Context, email: string): Promise<void> {
  const found = await findUserByEmail(context.database, normalizeEmail(email));
  if (!found) return;
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, found.id);
    if (user?.status !== 'active') return;
    await mailLink(context, transaction, user, 'reset_password');
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, user.id),
      action: 'user.forgot_password',
      resource: { kind: 'user', id: user.id },
    });
  });
}
