import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  type Locale,
  type Organization,
  type PlatformRole,
  personalOrganizationName,
  type User,
} from '../core/people.ts';
import { organizationCreated } from '../events.ts';
import { findEmailHolder } from '../store/accounts.ts';
import { insertMember } from '../store/members.ts';
import { insertOrganization } from '../store/organizations.ts';
import { insertUser } from '../store/users.ts';

export interface Newcomer {
  email: string;
  emailVerifiedAt: Date | null;
  name: string | null;
  username: string | null;
  locale: Locale;
  platformRole: PlatformRole;
  passwordHash: string;
  inviteCode: string | null;
}

/** Adds a person with an organization of their own; undefined where the address or user name is taken. */
export async function createUser(
  context: Context,
  transaction: Transaction,
  newcomer: Newcomer,
): Promise<{ user: User; organization: Organization } | undefined> {
  const { email } = newcomer;
  if (await findEmailHolder(transaction, { email, now: context.clocks.wall() })) return undefined;
  const createdAt = context.clocks.business();
  const user = await insertUser(transaction, {
    ...newcomer,
    id: newId('usr', createdAt),
    createdAt,
  });
  if (!user) return undefined;
  const organization = await insertOrganization(transaction, {
    id: newId('org', createdAt),
    name: personalOrganizationName(user),
    personalUserId: user.id,
    timeZone: context.config.timeZone,
    createdAt,
  });
  await insertMember(transaction, {
    organizationId: organization.id,
    userId: user.id,
    role: 'owner',
    at: createdAt,
  });
  await context.events.announce(context, transaction, organizationCreated, {
    organizationId: organization.id,
    timeZone: organization.timeZone,
  });
  // Whoever signs up does it: from where is theirs.
  const isOwn = context.actor.kind === 'system' && context.actor.ip !== null;
  const actor = isOwn ? { ...context.actor, kind: 'user' as const, id: user.id } : context.actor;
  await recordAudit({ ...context, actor }, transaction, {
    organizationId: organization.id,
    action: 'organization.create',
    resource: { kind: 'organization', id: organization.id },
    newValues: { name: organization.name, time_zone: organization.timeZone },
  });
  return { user, organization };
}
