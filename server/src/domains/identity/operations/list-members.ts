import type { Executor } from '../../../platform/database/pool.ts';
import type { User } from '../core/people.ts';
import { referenceOf } from '../core/roles.ts';
import { findMembers } from '../store/members.ts';
import { findUser } from '../store/users.ts';

/** One page shows no more; an organization of thousands is searched, not listed. */
const listedMax = 100;

/** `role` names a built-in role or is the id of a custom one. */
export type Member = User & { role: string };

/** People of an organization with their roles. */
export async function listMembers(executor: Executor, organizationId: string): Promise<Member[]> {
  const members: Member[] = [];
  for (const { userId, ...held } of await findMembers(executor, {
    organizationId,
    limit: listedMax,
  })) {
    const user = await findUser(executor, userId);
    if (user) members.push({ ...user, role: referenceOf(held) });
  }
  return members;
}
