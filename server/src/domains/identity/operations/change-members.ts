import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Organization } from '../core/people.ts';
import { permissionsOf, referenceOf } from '../core/roles.ts';
import {
  countOwners,
  deleteMember,
  findMember,
  type MemberRow,
  updateMemberRole,
} from '../store/members.ts';
import { findPersonalOrganization } from '../store/organizations.ts';
import { type Acting, holdOrganization, requireGivable, requireHeld } from './hold-organization.ts';
import { tellOrganization } from './tell-organization.ts';

/**
 * Gives a member another role; from their next request on.
 * @throws Refusal `not_found`, `role_unknown`, `permission_not_held`, `last_owner`, `invalid_state`.
 */
export async function changeMemberRole(
  context: Context,
  acting: Acting,
  { memberId, role: reference }: { memberId: string; role: string },
): Promise<MemberRow> {
  return inTransaction(context, async (transaction) => {
    const held = await holdOrganization(transaction, acting);
    const member = await requireMember(transaction, held.organization.id, memberId);
    requireHeld(held.permissions, permissionsOf(member));
    const role = await requireGivable(transaction, held, reference);
    if (referenceOf(role) === referenceOf(member)) return member;
    if (member.role === 'owner') await requireReplaceable(transaction, held.organization, member);
    const place = { organizationId: held.organization.id, userId: memberId };
    await updateMemberRole(transaction, { ...place, role: role.role, roleId: role.roleId });
    await recordAudit(context, transaction, {
      organizationId: place.organizationId,
      action: 'member.set_role',
      resource: { kind: 'user', id: memberId },
      oldValues: { role: referenceOf(member) },
      newValues: { role: referenceOf(role) },
    });
    return { ...member, ...role };
  });
}

/**
 * Takes a person out of an organization. Their sessions cannot act in it from the next request on; keys that they made
 * are the organization's, and stay.
 * @throws Refusal `not_found`, `permission_not_held`, `last_owner`, `invalid_state`.
 */
export async function removeMember(
  context: Context,
  acting: Acting,
  memberId: string,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { organization, permissions } = await holdOrganization(transaction, acting);
    const member = await requireMember(transaction, organization.id, memberId);
    requireHeld(permissions, permissionsOf(member));
    await takeOut(context, transaction, { organization, member, action: 'member.remove' });
  });
}

/**
 * Ends one's own membership.
 * @throws Refusal `not_found`, `last_owner`, `invalid_state`.
 */
export async function leaveOrganization(context: Context, acting: Acting): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { organization } = await holdOrganization(transaction, acting);
    const member = await requireMember(transaction, organization.id, acting.userId);
    await takeOut(context, transaction, { organization, member, action: 'member.leave' });
  });
}

async function takeOut(
  context: Context,
  transaction: Transaction,
  {
    organization,
    member,
    action,
  }: { organization: Organization; member: MemberRow; action: 'member.remove' | 'member.leave' },
): Promise<void> {
  const place = { organizationId: organization.id, userId: member.userId };
  await requireNotTheirOwn(transaction, organization, member.userId);
  if (member.role === 'owner') await requireReplaceable(transaction, organization, member);
  await deleteMember(transaction, place);
  await recordAudit(context, transaction, {
    organizationId: organization.id,
    action,
    resource: { kind: 'user', id: member.userId },
    oldValues: { role: referenceOf(member) },
  });
  await tellOrganization(context, transaction, organization, {
    notice: 'member_left',
    who: member.name ?? member.email,
  });
}

async function requireMember(
  transaction: Transaction,
  organizationId: string,
  userId: string,
): Promise<MemberRow> {
  const member = await findMember(transaction, { organizationId, userId });
  if (!member) throw notFound('member');
  return member;
}

/** An owner may go, or become something else, while another one stays. */
async function requireReplaceable(
  transaction: Transaction,
  organization: Organization,
  member: MemberRow,
): Promise<void> {
  await requireNotTheirOwn(transaction, organization, member.userId);
  if ((await countOwners(transaction, organization.id)) > 1) return;
  throw new Refusal(
    'last_owner',
    'An organization keeps at least one owner: make somebody else an owner first.',
  );
}

/** The organization that came with somebody's account stays theirs as long as the account. */
async function requireNotTheirOwn(
  transaction: Transaction,
  organization: Organization,
  userId: string,
): Promise<void> {
  if (!organization.personal) return;
  if ((await findPersonalOrganization(transaction, userId)) !== organization.id) return;
  throw new Refusal(
    'invalid_state',
    'This organization came with the account of its owner and stays theirs: make another one to share or hand over.',
  );
}
