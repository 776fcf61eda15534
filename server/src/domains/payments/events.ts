/** What payments tell. Both are announced within the settlement's transaction. */
import { defineEvent } from '../../platform/events.ts';

/**
 * Money for an invoice has come, and nothing is posted yet: whoever owns the invoice locks it now, so that locks are
 * taken in the one order (attempt, invoice, organization).
 */
export const paymentCollected = defineEvent<{ paymentId: string; invoiceId: string }>(
  'payment.collected',
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
