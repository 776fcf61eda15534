import { type Context, inTransaction } from '../../../platform/context.ts';
import { recordAudit } from '../../audit/index.ts';
import { handleEach } from '../../invoicing/index.ts';
import { findEndedIds, lockOrganizationPackage, markStatus } from '../store.ts';

const packagesPerRunMax = 10_000;

/** Marks packages lapsed whose end has come, in the order of their ends; answers how many. */
export async function lapsePackages(context: Context): Promise<number> {
  const now = context.clocks.business();
  const ended = await findEndedIds(context.database, now, packagesPerRunMax);
  return handleEach(context, ended, (id) => lapseOne(context, id, now));
}

async function lapseOne(context: Context, id: string, now: Date): Promise<boolean> {
  return inTransaction(context, async (transaction) => {
    const owned = await lockOrganizationPackage(transaction, id);
    if (owned?.status !== 'active' || owned.endsAt === null || owned.endsAt > now) return false;
    await markStatus(transaction, id, 'lapsed');
    await recordAudit(context, transaction, {
      organizationId: owned.organizationId,
      action: 'package.lapse',
      resource: { kind: 'organization_package', id },
      oldValues: { status: 'active' },
      newValues: { status: 'lapsed' },
    });
    return true;
  });
}
