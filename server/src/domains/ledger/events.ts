/** What the ledger hears of: a new organization gets its funds. */
import { defineEvent, type Listener, reaction } from '../../platform/events.ts';
import { openFunds } from './operations/open-funds.ts';

const organizationCreated = defineEvent<{ organizationId: string; timeZone: string }>(
  'organization.created',
);

export const ledgerListeners: readonly Listener[] = [
  reaction(organizationCreated, (context, transaction, { organizationId }) =>
    openFunds(context, transaction, organizationId),
  ),
];
