/** What payments tell, each within the transaction that makes it true. */
import { defineEvent } from '../../platform/events.ts';
import type { DeclineCode } from './core/declines.ts';

/**
 * Money for an invoice has come, and nothing is posted yet: whoever owns the invoice locks it now, so that locks are
 * taken in the one order (attempt, invoice, organization).
 */
export const paymentCollected = defineEvent<{ paymentId: string; invoiceId: string }>(
  'payment.collected',
);

/**
 * It is certain that a payment brings no money: declined, returned, or never begun. `isAutomatic`: we began it, and
 * whoever owns the invoice has to tell the customer.
 */
export const paymentFailed = defineEvent<{
  paymentId: string;
  organizationId: string;
  invoiceId: string;
  code: DeclineCode;
  methodId: string | null;
  isAutomatic: boolean;
}>('payment.failed');

/** A payment of an invoice has stored the method that it was made with. */
export const paymentMethodKept = defineEvent<{
  organizationId: string;
  invoiceId: string;
  methodId: string;
}>('payment_method.kept');

/** A method could not be stored: whoever tried was declined. */
export const paymentMethodDeclined = defineEvent<{ organizationId: string }>(
  'payment_method.declined',
);

/** The money is in `unapplied`, waiting to be applied to its invoice. */
export const paymentSucceeded = defineEvent<{
  paymentId: string;
  organizationId: string;
  invoiceId: string;
  /** In the invoice's currency. */
  amountMinor: string;
  currency: string;
  provider: string;
}>('payment.succeeded');
