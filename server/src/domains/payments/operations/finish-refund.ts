import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { invariant } from '../../../platform/errors.ts';
import { formatMinor } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Attempt } from '../core/attempt.ts';
import { refundPostings } from '../core/moves.ts';
import { type Refund, type RefundStatus, statusAfterNews } from '../core/refund.ts';
import type { RefundOutcome } from '../provider.ts';
import { findRefund, lockRefund, saveRefund } from '../refunds-store.ts';
import { findAttempt, lockAttempt } from '../store.ts';
import { giveRefundBack, post } from './fund-refund.ts';
import { tellRefunded } from './tell-customer.ts';
import { tellUnsettled } from './tell-unsettled.ts';

/** `repeated`: it was known. `contradictory`: it failed for us and succeeded there, and nothing is done but an alarm. */
export type FinishResult = 'changed' | 'repeated' | 'contradictory';

/**
 * Keeps what a provider says of a refund, whoever tells it: the answer to our call, a later query, a notification. Told
 * again, late or in another order it changes nothing more: a refund only moves forward.
 *
 * A crash before the commit leaves it as it was, and its provider is asked again.
 */
export async function finishRefund(
  context: Context,
  id: string,
  outcome: RefundOutcome,
): Promise<FinishResult> {
  return inTransaction(context, async (transaction) => {
    const seen = await findRefund(transaction, id);
    invariant(seen, `refund ${id} is there`);
    await lockAttemptOf(transaction, seen.attemptId);
    const refund = await lockRefund(transaction, id);
    invariant(refund, `refund ${id} is there still`);
    if (refund.status === 'failed' && outcome.status === 'succeeded') {
      alarm(context, refund, outcome.reference);
      return 'contradictory';
    }
    const status = statusAfterNews(refund.status, outcome.status);
    const reference = 'reference' in outcome ? outcome.reference : refund.reference;
    const isKnown =
      status === refund.status && (refund.reference ?? reference) === refund.reference;
    if (isKnown) return 'repeated';
    const isFinished = status === 'succeeded' || status === 'failed';
    await saveRefund(transaction, id, {
      status,
      reference: refund.reference ?? reference,
      failure: outcome.status === 'failed' ? outcome.reason : refund.failure,
      finishedAt: isFinished ? context.clocks.business() : null,
    });
    if (status !== refund.status) await follow(context, transaction, refund, status);
    return 'changed';
  });
}

/** The first lock of everything that has to do with a payment's money. */
export async function lockAttemptOf(
  transaction: Transaction,
  attemptId: string | null,
): Promise<Attempt | undefined> {
  const attempt = attemptId === null ? undefined : await findAttempt(transaction, attemptId);
  return attempt && lockAttempt(transaction, attempt.number);
}

async function follow(
  context: Context,
  transaction: Transaction,
  refund: Refund,
  status: RefundStatus,
): Promise<void> {
  if (status === 'succeeded') {
    await post(context, transaction, refund, refundPostings(refund));
    await tellRefunded(context, transaction, refund);
  }
  if (status === 'failed') {
    // What bounced is with us again before it is the customer's again.
    if (refund.status === 'succeeded') {
      await post(context, transaction, refund, refundPostings(refund, true));
    }
    await giveRefundBack(context, transaction, refund);
    await tellUnsettled(context, transaction, refund);
    context.log.error(
      { refund: refund.id, payment: refund.attemptId, provider: refund.provider },
      'a refund failed: its money is where it was',
    );
  }
  await recordAudit(context, transaction, {
    organizationId: refund.organizationId,
    action: 'refund.change',
    resource: { kind: 'refund', id: refund.id },
    oldValues: { status: refund.status },
    newValues: { status, amount: formatMinor(refund.amount), currency: refund.amount.currency },
  });
}

function alarm(context: Context, { id, provider }: Refund, reference: string): void {
  context.log.error(
    { refund: id, provider, reference },
    'a provider says that a refund succeeded which it said had failed',
  );
}
