/** What happens to a payment, as its customer is told of it. */
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { announceHappening } from '../../../platform/happenings.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import type { Attempt } from '../core/attempt.ts';
import type { DeclineCode } from '../core/declines.ts';
import type { Refund } from '../core/refund.ts';

export async function tellSucceeded(
  context: Context,
  transaction: Transaction,
  attempt: Attempt,
): Promise<void> {
  const { organizationId } = attempt;
  const data = about(attempt);
  await announceHappening(context, transaction, 'payment.succeeded', { organizationId, data });
}

export async function tellFailed(
  context: Context,
  transaction: Transaction,
  { attempt, code }: { attempt: Attempt; code: DeclineCode },
): Promise<void> {
  const { organizationId, isAutomatic } = attempt;
  const data = { ...about(attempt), code, automatic: isAutomatic };
  await announceHappening(context, transaction, 'payment.failed', { organizationId, data });
}

/** Money of a known customer's payment has gone back. */
export async function tellRefunded(
  context: Context,
  transaction: Transaction,
  { id, organizationId, attemptId, invoiceId, amount }: Refund,
): Promise<void> {
  if (organizationId === null || attemptId === null) return;
  await announceHappening(context, transaction, 'refund.succeeded', {
    organizationId,
    data: { refund: id, payment: attemptId, invoice: invoiceId, ...shown(amount) },
  });
}

function about({ id, invoiceId, amount, provider }: Attempt) {
  return { payment: id, invoice: invoiceId, ...shown(amount), provider };
}

function shown(amount: MinorMoney) {
  return { amount: formatMinor(amount), currency: amount.currency };
}
