import type { Context } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { domainOf } from '../core/external-account.ts';
import { findIdentities } from '../store/external-identities.ts';
import { findMember } from '../store/members.ts';
import { findDomainOwner } from '../store/sso-domains.ts';
import { findUser } from '../store/users.ts';
import { disabledInDirectory } from './prove-by-directory.ts';

/**
 * Holds people of a mail domain to their organization's provider where it asks for that. Its owners may come in by
 * password too, so that a provider that is down locks nobody out for good; so may whoever operates the deployment.
 * @throws Refusal `sso_required`, `user_suspended`.
 */
export async function requireOwnWay(
  { database }: Context,
  userId: string,
  providerId: string | undefined,
): Promise<void> {
  const user = await findUser(database, userId);
  invariant(user, 'whoever proved who they are is there');
  await requireOpenAtHome(database, userId);
  const owner = await findDomainOwner(database, domainOf(user.email));
  const { provider } = owner ?? {};
  if (!owner || !provider?.enabled || !provider.isRequired || provider.id === providerId) return;
  if (user.platformRole !== 'user') return;
  const place = { organizationId: owner.organizationId, userId };
  if ((await findMember(database, place))?.role === 'owner') return;
  throw new Refusal(
    'sso_required',
    `People of ${domainOf(user.email)} sign in through ${provider.name}: choose it on the sign-in page.`,
  );
}

/** Whom the directory that made the account has closed does not come in by whatever else they added to it. */
async function requireOpenAtHome(executor: Executor, userId: string): Promise<void> {
  const identities = await findIdentities(executor, userId);
  if (!identities.some(({ isHome, closedAt }) => isHome && closedAt !== null)) return;
  throw disabledInDirectory();
}
