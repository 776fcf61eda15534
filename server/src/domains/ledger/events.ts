/** What the ledger hears of: a new organization gets its funds. */
import { type Listener, reaction } from '../../platform/events.ts';
import { organizationCreated } from '../identity/index.ts';
import { openFunds } from './operations/open-funds.ts';

export const ledgerListeners: readonly Listener[] = [
  reaction(organizationCreated, (context, transaction, { organizationId }) =>
    openFunds(context, transaction, organizationId),
  ),
];
