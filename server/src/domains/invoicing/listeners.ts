/** What of payments invoicing answers, in their own transaction. */
import { type Listener, reaction } from '../../platform/events.ts';
import { organizationClosing } from '../identity/index.ts';
import {
  paymentCollected,
  paymentFailed,
  paymentSucceeded,
  returnFailed,
  returnOpened,
} from '../payments/index.ts';
import { endRefill } from './auto-top-up-store.ts';
import { invoicePaid, invoiceVoided } from './events.ts';
import { applyPayment, holdInvoice } from './operations/apply-payment.ts';
import { askAfterDecline } from './operations/ask-for-payment.ts';
import { refuseClosing } from './operations/refuse-closing.ts';
import { keepReturned, returnMoney } from './operations/return-money.ts';
import { failRefill, switchOff } from './operations/switch-off-auto-top-up.ts';

export const invoicingListeners: readonly Listener[] = [
  reaction(organizationClosing, refuseClosing),
  reaction(paymentCollected, holdInvoice),
  reaction(paymentSucceeded, applyPayment),
  reaction(returnOpened, returnMoney),
  reaction(returnFailed, keepReturned),
  reaction(invoicePaid, async (_context, transaction, { kind, invoiceId }) => {
    if (kind === 'top_up') await endRefill(transaction, invoiceId, 'paid');
  }),
  reaction(invoiceVoided, async (context, transaction, { kind, invoiceId, organizationId }) => {
    if (kind !== 'top_up' || !(await endRefill(transaction, invoiceId, 'failed'))) return;
    // Nobody knows how its charge ended: no other one follows before somebody has looked.
    await switchOff(context, transaction, { organizationId, reason: 'provider_error' });
  }),
  reaction(paymentFailed, async (context, transaction, failed) => {
    if (!failed.isAutomatic || (await failRefill(context, transaction, failed))) return;
    await askAfterDecline(context, transaction, failed);
  }),
];
