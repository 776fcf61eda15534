/** The nouns of identity, as the rest of the domain passes them around. */

export type Locale = 'en' | 'zh-CN';
export type PlatformRole = 'user' | 'operator' | 'admin';
export type MemberRole = 'owner' | 'admin' | 'billing' | 'member';
/** How somebody proved who they are; `portal_link` is a guest whom an application let in. */
export type SignInMethod = 'password' | 'passkey' | 'ldap' | 'oidc' | 'saml' | 'portal_link';
export type OrganizationStatus = 'active' | 'past_due' | 'suspended';

export interface User {
  id: string;
  email: string;
  emailVerifiedAt: Date | null;
  name: string | null;
  username: string | null;
  locale: Locale;
  platformRole: PlatformRole;
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

export interface Membership extends Organization {
  role: MemberRole;
}

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
