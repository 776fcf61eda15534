/** A customer lets operators in, sees who came, and shows them out. */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { SupportAccess, SupportScope, SupportSession } from '../core/support.ts';
import {
  findLiveSupportAccess,
  findSupportAccesses,
  findSupportSessions,
  insertSupportAccess,
  revokeSupportAccesses,
} from '../store/support.ts';
import { type Acting, holdOrganization, requireHeld } from './hold-organization.ts';

const hourMs = 3_600_000;
/** Letting somebody in is a matter of the organization's security. */
const needed = ['security.manage'] as const;

export interface SupportAccessWithSessions extends SupportAccess {
  sessions: SupportSession[];
}

/**
 * Consents that operators act in the organization for some hours; what was allowed before is over.
 * @throws Refusal `not_found`, `permission_not_held`.
 */
export async function allowSupport(
  context: Context,
  acting: Acting,
  wish: { scope: SupportScope; hours: number; note: string | null },
): Promise<SupportAccessWithSessions> {
  const now = context.clocks.wall();
  return inTransaction(context, async (transaction) => {
    const { organization, permissions } = await holdOrganization(transaction, acting);
    requireHeld(permissions, needed);
    const { id: organizationId } = organization;
    await revokeSupportAccesses(transaction, { organizationId, by: acting.userId, at: now });
    const id = newId('sup', now);
    const expiresAt = new Date(now.getTime() + wish.hours * hourMs);
    await insertSupportAccess(transaction, {
      ...{ id, organizationId, scope: wish.scope, note: wish.note || null },
      ...{ grantedBy: acting.userId, createdAt: now, expiresAt },
    });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'support_access.allow',
      resource: { kind: 'support_access', id },
      newValues: {
        scope: wish.scope,
        expires_at: expiresAt.toISOString(),
        note: wish.note || null,
      },
    });
    const access = await findLiveSupportAccess(transaction, { organizationId, now });
    invariant(access?.id === id, 'what was just allowed is what is allowed');
    return { ...access, sessions: [] };
  });
}

/**
 * Takes the consent back: whoever acts under it is out at their next request.
 * @throws Refusal `not_found`, `permission_not_held`.
 */
export async function revokeSupport(context: Context, acting: Acting): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const { organization, permissions } = await holdOrganization(transaction, acting);
    requireHeld(permissions, needed);
    const at = context.clocks.wall();
    const { id: organizationId } = organization;
    const live = await findLiveSupportAccess(transaction, { organizationId, now: at });
    if (!live) return;
    await revokeSupportAccesses(transaction, { organizationId, by: acting.userId, at });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'support_access.revoke',
      resource: { kind: 'support_access', id: live.id },
      oldValues: { scope: live.scope, expires_at: live.expiresAt.toISOString() },
    });
  });
}

/** Consents of an organization with who came under each, newest first. */
export async function listSupportAccesses(
  { database }: Pick<Context, 'database'>,
  page: { organizationId: string; before: string | undefined; limit: number },
): Promise<SupportAccessWithSessions[]> {
  const accesses = await findSupportAccesses(database, page);
  const sessions = await findSupportSessions(database, {
    organizationId: page.organizationId,
    accessIds: accesses.map(({ id }) => id),
  });
  return accesses.map((access) => ({
    ...access,
    sessions: sessions.filter(({ accessId }) => accessId === access.id),
  }));
}
