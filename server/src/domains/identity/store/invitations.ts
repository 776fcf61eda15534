/** SQL about invitations. */
import { sql } from 'kysely';
import type { Executor, Transaction } from '../../../platform/database/pool.ts';
import type { GivenRole } from '../core/roles.ts';

export interface Invitation extends GivenRole {
  id: string;
  organizationId: string;
  email: string;
  invitedBy: string;
  createdAt: Date;
  sentAt: Date;
  expiresAt: Date;
}

export interface ShownInvitation extends Invitation {
  roleName: string | null;
  /** Name or mail address. */
  inviter: string | null;
}

const columns = sql`
  i.id, i.organization_id as "organizationId", i.email, i.role, i.role_id as "roleId", i.invited_by as "invitedBy",
  i.created_at as "createdAt", i.sent_at as "sentAt", i.expires_at as "expiresAt"
`;
/** @scope row: a part of queries that name the organization or the token. */
const shown = sql`
  select ${columns}, r.name as "roleName", coalesce(u.name, u.email) as inviter
  from identity_invitations as i
  left join identity_roles as r on r.organization_id = i.organization_id and r.id = i.role_id
  left join identity_users as u on u.id = i.invited_by
`;
const isOpen = sql`i.accepted_at is null and i.revoked_at is null`;

/** Answers false, and inserts nothing, where the address has an open invitation of the organization. */
export async function insertInvitation(
  transaction: Transaction,
  invitation: Invitation & { tokenHash: string },
): Promise<boolean> {
  const inserted = await sql`
    insert into identity_invitations
      (id, organization_id, email, role, role_id, token_hash, invited_by, created_at, sent_at, expires_at)
    values
      (${invitation.id}, ${invitation.organizationId}, ${invitation.email}, ${invitation.role}, ${invitation.roleId},
       ${invitation.tokenHash}, ${invitation.invitedBy}, ${invitation.createdAt}, ${invitation.sentAt},
       ${invitation.expiresAt})
    on conflict do nothing
  `.execute(transaction);
  return inserted.numAffectedRows === 1n;
}

/** Open invitations of an organization, the newest first; those that ran out are among them. */
export async function findInvitations(
  executor: Executor,
  page: { organizationId: string; before?: string | undefined; limit: number },
): Promise<ShownInvitation[]> {
  const { rows } = await sql<ShownInvitation>`
    ${shown}
    where i.organization_id = ${page.organizationId} and ${isOpen}
      and (${page.before ?? null}::text is null or i.id < ${page.before ?? null})
    order by i.id desc
    limit ${page.limit}
  `.execute(executor);
  return rows;
}

export async function findInvitation(
  executor: Executor,
  { id, organizationId }: { id: string; organizationId: string },
): Promise<ShownInvitation | undefined> {
  const { rows } = await sql<ShownInvitation>`
    ${shown}
    where i.id = ${id} and i.organization_id = ${organizationId} and ${isOpen}
  `.execute(executor);
  return rows[0];
}

/**
 * The invitation whose link this is, while it is worth something.
 * @scope token: who holds the link has the mailbox that it was sent to.
 */
export async function findInvitationByToken(
  executor: Executor,
  { hash, now }: { hash: string; now: Date },
): Promise<ShownInvitation | undefined> {
  const { rows } = await sql<ShownInvitation>`
    ${shown}
    where i.token_hash = ${hash} and ${isOpen} and i.expires_at > ${now}
  `.execute(executor);
  return rows[0];
}

/** Uses an invitation up; answers false where that, or something else, happened to it already. */
export async function markAccepted(
  transaction: Transaction,
  { id, userId, now }: { id: string; userId: string; now: Date },
): Promise<boolean> {
  const accepted = await sql`
    update identity_invitations as i
    set accepted_at = ${now}, accepted_by = ${userId}
    where i.id = ${id} and ${isOpen} and i.expires_at > ${now}
  `.execute(transaction);
  return accepted.numAffectedRows === 1n;
}

export async function markSent(
  transaction: Transaction,
  invitation: Pick<Invitation, 'id' | 'organizationId' | 'sentAt' | 'expiresAt'> & {
    tokenHash: string;
  },
): Promise<boolean> {
  const sent = await sql`
    update identity_invitations as i
    set token_hash = ${invitation.tokenHash}, sent_at = ${invitation.sentAt}, expires_at = ${invitation.expiresAt}
    where i.id = ${invitation.id} and i.organization_id = ${invitation.organizationId} and ${isOpen}
  `.execute(transaction);
  return sent.numAffectedRows === 1n;
}

/** Takes open invitations of an organization back: one, those of an address, or all; answers how many. */
export async function revokeInvitations(
  transaction: Transaction,
  which: { organizationId: string; id?: string; expiredEmail?: string; now: Date },
): Promise<number> {
  const revoked = await sql`
    update identity_invitations as i
    set revoked_at = ${which.now}
    where i.organization_id = ${which.organizationId} and ${isOpen}
      and (${which.id ?? null}::text is null or i.id = ${which.id ?? null})
      and (${which.expiredEmail ?? null}::text is null
        or (i.email = ${which.expiredEmail ?? null} and i.expires_at <= ${which.now}))
  `.execute(transaction);
  return Number(revoked.numAffectedRows ?? 0n);
}

/** Whether somebody is invited to a custom role. */
export async function isRoleInvited(
  executor: Executor,
  { organizationId, roleId, now }: { organizationId: string; roleId: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    select 1
    from identity_invitations as i
    where i.organization_id = ${organizationId} and i.role_id = ${roleId} and ${isOpen} and i.expires_at > ${now}
    limit 1
  `.execute(executor);
  return rows.length > 0;
}
