/**
 * Brings a person's roles in step with their groups. Only what a provider gave is changed or taken away by it: a role that
 * somebody gave by hand stays, and so does one that was changed by hand since.
 */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Given, GroupRole } from '../core/group-roles.ts';
import type { User } from '../core/people.ts';
import {
  deleteGrantedMembership,
  findGrantedMemberships,
  type IdentityRow,
  saveGrantedMembership,
} from '../store/external-identities.ts';
import { deleteMember, findMember, insertMember, updateMemberRole } from '../store/members.ts';
import { lockOrganization } from '../store/organizations.ts';
import { countActiveAdmins } from '../store/roles.ts';
import { updatePlatformRole } from '../store/users.ts';

export const nothingGiven: Given = { platformRole: null, memberships: new Map() };

interface Receiver {
  user: Pick<User, 'id' | 'platformRole'>;
  identity: Pick<IdentityRow, 'id' | 'providerId' | 'grantedPlatformRole'>;
}

/**
 * Answers what the deployment's role comes to be recorded as: given by this provider, or null. The caller holds the lock of
 * operators, where the provider is the deployment's.
 */
export async function applyGivenRoles(
  context: Context,
  transaction: Transaction,
  receiver: Receiver,
  given: Given,
): Promise<IdentityRow['grantedPlatformRole']> {
  const before = await findGrantedMemberships(transaction, receiver.identity.id);
  const organizations = new Set([
    ...before.map(({ organizationId }) => organizationId),
    ...given.memberships.keys(),
  ]);
  // In one order, as whoever changes the people of several organizations would.
  for (const organizationId of [...organizations].sort()) {
    const old = before.find((each) => each.organizationId === organizationId)?.role;
    const role = given.memberships.get(organizationId);
    await applyMembership(context, transaction, receiver, { organizationId, old, role });
  }
  return applyPlatformRole(context, transaction, receiver, given.platformRole);
}

async function applyMembership(
  context: Context,
  transaction: Transaction,
  { user, identity }: Receiver,
  change: { organizationId: string; old: GroupRole | undefined; role: GroupRole | undefined },
): Promise<void> {
  const { organizationId, old, role } = change;
  if (!(await lockOrganization(transaction, organizationId))) return;
  const place = { organizationId, userId: user.id };
  const granted = { identityId: identity.id, organizationId };
  const member = await findMember(transaction, place);
  const isOurs = member !== undefined && old !== undefined && member.role === old;
  const record = (action: string, from: string | null, to: string | null) =>
    recordAudit(context, transaction, {
      organizationId,
      action,
      resource: { kind: 'user', id: user.id },
      ...(from === null ? {} : { oldValues: { role: from } }),
      newValues: { ...(to === null ? {} : { role: to }), provider: identity.providerId },
    });

  if (role === undefined) {
    await deleteGrantedMembership(transaction, granted);
    if (!isOurs) return;
    await deleteMember(transaction, place);
    await record('member.remove', old, null);
    return;
  }
  if (!member) {
    await insertMember(transaction, { ...place, role, at: context.clocks.business() });
    await record('member.add', null, role);
  } else if (isOurs && role !== old) {
    await updateMemberRole(transaction, { ...place, role, roleId: null });
    await record('member.set_role', old, role);
  } else if (!isOurs) {
    // Somebody else's doing: neither changed nor taken away.
    await deleteGrantedMembership(transaction, granted);
    return;
  }
  await saveGrantedMembership(transaction, { ...granted, role });
}

async function applyPlatformRole(
  context: Context,
  transaction: Transaction,
  { user, identity }: Receiver,
  role: Given['platformRole'],
): Promise<IdentityRow['grantedPlatformRole']> {
  const isOurs = identity.grantedPlatformRole === user.platformRole;
  const mayChange = isOurs || user.platformRole === 'user';
  if (!mayChange) return null;
  const next = role ?? 'user';
  if (
    user.platformRole === 'admin' &&
    next !== 'admin' &&
    (await countActiveAdmins(transaction)) < 2
  ) {
    context.log.warn(
      { user: user.id },
      'the last administrator stays one, whatever the groups say',
    );
    return 'admin';
  }
  if (next !== user.platformRole) {
    await updatePlatformRole(transaction, user.id, next);
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'user.set_platform_role',
      resource: { kind: 'user', id: user.id },
      oldValues: { platform_role: user.platformRole },
      newValues: { platform_role: next, provider: identity.providerId },
    });
  }
  return role;
}
