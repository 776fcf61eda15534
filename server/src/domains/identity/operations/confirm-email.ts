import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { User } from '../core/people.ts';
import {
  consumeEmailLink,
  findEmailHolder,
  insertEmailLink,
  spendLinks,
  updateEmail,
} from '../store/accounts.ts';
import { findUser, lockUser } from '../store/users.ts';
import { linkInvalid } from './mail-link.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';

/** The old address can take the change back for so long. */
export const undoMs = 7 * 24 * 3_600_000;

/**
 * Takes the new address of an account, with the token that was mailed there, and tells the old one.
 * @throws Refusal `link_invalid`, `already_exists` where somebody took the address meanwhile.
 */
export async function confirmEmail(context: Context, token: string): Promise<User> {
  return inTransaction(context, async (transaction) => {
    const now = context.clocks.wall();
    const link = await consumeEmailLink(transaction, {
      hash: sha256(token),
      purpose: 'change_email',
      now,
    });
    if (!link) throw linkInvalid();
    const { userId, email } = link;
    const before = await lockUser(transaction, userId);
    if (before?.status !== 'active') throw linkInvalid();
    const holder = (await findEmailHolder(transaction, { email, now })) ?? userId;
    if (holder !== userId || !(await updateEmail(transaction, { userId, email, at: now }))) {
      throw new Refusal(
        'already_exists',
        'Somebody else uses this mail address by now: change to another one.',
      );
    }
    // Links that were mailed to the old address no longer prove anything.
    await spendLinks(transaction, { userId, purposes: ['reset_password', 'verify_email'], now });
    const actor = { ...context.actor, kind: 'user' as const, id: userId };
    const acting = { ...context, actor };
    await recordAudit(acting, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.change_email',
      resource: { kind: 'user', id: userId },
      oldValues: { email: before.email },
      newValues: { email },
    });
    await tellOldAddress(acting, transaction, { before, email, now });
    return (await findUser(transaction, userId)) as User;
  });
}

async function tellOldAddress(
  context: Context,
  transaction: Transaction,
  { before, email, now }: { before: User; email: string; now: Date },
): Promise<void> {
  const token = newSecret('');
  await insertEmailLink(transaction, {
    ...{ hash: sha256(token), userId: before.id, purpose: 'undo_email', email: before.email },
    ...{ createdAt: now, expiresAt: new Date(now.getTime() + undoMs) },
  });
  await notifyPerson(context, transaction, {
    user: before,
    kind: 'email_changing',
    detail: email,
    link: `${context.config.publicUrl}/undo-email?token=${token}`,
  });
}
