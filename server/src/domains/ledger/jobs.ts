/** Background work of the ledger. */
import type { Job } from '../jobs/index.ts';
import { findNextPeriodEnd } from './grants-store.ts';
import { turnGrants } from './operations/turn-grants.ts';

export const ledgerJobs: readonly Job[] = [
  {
    name: 'ledger.turn_grants',
    cron: '* * * * *',
    async run(context) {
      await turnGrants(context);
    },
    nextDue: ({ database, clocks }) => findNextPeriodEnd(database, clocks.business()),
  },
];
