import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import { emailOf, nameOf } from '../core/external-account.ts';
import type { User } from '../core/people.ts';
import type { ProvenPerson } from '../provider.ts';
import { findUserByEmail, updateHomeProfile } from '../store/users.ts';
import { personalChain } from './personal-chain.ts';

/**
 * Takes a new name or address over from the provider that made the account; an address that somebody else has here stays
 * theirs, and the account keeps its old one.
 */
export async function keepInStep(
  context: Context,
  transaction: Transaction,
  user: User,
  { person, provider }: { person: ProvenPerson; provider: string },
): Promise<void> {
  const name = nameOf(person.name) ?? user.name;
  const wanted = person.isEmailVerified ? emailOf(person.email) : undefined;
  const isFree = wanted !== undefined && !(await findUserByEmail(transaction, wanted));
  const email = isFree ? wanted : user.email;
  if (wanted !== undefined && wanted !== user.email && !isFree) {
    context.log.warn({ user: user.id, provider }, 'an address at a provider is taken here');
  }
  if (name === user.name && email === user.email) return;
  await updateHomeProfile(transaction, { id: user.id, name, email });
  await recordAudit(context, transaction, {
    organizationId: await personalChain(transaction, user.id),
    action: 'user.update',
    resource: { kind: 'user', id: user.id },
    oldValues: { name: user.name, email: user.email },
    newValues: { name, email, provider },
  });
}
