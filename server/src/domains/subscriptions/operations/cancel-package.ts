import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockOrganizationPackage, markStatus } from '../store.ts';

/** Cancels a package whose invoice nobody paid in time. */
export async function cancelPackage(
  context: Context,
  transaction: Transaction,
  id: string,
): Promise<void> {
  const owned = await lockOrganizationPackage(transaction, id);
  if (owned?.status !== 'pending') return;
  await markStatus(transaction, id, 'canceled');
  await recordAudit(context, transaction, {
    organizationId: owned.organizationId,
    action: 'package.cancel',
    resource: { kind: 'organization_package', id },
    oldValues: { status: 'pending' },
    newValues: { status: 'canceled' },
  });
}
