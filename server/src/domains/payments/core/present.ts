/** Payments as the contract shows them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/payments';
import { formatMinor } from '../../../platform/money.ts';
import { type Attempt, isOpen } from './attempt.ts';

export type PaymentView = AnswerOf<typeof endpoints.getPayment>;
type OrganizationPaymentView = AnswerOf<typeof endpoints.recordManualPayment>;

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
    refunded: formatMinor({ minor: attempt.refundedMinor, currency: amount.currency }),
    invoice: attempt.invoiceId,
    // An order that is over is not to be paid any more, whatever its provider would still take.
    next: attempt.status === 'pending' ? attempt.next : { type: 'none' },
    means: attempt.means,
    payment_method: attempt.methodId,
    processing: attempt.isProcessing && isOpen(attempt.status),
    decline_code: attempt.status === 'succeeded' ? null : attempt.declineCode,
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
