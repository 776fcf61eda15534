/** Stored payment methods as the contract shows them. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/payment-methods';
import { isExpired, type MethodSetup, type PaymentMethod } from './method.ts';

export type PaymentMethodView = AnswerOf<typeof endpoints.updatePaymentMethod>;
type SetupView = AnswerOf<typeof endpoints.setUpPaymentMethod>['setup'];

/** `today` is a day such as `2026-03-31`. */
export function presentMethod(method: PaymentMethod, today: string): PaymentMethodView {
  const { id, provider, kind, label, expires, isDefault, createdAt, confirmedAt } = method;
  return {
    ...{ id, provider, kind, label, expires, default: isDefault },
    expired: isExpired(method, today),
    created_at: createdAt.toISOString(),
    confirmed_at: confirmedAt?.toISOString() ?? null,
  };
}

export function presentSetup(setup: MethodSetup, stored: PaymentMethodView | undefined): SetupView {
  const { id, provider, status, next } = setup;
  return {
    ...{ id, provider, status },
    next: status === 'pending' ? next : { type: 'none' },
    decline_code: setup.declineCode,
    payment_method: stored ?? null,
    created_at: setup.createdAt.toISOString(),
    expires_at: setup.expiresAt.toISOString(),
  };
}
