/** What of identity and payments speaks of risks: noted within the transaction that makes it true. */
import { type Listener, reaction } from '../../platform/events.ts';
import { personSeen, signInFailed } from '../identity/index.ts';
import {
  paymentFailed,
  paymentMethodDeclined,
  paymentSucceeded,
  paymentUnsettled,
} from '../payments/index.ts';
import { noteSignal, noteSignInFailure } from './operations/note-signal.ts';

export const riskListeners: readonly Listener[] = [
  reaction(personSeen, (context, transaction, { organizationId }) =>
    noteSignal(context, transaction, { organizationId, spreads: true }),
  ),
  reaction(signInFailed, noteSignInFailure),
  reaction(paymentSucceeded, (context, transaction, { organizationId }) =>
    noteSignal(context, transaction, { organizationId, spreads: true }),
  ),
  reaction(paymentFailed, (context, transaction, { organizationId }) =>
    noteSignal(context, transaction, { organizationId, spreads: false }),
  ),
  reaction(paymentMethodDeclined, (context, transaction, { organizationId }) =>
    noteSignal(context, transaction, { organizationId, spreads: false }),
  ),
  reaction(paymentUnsettled, (context, transaction, { organizationId }) =>
    noteSignal(context, transaction, { organizationId, spreads: false }),
  ),
];
