/** Payments as the contract shows them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/payments';
import { formatMinor } from '../../../platform/money.ts';
import type { Attempt } from './attempt.ts';
import type { UnappliedReason } from './settlement.ts';

export type PaymentView = AnswerOf<typeof endpoints.getPayment>;
type OrganizationPaymentView = AnswerOf<typeof endpoints.recordManualPayment>;
type UnappliedView = AnswerOf<typeof endpoints.listUnapplied>['data'][number];

export function presentPayment(attempt: Attempt): PaymentView {
  const { amount, charged } = attempt;
  const isExchanged = charged.currency !== amount.currency;
  return {
    id: attempt.id,
    status: attempt.status,
    amount: formatMinor(amount),
    currency: amount.currency,
    provider: attempt.provider,
    charged: isExchanged
      ? { amount: formatMinor(charged), currency: charged.currency, rate: attempt.rate }
      : null,
    invoice: attempt.invoiceId,
    // An order that is over is not to be paid any more, whatever its provider would still take.
    next: attempt.status === 'pending' ? attempt.next : { type: 'none' },
    means: attempt.means,
    payment_method: attempt.methodId,
    processing: attempt.isProcessing,
    decline_code: attempt.declineCode,
    expires_at: attempt.expiresAt?.toISOString() ?? null,
    created_at: attempt.createdAt.toISOString(),
    settled_at: attempt.settledAt?.toISOString() ?? null,
  };
}

/** The same, as operators see it. */
export function presentOrganizationPayment(attempt: Attempt): OrganizationPaymentView {
  return {
    ...presentPayment(attempt),
    organization: attempt.organizationId,
    number: attempt.number,
    provider_transaction: attempt.providerTransaction,
  };
}

export interface Unapplied {
  id: string;
  organization_id: string | null;
  attempt_id: string | null;
  amount_minor: bigint;
  currency: string;
  reason: UnappliedReason;
  provider: string;
  provider_transaction: string;
  received_at: Date;
}

export function presentUnapplied(row: Unapplied): UnappliedView {
  return {
    id: row.id,
    organization: row.organization_id,
    payment: row.attempt_id,
    provider: row.provider,
    provider_transaction: row.provider_transaction,
    amount: formatMinor({ minor: row.amount_minor, currency: row.currency }),
    currency: row.currency,
    reason: row.reason,
    received_at: row.received_at.toISOString(),
  };
}
