import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import type { PersonalData } from '../../../platform/personal-data.ts';
import { recordAudit } from '../../audit/index.ts';
import type { User } from '../core/people.ts';
import { organizationClosing } from '../events.ts';
import { findPersonalOrganization } from '../store/organizations.ts';
import { countOthers, findSolelyOwned } from '../store/personal-data.ts';
import { countActiveAdmins } from '../store/roles.ts';
import { lockOperators, lockUser } from '../store/users.ts';
import { notifyPerson } from './notify-person.ts';
import { personalChain } from './personal-chain.ts';
import { type Person, type Proof, proveAgain } from './prove-again.ts';

/**
 * Deletes an account at once, with its own organization: what signs in, names and places the person goes from every
 * domain; money, tax and the audit log stay under ids. Whoever keeps money or contracts refuses while something is owed.
 * @throws Refusal `proof_required`, `proof_invalid`, `last_owner`, `last_admin`, `money_owed`, `subscription_live`,
 * `too_many_requests`.
 */
export async function deleteMe(
  context: Context,
  person: Person,
  { proof, offers }: { proof: Proof; offers: readonly PersonalData[] },
): Promise<void> {
  await proveAgain(context, person, { proof, need: 'strong' });
  const { userId } = person;
  await inTransaction(context, async (transaction) => {
    // Operators change each other under one lock, which comes before their rows.
    await lockOperators(transaction);
    const user = await lockUser(transaction, userId);
    invariant(user, 'a session belongs to a person');
    const organizationId = await findPersonalOrganization(transaction, userId);
    await requireReplaceable(transaction, user, organizationId);
    if (organizationId !== undefined) {
      await context.events.announce(context, transaction, organizationClosing, { organizationId });
    }
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.delete',
      resource: { kind: 'user', id: userId },
    });
    await notifyPerson(context, transaction, { user, kind: 'account_deleted' });
    for (const offer of offers) await offer.erase(context, transaction, userId);
  });
}

/** Nobody leaves an organization, or the deployment, without anybody who could look after it. */
async function requireReplaceable(
  transaction: Transaction,
  user: User,
  organizationId: string | undefined,
): Promise<void> {
  const { id: userId } = user;
  const [owned] = await findSolelyOwned(transaction, userId);
  if (owned) {
    throw new Refusal(
      'last_owner',
      `You are the only owner of ${owned.name} (${owned.id}): make somebody else an owner, or close it first.`,
    );
  }
  if (organizationId !== undefined) {
    const others = await countOthers(transaction, { organizationId, userId });
    if (others > 0) {
      throw new Refusal(
        'last_owner',
        'Other people belong to the organization that came with your account: remove them first.',
      );
    }
  }
  if (user.platformRole !== 'admin') return;
  if ((await countActiveAdmins(transaction)) > 1) return;
  throw new Refusal(
    'last_admin',
    'You are the only administrator of this deployment: make somebody else one first.',
  );
}
