/** How the contract writes the nouns of identity. */
import { type ApiKey, statusOf } from './core/api-key.ts';
import type { Membership, Organization, User } from './core/people.ts';

export function presentUser(user: User) {
  return {
    id: user.id,
    email: user.email,
    email_verified: user.emailVerifiedAt !== null,
    name: user.name,
    username: user.username,
    locale: user.locale,
    platform_role: user.platformRole,
    status: user.status,
    created_at: user.createdAt.toISOString(),
  };
}

export function presentOrganization(organization: Organization) {
  return {
    id: organization.id,
    name: organization.name,
    personal: organization.personal,
    status: organization.status,
    time_zone: organization.timeZone,
    created_at: organization.createdAt.toISOString(),
  };
}

export function presentMembership(membership: Membership) {
  return { ...presentOrganization(membership), role: membership.role };
}

/** `now` is business time: expiry is judged by it. */
export function presentApiKey(key: ApiKey, now: Date) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    status: statusOf(key, now),
    allowed_models: key.allowedModels,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}
