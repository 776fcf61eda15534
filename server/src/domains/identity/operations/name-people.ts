/** Names of people for what others show: the audit log says who acted by their ids only. */
import type { Executor } from '../../../platform/database/pool.ts';
import { deviceOf } from '../core/device.ts';
import { normalizeEmail } from '../core/people.ts';
import { findMembersOf, findUsersByIds } from '../store/named-users.ts';
import { findUserByEmail } from '../store/users.ts';

/** Of ids, those with an account; with `among`, only the members of that organization. */
async function findByIds(
  executor: Executor,
  ids: readonly string[],
  among: string | undefined,
): Promise<Map<string, { name: string | null; email: string }>> {
  if (ids.length === 0) return new Map();
  const seen = among === undefined ? ids : await findMembersOf(executor, among, ids);
  const users = await findUsersByIds(executor, seen);
  return new Map(users.map(({ id, name, email }) => [id, { name, email }]));
}

async function findIdByMail(
  executor: Executor,
  email: string,
  among: string | undefined,
): Promise<string | undefined> {
  const user = await findUserByEmail(executor, normalizeEmail(email));
  if (!user || among === undefined) return user?.id;
  return (await findMembersOf(executor, among, [user.id]))[0];
}

export const people = { findByIds, findIdByMail, deviceOf };
