/** How the contract writes the nouns of identity. */
import { type ApiKey, statusOf } from './core/api-key.ts';
import type { ApplicationKey } from './core/application-key.ts';
import type { CountedCostCenter } from './core/cost-center.ts';
import type { Membership, Organization, User } from './core/people.ts';
import { permissionsOf, referenceOf } from './core/roles.ts';
import type { Me } from './operations/get-me.ts';
import { presentCaps } from './operations/key-limits.ts';
import type { Application } from './store/applications.ts';
import type { ShownInvitation } from './store/invitations.ts';
import type { MemberRow } from './store/members.ts';
import type { NamedSubject } from './store/subjects.ts';

export function presentUser(user: User) {
  return {
    id: user.id,
    email: user.email,
    email_verified: user.emailVerifiedAt !== null,
    name: user.name,
    username: user.username,
    locale: user.locale,
    platform_role: user.platformRoleId ?? user.platformRole,
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
  return {
    ...presentOrganization(membership),
    role: referenceOf(membership),
    role_name: membership.roleName,
  };
}

/** A membership as the person themselves sees it: with what it allows. */
export function presentOwnMembership(membership: Membership) {
  return {
    ...presentMembership(membership),
    permissions: [...permissionsOf(membership)],
  };
}

export function presentMe({ user, organizations, platformPermissions }: Me) {
  return {
    user: presentUser(user),
    organizations: organizations.map(presentOwnMembership),
    platform_permissions: [...platformPermissions],
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
  return {
    id: member.userId,
    role: referenceOf(member),
    role_name: member.roleName,
    name: member.name,
    email: member.email,
    second_factor: member.hasSecondFactor,
    joined_at: member.joinedAt.toISOString(),
  };
}

/** `now` is wall time, as the link's life is. */
export function presentInvitation(invitation: ShownInvitation, now: Date) {
  return {
    id: invitation.id,
    email: invitation.email,
    role: referenceOf(invitation),
    role_name: invitation.roleName,
    status: invitation.expiresAt > now ? ('open' as const) : ('expired' as const),
    invited_by: invitation.inviter,
    sent_at: invitation.sentAt.toISOString(),
    expires_at: invitation.expiresAt.toISOString(),
    created_at: invitation.createdAt.toISOString(),
  };
}
