/** What an operator may do in a customer's organization with the customer's consent. */
import type { Permission } from '@sluice/contract/permissions';

export type SupportScope = 'read' | 'full';

const reading: readonly Permission[] = [
  'organization.read',
  'members.read',
  'keys.read',
  'usage.read',
  'usage.read_members',
  'billing.read',
  'audit.read',
];

/**
 * Nothing here shows a secret or makes one (`keys.manage` answers it), changes who belongs to the organization or how it
 * is protected, or moves money: `billing.manage` is stored means of payment, `subscriptions.manage` spends the wallet.
 */
export const supportPermissions: Record<SupportScope, readonly Permission[]> = {
  read: reading,
  full: [...reading, 'organization.manage'],
};

export interface SupportAccess {
  id: string;
  organizationId: string;
  scope: SupportScope;
  grantedBy: { id: string; name: string };
  note: string | null;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

export interface SupportSession {
  id: string;
  accessId: string;
  organizationId: string;
  /** The sign-in that it goes with. */
  sessionId: string;
  scope: SupportScope;
  operator: { id: string; name: string };
  reason: string;
  createdAt: Date;
  /** With the consent, unless it ended before. */
  expiresAt: Date;
  endedAt: Date | null;
}

/** `now` is wall time, as everything about signing in. */
export function statusOfAccess(
  { revokedAt, expiresAt }: Pick<SupportAccess, 'revokedAt' | 'expiresAt'>,
  now: Date,
): 'active' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
}

export function isLive(
  { endedAt, expiresAt }: Pick<SupportSession, 'endedAt' | 'expiresAt'>,
  now: Date,
): boolean {
  return endedAt === null && expiresAt > now;
}
