import type { Permission } from '@sluice/contract/permissions';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import type { Organization } from '../core/people.ts';
import { type HeldRole, missingOf, permissionsOf, roleNamed } from '../core/roles.ts';
import { findMembership } from '../store/members.ts';
import { lockOrganization } from '../store/organizations.ts';
import { findRoles } from '../store/roles.ts';

/** Somebody acting in an organization. */
export interface Acting {
  organizationId: string;
  userId: string;
}

export interface HeldOrganization {
  organization: Organization;
  /** What the one who acts may do, now that nobody else changes it. */
  permissions: readonly Permission[];
}

/**
 * Locks an organization, so that of two who change its people, roles or invitations at once the second sees what the
 * first did; with what the one who acts may do in it by then.
 * @throws Refusal `not_found` where they are no member of it.
 */
export async function holdOrganization(
  transaction: Transaction,
  acting: Acting,
): Promise<HeldOrganization> {
  const organization = await lockOrganization(transaction, acting.organizationId);
  const membership = organization && (await findMembership(transaction, acting));
  if (!membership) throw notFound('organization');
  return { organization, permissions: permissionsOf(membership) };
}

/**
 * The role that a reference names, as far as the one who gives it holds it themselves.
 * @throws Refusal `role_unknown`, `permission_not_held`.
 */
export async function requireGivable(
  transaction: Transaction,
  { organization, permissions }: HeldOrganization,
  reference: string,
): Promise<HeldRole> {
  const role = roleNamed(reference, await findRoles(transaction, organization.id));
  if (!role) {
    throw new Refusal(
      'role_unknown',
      'Name a role of this organization: owner, admin, billing, member, or the id of its own.',
      { param: 'role' },
    );
  }
  requireHeld(permissions, permissionsOf(role));
  return role;
}

/**
 * Lets pass who holds all of what they would give, change or take away.
 * @throws Refusal `permission_not_held`.
 */
export function requireHeld(holder: readonly string[], permissions: readonly string[]): void {
  const missing = missingOf(holder, permissions);
  if (missing.length === 0) return;
  throw new Refusal(
    'permission_not_held',
    `You have not got ${missing.join(', ')} yourself: ask somebody who has.`,
  );
}
