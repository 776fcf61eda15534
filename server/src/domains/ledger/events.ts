/** What the ledger hears of: a new organization gets its funds, and keeps them in the zone of its days. */
import { type Listener, reaction } from '../../platform/events.ts';
import { organizationCreated, organizationTimeZoneChanged } from '../identity/index.ts';
import { openFunds } from './operations/open-funds.ts';
import { updateTimeZone } from './store.ts';

export const ledgerListeners: readonly Listener[] = [
  reaction(organizationCreated, (context, transaction, { organizationId, timeZone }) =>
    openFunds(context, transaction, organizationId, timeZone),
  ),
  reaction(organizationTimeZoneChanged, (context, transaction, { organizationId, timeZone }) =>
    updateTimeZone(transaction, organizationId, timeZone, context.clocks.business()),
  ),
];
