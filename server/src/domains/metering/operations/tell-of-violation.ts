import { type Context, inTransaction } from '../../../platform/context.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatQuantity } from '../../../platform/quantity.ts';
import { findMetersById } from '../../catalog/index.ts';
import type { QuotaExceeded } from '../events.ts';

/**
 * Tells a customer of a violation that a stored function has recorded. It is news, which may be heard twice: the
 * happening's id comes from the violation's.
 */
export async function tellOfViolation(context: Context, violation: QuotaExceeded): Promise<void> {
  const { violationId, organizationId, quotaId, meterId, subjectKind, subjectId } = violation;
  const meter = (await findMetersById(context.database, [meterId])).get(meterId);
  const shown = (quantity: string) =>
    meter ? formatQuantity(BigInt(quantity), meter.unit) : quantity;
  await inTransaction(context, (transaction) =>
    announceHappening(context, transaction, 'quota.exceeded', {
      id: `hap_${violationId.slice(violationId.indexOf('_') + 1)}`,
      organizationId,
      data: {
        ...{ quota: quotaId, meter: meter?.reference ?? meterId, window: violation.window },
        subject: { kind: subjectKind, id: subjectId },
        ...{ limit: shown(violation.limit), used: shown(violation.used) },
        ...{ hard: violation.isHard, resets_at: violation.resetsAt },
      },
    }),
  );
}
