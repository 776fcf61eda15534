import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { queueMail } from '../../delivery/index.ts';
import { normalizeEmail, type Organization, type User } from '../core/people.ts';
import { permissionsOf, referenceOf, roleNamed } from '../core/roles.ts';
import { renderInvitation } from '../core/team-mails.ts';
import {
  findInvitation,
  findInvitations,
  insertInvitation,
  markSent,
  revokeInvitations,
  type ShownInvitation,
} from '../store/invitations.ts';
import { findMembership } from '../store/members.ts';
import { findRoles } from '../store/roles.ts';
import { findUser, findUserByEmail } from '../store/users.ts';
import { type Acting, holdOrganization, requireGivable, requireHeld } from './hold-organization.ts';
import { countRequest } from './limit-address.ts';

/** A link works for so long. */
const invitationMs = 7 * 86_400_000;
/** Mails of an organization within an hour, so that nobody sends advertisements in our name. */
const mailsPerHour = 50;
/** One mailbox is not flooded by sending again and again. */
const mailEveryMs = 60_000;

export interface CreatedInvitation extends ShownInvitation {
  /** Of the mailed link; it is kept nowhere, and answered to nobody who is not the one invited. */
  token: string;
}

export async function listInvitations(
  executor: Executor,
  page: { organizationId: string; before: string | undefined; limit: number },
): Promise<ShownInvitation[]> {
  return findInvitations(executor, page);
}

/**
 * Mails an invitation. Whether the address has an account here shows in nothing: only that it belongs to a member,
 * which who invites may see anyway.
 * @throws Refusal `role_unknown`, `permission_not_held`, `already_exists`, `too_many_requests`.
 */
export async function createInvitation(
  context: Context,
  acting: Acting,
  { email: written, role: reference }: { email: string; role: string },
): Promise<CreatedInvitation> {
  const email = normalizeEmail(written);
  await countMail(context, acting.organizationId);
  return inTransaction(context, async (transaction) => {
    const held = await holdOrganization(transaction, acting);
    const role = await requireGivable(transaction, held, reference);
    await requireNoMember(transaction, acting.organizationId, email);
    const now = context.clocks.wall();
    const { organizationId, userId } = acting;
    await revokeInvitations(transaction, { organizationId, expiredEmail: email, now });
    const createdAt = context.clocks.business();
    const token = newSecret('');
    const invitation = {
      ...{ id: newId('ivt', createdAt), organizationId, email, invitedBy: userId, createdAt },
      ...{ role: role.role, roleId: role.roleId },
      ...{ sentAt: now, expiresAt: new Date(now.getTime() + invitationMs) },
    };
    if (!(await insertInvitation(transaction, { ...invitation, tokenHash: sha256(token) }))) {
      throw new Refusal(
        'already_exists',
        'There is an open invitation for this address: send that one again, or take it back first.',
        { param: 'email' },
      );
    }
    const inviter = await mail(context, transaction, { ...held, invitation, token });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invitation.create',
      resource: { kind: 'invitation', id: invitation.id },
      newValues: { email, role: referenceOf(role) },
    });
    const shown = { roleName: role.roleName, inviter: inviter.name ?? inviter.email };
    return { ...invitation, ...shown, token };
  });
}

/**
 * Mails an invitation again with a fresh link; the old one stops working.
 * @throws Refusal `not_found`, `permission_not_held`, `too_many_requests`.
 */
export async function resendInvitation(
  context: Context,
  acting: Acting,
  id: string,
): Promise<ShownInvitation> {
  await countMail(context, acting.organizationId);
  return inTransaction(context, async (transaction) => {
    const held = await holdOrganization(transaction, acting);
    const { organizationId } = acting;
    const invitation = await findInvitation(transaction, { id, organizationId });
    if (!invitation) throw notFound('invitation');
    const role = roleNamed(referenceOf(invitation), await findRoles(transaction, organizationId));
    requireHeld(held.permissions, role ? permissionsOf(role) : []);
    const now = context.clocks.wall();
    if (now.getTime() - invitation.sentAt.getTime() < mailEveryMs) {
      throw new Refusal(
        'too_many_requests',
        'It was sent within the last minute: wait, then send it again.',
        { retryAfterSeconds: 60 },
      );
    }
    const token = newSecret('');
    const sent = { ...invitation, sentAt: now, expiresAt: new Date(now.getTime() + invitationMs) };
    await markSent(transaction, { ...sent, tokenHash: sha256(token) });
    await mail(context, transaction, {
      ...held,
      invitation: { ...sent, invitedBy: acting.userId },
      token,
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invitation.resend',
      resource: { kind: 'invitation', id },
      newValues: { email: invitation.email },
    });
    return sent;
  });
}

/**
 * Takes an invitation back.
 * @throws Refusal `not_found`.
 */
export async function revokeInvitation(
  context: Context,
  acting: Acting,
  id: string,
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { organizationId } = acting;
    await holdOrganization(transaction, acting);
    const invitation = await findInvitation(transaction, { id, organizationId });
    const now = context.clocks.wall();
    const revoked = await revokeInvitations(transaction, { organizationId, id, now });
    if (!invitation || revoked === 0) throw notFound('invitation');
    await recordAudit(context, transaction, {
      organizationId,
      action: 'invitation.revoke',
      resource: { kind: 'invitation', id },
      oldValues: { email: invitation.email, role: referenceOf(invitation) },
    });
  });
}

async function countMail(context: Context, organizationId: string): Promise<void> {
  await countRequest(context, { subject: `invitations:${organizationId}`, perHour: mailsPerHour });
}

async function requireNoMember(
  transaction: Transaction,
  organizationId: string,
  email: string,
): Promise<void> {
  const known = await findUserByEmail(transaction, email);
  if (!known || !(await findMembership(transaction, { organizationId, userId: known.id }))) return;
  throw new Refusal('already_exists', 'Whoever has this address is a member already.', {
    param: 'email',
  });
}

/** In the language of whoever invites: whose address it is shows in nothing that is sent there. */
async function mail(
  context: Context,
  transaction: Transaction,
  {
    organization,
    invitation,
    token,
  }: {
    organization: Organization;
    invitation: { email: string; invitedBy: string };
    token: string;
  },
): Promise<User> {
  const inviter = await findUser(transaction, invitation.invitedBy);
  invariant(inviter, 'whoever invites is there');
  const link = `${context.config.publicUrl}/invitation?token=${token}`;
  const facts = { organization: organization.name, inviter: inviter.name ?? inviter.email, link };
  const { locale } = inviter;
  await queueMail(context, transaction, {
    to: invitation.email,
    ...renderInvitation(locale, facts),
  });
  return inviter;
}
