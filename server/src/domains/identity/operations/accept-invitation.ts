import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Membership, Organization, User } from '../core/people.ts';
import { referenceOf, roleNamed } from '../core/roles.ts';
import { findInvitationByToken, markAccepted, type ShownInvitation } from '../store/invitations.ts';
import { findMembership, insertMember } from '../store/members.ts';
import { findOrganization, lockOrganization } from '../store/organizations.ts';
import { findRoles } from '../store/roles.ts';
import { findUser } from '../store/users.ts';
import { tellOrganization } from './tell-organization.ts';

/**
 * What an invitation is to, for whoever holds its link.
 * @throws Refusal `link_invalid` where it is unknown, used, taken back or too old.
 */
export async function openInvitation(
  context: Context,
  token: string,
): Promise<{ invitation: ShownInvitation; organization: Organization }> {
  const invitation = await requireInvitation(context, context.database, token);
  const organization = await findOrganization(context.database, invitation.organizationId);
  invariant(organization, 'an invitation is to an organization');
  return { invitation, organization };
}

/**
 * Makes a signed-in person a member.
 * @throws Refusal `link_invalid`, `invitation_for_another` where it was sent to another address, `already_exists`.
 */
export async function acceptInvitation(
  context: Context,
  { userId, token }: { userId: string; token: string },
): Promise<Membership> {
  return inTransaction(context, async (transaction) => {
    const user = await findUser(transaction, userId);
    invariant(user, 'a session belongs to a person');
    return joinByInvitation(context, transaction, { user, token });
  });
}

/**
 * As `acceptInvitation`, within the transaction that makes the person: the link shows that the mailbox is theirs.
 * @throws Refusal `link_invalid`, `invitation_for_another`, `already_exists`.
 */
export async function joinByInvitation(
  context: Context,
  transaction: Transaction,
  { user, token }: { user: User; token: string },
): Promise<Membership> {
  const found = await requireInvitation(context, transaction, token);
  if (found.email !== user.email) throw forAnother();
  const { id, organizationId } = found;
  // First the organization, as everyone does who changes its people; what was read before may be old by then.
  const organization = await lockOrganization(transaction, organizationId);
  const now = context.clocks.wall();
  const role = roleNamed(referenceOf(found), await findRoles(transaction, organizationId));
  const place = { organizationId, userId: user.id };
  if (await findMembership(transaction, place)) {
    throw new Refusal('already_exists', 'You are a member of this organization already.');
  }
  const isUsed = await markAccepted(transaction, { id, userId: user.id, now });
  if (!organization || !role || !isUsed) throw linkInvalid();
  const at = context.clocks.business();
  await insertMember(transaction, { ...place, role: role.role, roleId: role.roleId, at });
  const actor = { ...context.actor, kind: 'user' as const, id: user.id };
  await recordAudit({ ...context, actor }, transaction, {
    organizationId,
    action: 'invitation.accept',
    resource: { kind: 'invitation', id },
    newValues: { user: user.id, role: referenceOf(role) },
  });
  await tellOrganization(context, transaction, organization, {
    notice: 'member_joined',
    who: user.name ?? user.email,
  });
  return { ...organization, ...role };
}

async function requireInvitation(
  context: Context,
  executor: Executor,
  token: string,
): Promise<ShownInvitation> {
  const now = context.clocks.wall();
  const invitation = await findInvitationByToken(executor, { hash: sha256(token), now });
  if (!invitation) throw linkInvalid();
  return invitation;
}

/** One answer for all of them: a link that is worth nothing tells nothing. */
function linkInvalid(): Refusal {
  return new Refusal(
    'link_invalid',
    'The invitation was used, taken back or is too old: ask for another one.',
    { param: 'token' },
  );
}

function forAnother(): Refusal {
  return new Refusal(
    'invitation_for_another',
    'This invitation was sent to another mail address: sign in or sign up with that one.',
    { param: 'token' },
  );
}
