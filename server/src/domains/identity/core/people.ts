/** The nouns of identity, as the rest of the domain passes them around. */
import type { SignInMethod } from '@sluice/contract/organization-settings';
import type { HeldRole } from './roles.ts';

export type { SignInMethod };

export type Locale = 'en' | 'zh-CN';
/** `custom` is a role of the deployment's own, `user` a customer. */
export type PlatformRole = 'user' | 'operator' | 'admin' | 'custom';
/** `custom` is a role of the organization's own. */
export type MemberRole = 'owner' | 'admin' | 'billing' | 'member' | 'custom';
export type OrganizationStatus = 'active' | 'past_due' | 'suspended';

export interface User {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  name: string | null;
  username: string | null;
  locale: Locale;
  platformRole: PlatformRole;
  /** Of a custom role. */
  platformRoleId: string | null;
  status: 'active' | 'suspended';
  createdAt: Date;
}

export interface Organization {
  id: string;
  name: string;
  personal: boolean;
  status: OrganizationStatus;
  /** Business time; null unless it is past due. */
  pastDueSince: Date | null;
  timeZone: string;
  createdAt: Date;
}

export interface Membership extends Organization, HeldRole {}

/** Addresses differ in case only to people. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The name of a person's own organization. */
export function personalOrganizationName(user: {
  email: string;
  name: string | null;
  username: string | null;
}): string {
  return user.name ?? user.username ?? user.email.slice(0, user.email.indexOf('@'));
}
