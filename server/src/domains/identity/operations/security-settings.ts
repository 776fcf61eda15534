import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { invariant, notFound, Refusal } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { SignInMethod } from '../core/people.ts';
import { judgeSession, noRules, type SecurityRules } from '../core/session-rules.ts';
import { findOrganization, lockOrganization } from '../store/organizations.ts';
import { deleteSecurity, findSecurity, saveSecurity } from '../store/security.ts';
import { findUser } from '../store/users.ts';
import { tellOrganization } from './tell-organization.ts';

export type ShownSecurity = SecurityRules & { updatedAt: Date | null };

export async function readSecurity(
  executor: Executor,
  organizationId: string,
): Promise<ShownSecurity> {
  return (await findSecurity(executor, organizationId)) ?? { ...noRules, updatedAt: null };
}

/**
 * Says what an organization asks of its members' sessions, from their next request on.
 * @throws Refusal `would_lock_out` where the caller's own session would be refused.
 */
export async function changeSecurity(
  context: Context,
  author: {
    organizationId: string;
    userId: string;
    signIn: { method: SignInMethod; hasSecondFactor: boolean; at: Date };
  },
  rules: SecurityRules,
): Promise<ShownSecurity> {
  const now = context.clocks.wall();
  const { ip } = context.actor;
  const refusal = judgeSession(rules, { ...author.signIn, startedAt: author.signIn.at, ip, now });
  if (refusal) {
    throw new Refusal(
      'would_lock_out',
      `This would refuse your own session (${refusal.code}): sign in as you ask of others first.`,
    );
  }
  const { organizationId } = author;
  return inTransaction(context, async (transaction) => {
    const organization = await lockOrganization(transaction, organizationId);
    const user = await findUser(transaction, author.userId);
    invariant(organization && user, 'a person acts in an organization');
    const old = await findSecurity(transaction, organizationId);
    const settings = { ...rules, updatedAt: now };
    await saveSecurity(transaction, { ...settings, organizationId });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization.set_security',
      resource: { kind: 'organization', id: organizationId },
      oldValues: valuesOf(old ?? noRules),
      newValues: valuesOf(rules),
    });
    await tellOrganization(context, transaction, organization, {
      notice: 'security_changed',
      who: user.name ?? user.email,
    });
    return settings;
  });
}

/**
 * Lifts what an organization asks, for owners who have locked themselves out. Those whom it concerns are told.
 * @throws Refusal `not_found`.
 */
export async function liftSecurity(context: Context, organizationId: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    if (!(await findOrganization(transaction, organizationId))) throw notFound('organization');
    const organization = await lockOrganization(transaction, organizationId);
    const old = await findSecurity(transaction, organizationId);
    if (!organization || !old) return;
    await deleteSecurity(transaction, organizationId);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'organization.lift_security',
      resource: { kind: 'organization', id: organizationId },
      oldValues: valuesOf(old),
      newValues: valuesOf(noRules),
    });
    await tellOrganization(context, transaction, organization, {
      notice: 'security_lifted',
      who: '',
    });
  });
}

function valuesOf(rules: SecurityRules) {
  return {
    require_second_factor: rules.requireSecondFactor,
    sign_in_methods: rules.signInMethods && [...rules.signInMethods],
    session_hours: rules.sessionHours,
    ip_allowlist: rules.ipAllowlist,
  };
}
