/** What of invoices, payments and settings subscriptions answer, in their own transaction. */
import { type Listener, reaction } from '../../platform/events.ts';
import { organizationClosing } from '../identity/index.ts';
import {
  invoiceOverdue,
  invoicePaid,
  invoiceVoided,
  invoiceWrittenOff,
} from '../invoicing/index.ts';
import { paymentMethodKept } from '../payments/index.ts';
import { dunningStepsChanged } from '../settings/index.ts';
import { toDunningSteps } from './core/dunning.ts';
import { activatePackage } from './operations/activate-package.ts';
import { cancelPackage } from './operations/cancel-package.ts';
import {
  hearOverdue,
  hearPaid,
  hearVoided,
  hearWrittenOff,
} from './operations/hear-of-invoices.ts';
import { reconsiderDunning } from './operations/reconsider-dunning.ts';
import { refuseClosing } from './operations/refuse-closing.ts';
import { renewByMethod } from './operations/renew-by-method.ts';

export const subscriptionsListeners: readonly Listener[] = [
  reaction(organizationClosing, refuseClosing),
  reaction(invoicePaid, async (context, transaction, invoice) => {
    if (invoice.kind === 'package') await activatePackage(context, transaction, invoice.reference);
    if (invoice.kind === 'subscription') await hearPaid(context, transaction, invoice);
  }),
  reaction(invoiceVoided, async (context, transaction, invoice) => {
    if (invoice.kind === 'package') await cancelPackage(context, transaction, invoice.reference);
    if (invoice.kind === 'subscription') await hearVoided(context, transaction, invoice);
  }),
  reaction(invoiceOverdue, async (context, transaction, invoice) => {
    if (invoice.kind === 'subscription') await hearOverdue(context, transaction, invoice);
  }),
  reaction(invoiceWrittenOff, async (context, transaction, invoice) => {
    if (invoice.kind === 'subscription') await hearWrittenOff(context, transaction, invoice);
  }),
  reaction(paymentMethodKept, renewByMethod),
  reaction(dunningStepsChanged, (context, transaction, { before, after }) =>
    reconsiderDunning(context, transaction, {
      before: toDunningSteps(before),
      after: toDunningSteps(after),
    }),
  ),
];
