import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { normalizeEmail } from '../core/people.ts';
import { organizationCreated } from '../events.ts';
import { insertMember } from '../store/members.ts';
import { insertOrganization } from '../store/organizations.ts';
import { updateUserStatus } from '../store/suspensions.ts';
import { findUserByEmail } from '../store/users.ts';
import { createUser } from './create-user.ts';

/** Somebody who had an account in the system that is moved here. */
export interface MovedAccount {
  email: string;
  /** It was proven there, and by whom it is the same deployment's operator who says so. */
  isEmailProven: boolean;
  name: string | null;
  username: string | null;
  organizationName: string;
  /** Of whoever was shut out there. */
  suspendedFor: string | null;
}

export interface MovedTo {
  userId: string;
  organizationId: string;
  /** The person was here already, and got another organization. */
  isLinked: boolean;
}

/**
 * Gives an account of another system its place here. Whoever has the address here already gets another organization, and
 * their status and name stay: what is moved never touches what they have. There is no password: it is set by mail.
 * Undefined where the address is promised to somebody who is just changing theirs.
 */
export async function moveAccount(
  context: Context,
  transaction: Transaction,
  account: MovedAccount,
): Promise<MovedTo | undefined> {
  const email = normalizeEmail(account.email);
  const known = await findUserByEmail(transaction, email);
  if (known) {
    const organizationId = await addOrganization(context, transaction, {
      userId: known.id,
      name: account.organizationName,
    });
    return { userId: known.id, organizationId, isLinked: true };
  }
  const newcomer = {
    email,
    emailVerifiedAt: account.isEmailProven ? context.clocks.wall() : null,
    name: account.name,
    locale: context.config.locale,
    platformRole: 'user' as const,
    passwordHash: '',
    inviteCode: null,
  };
  const { username } = account;
  // A user name that somebody has here is left out: they sign in by mail address.
  const created =
    (await createUser(context, transaction, { ...newcomer, username })) ??
    (await createUser(context, transaction, { ...newcomer, username: null }));
  if (!created) return undefined;
  const { user, organization } = created;
  if (account.suspendedFor !== null) {
    const suspension = { since: context.clocks.business(), reason: account.suspendedFor };
    await updateUserStatus(transaction, { id: user.id, suspension });
  }
  await recordAudit(context, transaction, {
    organizationId: organization.id,
    action: 'user.move_in',
    resource: { kind: 'user', id: user.id },
    newValues: {
      ...{ email: user.email, name: user.name, username: user.username },
      status: account.suspendedFor === null ? 'active' : 'suspended',
    },
  });
  return { userId: user.id, organizationId: organization.id, isLinked: false };
}

/** As many as they had accounts; the limit on organizations is for those that people open themselves. */
async function addOrganization(
  context: Context,
  transaction: Transaction,
  { userId, name }: { userId: string; name: string },
): Promise<string> {
  const createdAt = context.clocks.business();
  const organization = await insertOrganization(transaction, {
    ...{ id: newId('org', createdAt), name, personalUserId: null, createdAt },
    timeZone: context.config.timeZone,
  });
  const { id: organizationId, timeZone } = organization;
  await insertMember(transaction, { organizationId, userId, role: 'owner', at: createdAt });
  await context.events.announce(context, transaction, organizationCreated, {
    organizationId,
    timeZone,
  });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'organization.create',
    resource: { kind: 'organization', id: organizationId },
    newValues: { name, time_zone: timeZone, owner: userId },
  });
  return organizationId;
}
