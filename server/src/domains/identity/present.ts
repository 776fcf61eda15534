/** How the contract writes the nouns of identity. */
import { organizationRoles, platformRoles } from '@sluice/contract/permissions';
import { type ApiKey, statusOf } from './core/api-key.ts';
import type { ApplicationKey } from './core/application-key.ts';
import type { CountedCostCenter } from './core/cost-center.ts';
import type { Membership, Organization, User } from './core/people.ts';
import type { Me } from './operations/get-me.ts';
import { presentCaps } from './operations/key-limits.ts';
import type { Application } from './store/applications.ts';
import type { MemberRow } from './store/organizations.ts';
import type { NamedSubject } from './store/subjects.ts';

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
    past_due_since: organization.pastDueSince?.toISOString() ?? null,
    time_zone: organization.timeZone,
    created_at: organization.createdAt.toISOString(),
  };
}

export function presentMembership(membership: Membership) {
  return { ...presentOrganization(membership), role: membership.role };
}

/** A membership as the person themselves sees it: with what it allows. */
export function presentOwnMembership(membership: Membership) {
  return {
    ...presentMembership(membership),
    permissions: [...organizationRoles[membership.role]],
  };
}

export function presentMe({ user, organizations }: Me) {
  return {
    user: presentUser(user),
    organizations: organizations.map(presentOwnMembership),
    platform_permissions: user.platformRole === 'user' ? [] : [...platformRoles[user.platformRole]],
  };
}

/** `now` is business time: expiry is judged by it. */
export function presentApiKey(key: ApiKey, now: Date) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    status: statusOf(key, now),
    allowed_models: key.allowedModels,
    application: key.applicationId,
    ip_allowlist: key.ipAllowlist,
    rate_limits: {
      rpm: key.rates.requestsPerMinute,
      tpm: key.rates.tokensPerMinute,
      concurrency: key.rates.concurrency,
    },
    user: key.holder,
    cost_center: key.costCenter,
    spend_caps: presentCaps(key.spendCaps),
    tags: key.tags,
    previous_expires_at: key.previousExpiresAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}

export function presentCostCenter(center: CountedCostCenter) {
  const { id, code, name, members, keys } = center;
  return {
    ...{ id, code, name, members, keys },
    created_at: center.createdAt.toISOString(),
    archived_at: center.archivedAt?.toISOString() ?? null,
  };
}

export function presentApplication(application: Application) {
  const { id, slug, name, description, status, createdAt } = application;
  return { id, slug, name, description, status, created_at: createdAt.toISOString() };
}

export function presentApplicationKey(key: ApplicationKey) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    status: key.revokedAt ? ('revoked' as const) : ('active' as const),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}

export function presentSubject(subject: NamedSubject) {
  return {
    external_id: subject.externalId,
    organization: subject.organizationId,
    user: subject.userId,
    created_at: subject.createdAt.toISOString(),
  };
}

export function presentMember(member: MemberRow) {
  const { userId: id, role, name, email, joinedAt } = member;
  return { id, role, name, email, joined_at: joinedAt.toISOString() };
}
