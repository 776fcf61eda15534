import { type Context, inTransaction } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { lockPackage, replacePackage } from '../store.ts';

/**
 * Takes a package off sale for good. The row stays: those who bought it, and its invoices, still refer to it.
 * @throws Refusal `not_found`.
 */
export async function deletePackage(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const row = await lockPackage(transaction, id);
    if (!row) throw notFound('package');
    if (row.status === 'archived') return;
    await replacePackage(transaction, {
      ...row,
      status: 'archived',
      updated_at: context.clocks.business(),
    });
    await recordAudit(context, transaction, {
      organizationId: null,
      action: 'package.delete',
      resource: { kind: 'package', id },
      oldValues: { status: row.status },
      newValues: { status: 'archived' },
    });
  });
}
