/** What payments tell of money that goes back, within the transaction that decides on it. */
import { defineEvent } from '../../platform/events.ts';

interface AboutReturn {
  /** Of the refund, or of the dispute. */
  returnId: string;
  invoiceId: string;
  organizationId: string;
  /** In the payment's currency. */
  amountMinor: string;
  currency: string;
  reason: string;
}

/**
 * Money that paid an invoice goes back: whoever owns the invoice moves it to `refunds` now, or refuses. `isDone`: it has
 * gone already, so that what the customer does not have any more is owed, and nothing is refused.
 */
export const returnOpened = defineEvent<
  AboutReturn & { toWallet: boolean; leavesDebt: boolean; isDone: boolean }
>('payment_return.opened');

/**
 * Money of a payment is on its way back, came back after all, or is disputed: whoever judges by what a customer has paid
 * judges anew.
 */
export const paymentUnsettled = defineEvent<{ organizationId: string; paymentId: string | null }>(
  'payment.unsettled',
);

/** It did not go after all: what was moved to `refunds` for it goes back to where it was. */
export const returnFailed = defineEvent<AboutReturn>('payment_return.failed');
