import type { AnswerOf } from '@sluice/contract/endpoint';
import type { voidRedemptionCodes as endpoint } from '@sluice/contract/redemptions';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { invariant, notFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import { presentBatch } from '../core/present-redemptions.ts';
import { findBatch, lockBatch, voidUnused } from '../redemptions-store.ts';

/**
 * Makes what is unused of a batch worthless; done again, nothing is left to do.
 * @throws Refusal `not_found`.
 */
export async function voidRedemptionCodes(
  context: Context,
  id: string,
): Promise<AnswerOf<typeof endpoint>> {
  return inTransaction(context, async (transaction) => {
    if (!(await lockBatch(transaction, id))) throw notFound('batch');
    const voided = await voidUnused(transaction, id);
    if (voided > 0n) {
      await recordAudit(context, transaction, {
        organizationId: null,
        action: 'redemption_code.void',
        resource: { kind: 'redemption_code_batch', id },
        newValues: { count: Number(voided) },
      });
    }
    const batch = await findBatch(transaction, id);
    invariant(batch, 'a locked batch is there');
    return presentBatch(batch);
  });
}
