import type { PlatformPermission } from '@sluice/contract/permissions';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import type { Membership, User } from '../core/people.ts';
import { platformPermissionsOf } from '../core/roles.ts';
import { findMemberships } from '../store/members.ts';
import { findPlatformRoleOf } from '../store/roles.ts';
import { findUser } from '../store/users.ts';

/** Organizations shown with a person; the rest are on the pages of `listOrganizations`. */
export const membershipsShownMax = 100;

export interface Me {
  user: User;
  organizations: Membership[];
  platformPermissions: readonly PlatformPermission[];
}

/** A person and the organizations they belong to. */
export async function getMe(executor: Executor, userId: string): Promise<Me> {
  const user = await findUser(executor, userId);
  invariant(user, 'a session belongs to a person');
  const organizations = await findMemberships(executor, { userId, limit: membershipsShownMax });
  const operating = await findPlatformRoleOf(executor, userId);
  const platformPermissions = operating
    ? platformPermissionsOf(operating.role, operating.permissions)
    : [];
  return { user, organizations, platformPermissions };
}

/** A page of a person's organizations, the oldest first. */
export async function listOrganizations(
  executor: Executor,
  page: { userId: string; after: string | undefined; limit: number },
): Promise<Membership[]> {
  return findMemberships(executor, page);
}
