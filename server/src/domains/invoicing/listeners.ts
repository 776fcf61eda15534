/** What of payments invoicing answers, in their own transaction. */
import { type Listener, reaction } from '../../platform/events.ts';
import { paymentCollected, paymentSucceeded } from '../payments/index.ts';
import { applyPayment, holdInvoice } from './operations/apply-payment.ts';

export const invoicingListeners: readonly Listener[] = [
  reaction(paymentCollected, holdInvoice),
  reaction(paymentSucceeded, applyPayment),
];
