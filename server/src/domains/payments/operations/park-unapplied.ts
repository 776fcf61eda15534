import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import type { UnappliedReason } from '../core/settlement.ts';
import { findTransactionOf, insertUnapplied } from '../money-store.ts';
import { findAttempt } from '../store.ts';

/** Lists a payment's money, which is in the ledger's `unapplied` already, for operators: its invoice takes none. */
export async function parkUnapplied(
  context: Context,
  transaction: Transaction,
  { paymentId, reason }: { paymentId: string; reason: UnappliedReason },
): Promise<void> {
  const attempt = await findAttempt(transaction, paymentId);
  const money = await findTransactionOf(transaction, paymentId);
  invariant(attempt && money, 'money is parked after its payment succeeded');
  const at = context.clocks.business();
  await insertUnapplied(transaction, {
    id: newId('una', at),
    transaction_id: money.id,
    organization_id: attempt.organizationId,
    attempt_id: attempt.id,
    amount_minor: attempt.amount.minor,
    currency: attempt.amount.currency,
    reason,
    parked_at: at,
  });
  await recordAudit(context, transaction, {
    organizationId: attempt.organizationId,
    action: 'payment.park',
    resource: { kind: 'payment', id: attempt.id },
    newValues: { reason },
  });
  context.log.warn(
    { payment: attempt.id, organization: attempt.organizationId, reason },
    'a payment came for an invoice that takes none: it is parked as unapplied',
  );
}
