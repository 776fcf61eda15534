import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import type { User } from '../core/people.ts';
import { markEmailVerified } from '../store/users.ts';
import { useLink } from './mail-link.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Confirms the address that the link was mailed to.
 * @throws Refusal `link_invalid`.
 */
export async function verifyEmail(context: Context, token: string): Promise<User> {
  return inTransaction(context, async (transaction) => {
    const userId = await useLink(context, transaction, token, 'verify_email');
    const user = await markEmailVerified(transaction, userId, context.clocks.wall());
    const actor = { ...context.actor, kind: 'user' as const, id: user.id };
    await recordAudit({ ...context, actor }, transaction, {
      organizationId: await personalChain(transaction, user.id),
      action: 'user.verify_email',
      resource: { kind: 'user', id: user.id },
      newValues: { email: user.email },
    });
    return user;
  });
}
