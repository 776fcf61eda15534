import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { newId } from '../../../platform/ids.ts';
import { formatMinor, type MinorMoney } from '../../../platform/money.ts';
import { recordAudit } from '../../audit/index.ts';
import { refundPostings } from '../core/moves.ts';
import type { Refund, RefundDestination, RefundSource } from '../core/refund.ts';
import { nextQueryAt } from '../core/schedule.ts';
import type { CollectedPiece } from '../pieces-store.ts';
import { providerNamed } from '../providers/index.ts';
import { insertRefund } from '../refunds-store.ts';
import { fundRefund, post } from './fund-refund.ts';
import { newNumber } from './open-attempt.ts';
import { tellRefunded } from './tell-customer.ts';
import { tellUnsettled } from './tell-unsettled.ts';

export interface NewRefund {
  piece: CollectedPiece;
  unappliedId: string | null;
  organizationId: string | null;
  source: RefundSource;
  invoiceId: string | null;
  amount: MinorMoney;
  charged: MinorMoney;
  wallet: MinorMoney | null;
  destination: RefundDestination;
  reason: string;
  leavesDebt: boolean;
  /** Made at the provider, and not by us: what it says of it. */
  outside: { reference: string; status: 'succeeded' | 'pending' } | null;
}

/**
 * Writes a refund down with its number and moves its money to `refunds`; the provider is called after the commit. What we
 * give back ourselves, into a wallet or by hand, is done with it. The attempt is locked.
 * @throws Refusal where whoever has the money does not have it any more.
 */
export async function openRefund(
  context: Context,
  transaction: Transaction,
  order: NewRefund,
): Promise<Refund> {
  const refund = newRefund(context, order);
  const { outside, leavesDebt } = order;
  const asksAt = refund.finishedAt === null ? nextQueryAt(context.clocks.wall(), 0) : null;
  await insertRefund(transaction, refund, asksAt);
  await tellUnsettled(context, transaction, refund);
  await fundRefund(context, transaction, { refund, leavesDebt, isDone: outside !== null });
  if (refund.status === 'succeeded') {
    await post(context, transaction, refund, refundPostings(refund));
    await tellRefunded(context, transaction, refund);
  }
  await recordAudit(context, transaction, {
    organizationId: refund.organizationId,
    action: 'payment.refund',
    resource: { kind: 'refund', id: refund.id },
    newValues: {
      payment: refund.attemptId,
      amount: formatMinor(refund.amount),
      currency: refund.amount.currency,
      to: refund.destination,
      origin: refund.origin,
      status: refund.status,
      reason: refund.reason,
    },
  });
  return refund;
}

function newRefund(context: Context, order: NewRefund): Refund {
  const { piece, outside, leavesDebt: _leavesDebt, ...rest } = order;
  const createdAt = context.clocks.business();
  const isOnline = providerNamed(piece.provider)?.online !== undefined;
  const isDone = order.destination === 'wallet' || !isOnline || outside?.status === 'succeeded';
  return {
    id: newId('ref', createdAt),
    number: newNumber(),
    transactionId: piece.id,
    attemptId: piece.attemptId,
    ...rest,
    provider: piece.provider,
    merchant: piece.merchant,
    origin: outside ? 'provider' : 'operator',
    status: isDone ? 'succeeded' : 'pending',
    reference: outside?.reference ?? null,
    failure: null,
    queries: 0,
    requestedBy: outside ? null : context.actor.id,
    createdAt,
    finishedAt: isDone ? createdAt : null,
  };
}
