/** What of invoices subscriptions answer, in their own transaction. */
import { type Listener, reaction } from '../../platform/events.ts';
import { invoicePaid, invoiceVoided } from '../invoicing/index.ts';
import { activatePackage } from './operations/activate-package.ts';
import { cancelPackage } from './operations/cancel-package.ts';

export const subscriptionsListeners: readonly Listener[] = [
  reaction(invoicePaid, async (context, transaction, { kind, reference }) => {
    if (kind === 'package') await activatePackage(context, transaction, reference);
  }),
  reaction(invoiceVoided, async (context, transaction, { kind, reference }) => {
    if (kind === 'package') await cancelPackage(context, transaction, reference);
  }),
];
