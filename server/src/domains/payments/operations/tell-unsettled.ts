import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { paymentUnsettled } from '../refund-events.ts';

/** Announces that less, or more, of a payment counts as paid than before; money of nobody concerns nobody. */
export async function tellUnsettled(
  context: Context,
  transaction: Transaction,
  about: { organizationId: string | null; attemptId: string | null },
): Promise<void> {
  const { organizationId, attemptId: paymentId } = about;
  if (organizationId === null) return;
  await context.events.announce(context, transaction, paymentUnsettled, {
    organizationId,
    paymentId,
  });
}
