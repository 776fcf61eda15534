/** How an account is deleted, whoever asks for it. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
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

/**
 * Deletes an account with its own organization: what signs in, names and places the person goes from every domain; money,
 * tax and the audit log stay under ids. Answers false where there is no such person.
 * @throws Refusal `last_owner`, `last_admin`; what the domains refuse with that keep money or contracts.
 */
export async function erasePerson(
  context: Context,
  transaction: Transaction,
  { userId, offers }: { userId: string; offers: readonly PersonalData[] },
): Promise<boolean> {
  // Operators change each other under one lock, which comes before their rows.
  await lockOperators(transaction);
  const user = await lockUser(transaction, userId);
  if (!user) return false;
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
  return true;
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
      `${owned.name} (${owned.id}) has no other owner: make somebody else one, or close it first.`,
    );
  }
  if (organizationId !== undefined) {
    const others = await countOthers(transaction, { organizationId, userId });
    if (others > 0) {
      throw new Refusal(
        'last_owner',
        'Other people belong to the organization that came with the account: remove them first.',
      );
    }
  }
  if (user.platformRole !== 'admin') return;
  if ((await countActiveAdmins(transaction)) > 1) return;
  throw new Refusal(
    'last_admin',
    'This deployment has no other administrator: make somebody else one first.',
  );
}
