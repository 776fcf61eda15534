/** What of payments invoicing answers, in their own transaction. */
import { type Listener, reaction } from '../../platform/events.ts';
import {
  paymentCollected,
  paymentFailed,
  paymentSucceeded,
  returnFailed,
  returnOpened,
} from '../payments/index.ts';
import { applyPayment, holdInvoice } from './operations/apply-payment.ts';
import { askAfterDecline } from './operations/ask-for-payment.ts';
import { keepReturned, returnMoney } from './operations/return-money.ts';

export const invoicingListeners: readonly Listener[] = [
  reaction(paymentCollected, holdInvoice),
  reaction(paymentSucceeded, applyPayment),
  reaction(returnOpened, returnMoney),
  reaction(returnFailed, keepReturned),
  reaction(paymentFailed, async (context, transaction, failed) => {
    if (failed.isAutomatic) await askAfterDecline(context, transaction, failed);
  }),
];
