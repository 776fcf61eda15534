import type { Executor } from '../../../platform/database/pool.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Membership, User } from '../core/people.ts';
import { findMembers, type MemberRow } from '../store/organizations.ts';
import { findUser } from '../store/users.ts';
import { getOrganization } from './update-organization.ts';

/** One page shows no more; an organization of thousands is searched, not listed. */
const listedMax = 100;

export type Member = User & { role: Membership['role'] };

/** People of an organization with their roles. */
export async function listMembers(executor: Executor, organizationId: string): Promise<Member[]> {
  const members: Member[] = [];
  for (const { userId, role } of await findMembers(executor, {
    organizationId,
    limit: listedMax,
  })) {
    const user = await findUser(executor, userId);
    if (user) members.push({ ...user, role });
  }
  return members;
}

/**
 * People of an organization, page by page, for one of those who manage it.
 * @throws Refusal `not_found` where the person is no member, `forbidden` where they do not manage it.
 */
export async function showMembers(
  executor: Executor,
  page: { id: string; userId: string; after: string | undefined; limit: number },
): Promise<MemberRow[]> {
  const { role } = await getOrganization(executor, page);
  if (role !== 'owner' && role !== 'admin') {
    throw new Refusal(
      'forbidden',
      'Ask an owner or admin of the organization to show its members.',
    );
  }
  return findMembers(executor, { organizationId: page.id, after: page.after, limit: page.limit });
}
