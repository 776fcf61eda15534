import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { deleteTotp, findTotp } from '../store/second-factors.ts';
import { lockUser, type UserWithPassword } from '../store/users.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, type Proof, proveByBoth } from './prove-again.ts';

/**
 * Turns the second factor off; its recovery codes are worth nothing then.
 * @throws Refusal `proof_required`, `proof_invalid`, `invalid_state` where it is off, `too_many_requests`.
 */
export async function disableTotp(context: Context, person: Person, proof: Proof): Promise<void> {
  await requireEnabled(context, person);
  await proveByBoth(context, person, proof);
  await inTransaction(context, async (transaction) => {
    const user = await lockUser(transaction, person.userId);
    if (user) await removeTotp(context, transaction, user);
  });
}

async function removeTotp(
  context: Context,
  transaction: Transaction,
  user: UserWithPassword,
): Promise<void> {
  await deleteTotp(transaction, user.id);
  await recordAudit(context, transaction, {
    organizationId: await personalChain(transaction, user.id),
    action: 'user.disable_totp',
    resource: { kind: 'user', id: user.id },
  });
  await notifyPerson(context, transaction, { user, kind: 'totp_disabled' });
}

/** @throws Refusal `invalid_state` where no authenticator is in use. */
export async function requireEnabled({ database }: Context, { userId }: Person): Promise<void> {
  const totp = await findTotp(database, userId);
  if (totp?.enabledAt) return;
  throw new Refusal('invalid_state', 'No authenticator is in use: set one up first.');
}
