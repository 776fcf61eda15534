import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { keyringChannel } from '../keyring.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { countActiveAdmins, updateUserStatus } from '../store/suspensions.ts';
import { lockOperators, lockUser } from '../store/users.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Suspends a person or lets them in again. Suspended, every session of theirs is over at once, and so is the use of keys
 * that they made, in whatever organization, until the suspension is lifted: whoever has the mailbox may have those too.
 * @throws Refusal `not_found`, `rule_violated` for oneself and for the last admin.
 */
export async function setUserStatus(
  context: Context,
  { id, status, reason }: { id: string; status: 'active' | 'suspended'; reason: string },
): Promise<void> {
  if (status === 'suspended' && context.actor.id === id) {
    throw new Refusal('rule_violated', 'Nobody suspends themselves: ask another operator.');
  }
  await inTransaction(context, async (transaction) => {
    // Two admins who suspend each other at once do it one after the other.
    await lockOperators(transaction);
    const user = await lockUser(transaction, id);
    if (!user) throw notFound('user');
    if (user.status === status) return;
    const isLast = user.platformRole === 'admin' && (await countActiveAdmins(transaction)) === 1;
    if (status === 'suspended' && isLast) {
      throw new Refusal('rule_violated', 'This is the last admin: make another one first.');
    }
    const since = context.clocks.business();
    await updateUserStatus(transaction, {
      id,
      suspension: status === 'suspended' ? { since, reason } : null,
    });
    if (status === 'suspended') {
      const at = context.clocks.wall();
      await endSessionsOf(transaction, { userId: id, reason: 'suspended', at });
    }
    await notify(transaction, keyringChannel, id);
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, id),
      action: 'user.set_status',
      resource: { kind: 'user', id },
      oldValues: { status: user.status },
      newValues: { status, reason },
    });
  });
}

/**
 * Signs a person out everywhere; answers how many sessions that ended.
 * @throws Refusal `not_found`.
 */
export async function endUserSessions(
  context: Context,
  { id, reason }: { id: string; reason: string },
): Promise<number> {
  return inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, id);
    if (!user) throw notFound('user');
    const ended = await endSessionsOf(transaction, {
      userId: id,
      reason: 'ended_by_operator',
      at: context.clocks.wall(),
    });
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, id),
      action: 'user.end_sessions',
      resource: { kind: 'user', id },
      newValues: { sessions: ended, reason },
    });
    return ended;
  });
}
