/** Refunds, disputes and unapplied money as the contract shows them. */
import type * as disputes from '@sluice/contract/disputes';
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as refunds from '@sluice/contract/refunds';
import type * as unapplied from '@sluice/contract/unapplied';
import { formatMinor } from '../../../platform/money.ts';
import type { Dispute } from './dispute.ts';
import type { Refund } from './refund.ts';
import type { Unapplied } from './unapplied.ts';

type PaymentRefundView = AnswerOf<typeof refunds.listPaymentRefunds>['data'][number];
type RefundView = AnswerOf<typeof refunds.refundPayment>;
type DisputeView = AnswerOf<typeof disputes.inspectDispute>;
type UnappliedView = AnswerOf<typeof unapplied.applyUnapplied>;

/** As the customer sees it. */
export function presentPaymentRefund(refund: Refund): PaymentRefundView {
  const { amount, charged, destination } = refund;
  const isExchanged = destination === 'provider' && charged.currency !== amount.currency;
  return {
    id: refund.id,
    payment: refund.attemptId,
    amount: formatMinor(amount),
    currency: amount.currency,
    charged: isExchanged ? { amount: formatMinor(charged), currency: charged.currency } : null,
    to: refund.provider === 'wallet' ? 'wallet' : destination,
    status: refund.status,
    reason: refund.reason,
    created_at: refund.createdAt.toISOString(),
    finished_at: refund.finishedAt?.toISOString() ?? null,
  };
}

/** The same, as operators see it. */
export function presentRefund(refund: Refund): RefundView {
  return {
    ...presentPaymentRefund(refund),
    organization: refund.organizationId,
    unapplied: refund.unappliedId,
    invoice: refund.invoiceId,
    provider: refund.provider,
    number: refund.number,
    reference: refund.reference,
    origin: refund.origin,
    failure: refund.failure,
    requested_by: refund.requestedBy,
  };
}

export function presentDispute(dispute: Dispute): DisputeView {
  return {
    id: dispute.id,
    organization: dispute.organizationId,
    payment: dispute.attemptId,
    provider: dispute.provider,
    reference: dispute.reference,
    amount: formatMinor(dispute.amount),
    currency: dispute.amount.currency,
    status: dispute.status,
    reason: dispute.reason,
    respond_by: dispute.respondBy?.toISOString() ?? null,
    withdrawn: dispute.isWithdrawn,
    borne_by: dispute.borneBy,
    note: dispute.note,
    opened_at: dispute.openedAt.toISOString(),
    closed_at: dispute.closedAt?.toISOString() ?? null,
    resolved_at: dispute.resolvedAt?.toISOString() ?? null,
    resolved_by: dispute.resolvedBy,
  };
}

export function presentUnapplied(parked: Unapplied): UnappliedView {
  const { amount, applied } = parked;
  return {
    id: parked.id,
    organization: parked.organizationId,
    payment: parked.attemptId,
    provider: parked.provider,
    provider_transaction: parked.providerTransaction,
    amount: formatMinor(amount),
    currency: amount.currency,
    reason: parked.reason,
    received_at: parked.receivedAt.toISOString(),
    state: parked.state,
    applied: applied && {
      invoice: applied.invoiceId,
      amount: formatMinor(applied.money),
      currency: applied.money.currency,
    },
    resolved_at: parked.resolvedAt?.toISOString() ?? null,
    resolved_by: parked.resolvedBy,
  };
}
