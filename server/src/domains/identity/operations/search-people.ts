import type { Executor } from '../../../platform/database/pool.ts';
import { findMembershipsOf } from '../store/members.ts';
import { findUsers, type UserSearch } from '../store/search.ts';
import type { Me } from './get-me.ts';

const membershipsShownMax = 20;

/** People on this deployment with their organizations, the newest first. */
export async function searchUsers(
  executor: Executor,
  search: UserSearch,
): Promise<Pick<Me, 'user' | 'organizations'>[]> {
  const users = await findUsers(executor, search);
  const memberships = await findMembershipsOf(
    executor,
    users.map((user) => user.id),
    membershipsShownMax,
  );
  const byUser = Map.groupBy(memberships, (membership) => membership.userId);
  return users.map((user) => ({ user, organizations: byUser.get(user.id) ?? [] }));
}
