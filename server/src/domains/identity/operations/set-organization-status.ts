import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Organization, OrganizationStatus } from '../core/people.ts';
import { keyringChannel } from '../keyring.ts';
import { lockOrganization, updateOrganizationRow } from '../store/organizations.ts';
import { updateOrganizationSuspension } from '../store/suspensions.ts';

/**
 * Suspends an organization, marks it past due or makes it active again; every process knows at once.
 * @throws Refusal `not_found`.
 */
export async function setOrganizationStatus(
  context: Context,
  command: { id: string; status: OrganizationStatus; reason?: string | undefined },
): Promise<Organization> {
  return inTransaction(context, (transaction) =>
    changeOrganizationStatus(context, transaction, command),
  );
}

/** As `setOrganizationStatus`, within the transaction of what causes it; `since` is when it fell past due. */
export async function changeOrganizationStatus(
  context: Context,
  transaction: Transaction,
  {
    id,
    status,
    since,
    reason,
  }: { id: string; status: OrganizationStatus; since?: Date; reason?: string | undefined },
): Promise<Organization> {
  const old = await lockOrganization(transaction, id);
  if (!old) throw notFound('organization');
  const pastDueSince =
    status === 'past_due' ? (old.pastDueSince ?? since ?? context.clocks.business()) : null;
  const changed = { ...old, status, pastDueSince };
  await updateOrganizationRow(transaction, changed);
  if (status !== old.status) {
    const suspension = { since: context.clocks.business(), reason: reason ?? null };
    await updateOrganizationSuspension(transaction, {
      id,
      suspension: status === 'suspended' ? suspension : null,
    });
  }
  await notify(transaction, keyringChannel, id);
  await recordAudit(context, transaction, {
    organizationId: id,
    action: 'organization.set_status',
    resource: { kind: 'organization', id },
    oldValues: { status: old.status },
    newValues: { status, ...(reason !== undefined && { reason }) },
  });
  return changed;
}
