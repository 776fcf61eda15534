import type { Executor } from '../../../platform/database/pool.ts';
import type { Organization } from '../core/people.ts';
import {
  findMembershipsOf,
  searchOrganizations as findOrganizations,
} from '../store/organizations.ts';
import { searchUsers as findUsers, type SearchPage } from '../store/users.ts';
import type { Me } from './get-me.ts';

const membershipsShownMax = 20;

/** People on this deployment with their organizations, the newest first. */
export async function searchUsers(executor: Executor, page: SearchPage): Promise<Me[]> {
  const users = await findUsers(executor, page);
  const memberships = await findMembershipsOf(
    executor,
    users.map((user) => user.id),
    membershipsShownMax,
  );
  const byUser = Map.groupBy(memberships, (membership) => membership.userId);
  return users.map((user) => ({ user, organizations: byUser.get(user.id) ?? [] }));
}

/** Organizations on this deployment, the newest first. */
export async function searchOrganizations(
  executor: Executor,
  page: SearchPage,
): Promise<Organization[]> {
  return findOrganizations(executor, page);
}
