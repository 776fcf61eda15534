/** An operator acts in a customer's organization, with the customer's consent and before their eyes. */
import type { Permission } from '@sluice/contract/permissions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Organization } from '../core/people.ts';
import { type SupportSession, supportPermissions } from '../core/support.ts';
import { findMembership } from '../store/members.ts';
import { lockOrganization } from '../store/organizations.ts';
import {
  endSupportSessionRow,
  findLiveSupportAccess,
  findLiveSupportSessions,
  findSupported,
  insertSupportSession,
} from '../store/support.ts';
import { tellOrganization } from './tell-organization.ts';

/** A sign-in of an operator. */
export interface Supporter {
  organizationId: string;
  sessionId: string;
  userId: string;
}

/**
 * Begins to act in the organization. It needs no token: the operator's own sign-in carries it, so that it ends with that,
 * with the consent, or by itself.
 * @throws Refusal `not_found`, `support_not_allowed`, `invalid_state` for a member, who needs none.
 */
export async function openSupportSession(
  context: Context,
  supporter: Supporter,
  reason: string,
): Promise<SupportSession> {
  const { organizationId, sessionId, userId } = supporter;
  const now = context.clocks.wall();
  return inTransaction(context, async (transaction) => {
    const organization = await lockOrganization(transaction, organizationId);
    if (!organization) throw notFound('organization');
    if (await findMembership(transaction, { organizationId, userId })) {
      throw new Refusal('invalid_state', 'You are a member here: switch to the organization.');
    }
    const access = await findLiveSupportAccess(transaction, { organizationId, now });
    if (!access) throw notAllowed();
    await endSupportSessionRow(transaction, { organizationId, sessionId, at: now });
    const id = newId('sps', now);
    await insertSupportSession(transaction, {
      ...{ id, organizationId, sessionId, userId, reason },
      ...{ accessId: access.id, createdAt: now, expiresAt: access.expiresAt },
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'support_session.open',
      resource: { kind: 'support_session', id },
      newValues: {
        ...{ support: id, scope: access.scope, reason },
        expires_at: access.expiresAt.toISOString(),
      },
    });
    const live = await findLiveSupportSessions(transaction, { organizationId, now });
    const opened = live.find((session) => session.id === id);
    invariant(opened, 'a session that was just opened is live');
    await tellOrganization(context, transaction, organization, {
      notice: 'support_began',
      who: opened.operator.name,
    });
    return opened;
  });
}

/** Ends the support session of a sign-in; of none it does nothing. */
export async function endSupportSession(context: Context, supporter: Supporter): Promise<void> {
  const { organizationId, sessionId } = supporter;
  await inTransaction(context, async (transaction) => {
    const at = context.clocks.wall();
    for (const id of await endSupportSessionRow(transaction, { organizationId, sessionId, at })) {
      await recordAudit(context, transaction, {
        organizationId,
        action: 'support_session.end',
        resource: { kind: 'support_session', id },
        newValues: { support: id },
      });
    }
  });
}

/** Who acts in an organization for support right now. */
export async function listSupportSessions(
  { database, clocks }: Pick<Context, 'database' | 'clocks'>,
  organizationId: string,
): Promise<SupportSession[]> {
  return findLiveSupportSessions(database, { organizationId, now: clocks.wall() });
}

export interface SupportedOrganization extends Organization {
  permissions: readonly Permission[];
}

/** The customers' organizations in which an operator's sign-in acts right now, and what it may do there. */
export async function listSupported(
  { database, clocks }: Pick<Context, 'database' | 'clocks'>,
  sessionId: string,
): Promise<SupportedOrganization[]> {
  const found = await findSupported(database, { sessionId, now: clocks.wall() });
  return found.map(({ scope, ...organization }) => ({
    ...organization,
    permissions: supportPermissions[scope],
  }));
}

function notAllowed(): Refusal {
  return new Refusal(
    'support_not_allowed',
    'The customer has not let support in: ask an owner or admin to allow it on their page “Support”.',
  );
}
