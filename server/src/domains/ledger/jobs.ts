/** Background work of the ledger. */
import type { Job } from '../jobs/index.ts';
import { findNextPeriodEnd } from './grants-store.ts';
import { keepSums } from './operations/keep-sums.ts';
import { turnGrants } from './operations/turn-grants.ts';
import { watchWallets } from './operations/watch-wallets.ts';
import { deleteOldAllowanceMarks } from './watched-store.ts';

/** A day's allowance is over long before. */
const marksKeptMs = 40 * 86_400_000;

export const ledgerJobs: readonly Job[] = [
  {
    name: 'ledger.turn_grants',
    cron: '* * * * *',
    async run(context) {
      await turnGrants(context);
    },
    nextDue: ({ database, clocks }) => findNextPeriodEnd(database, clocks.business()),
  },
  {
    name: 'ledger.watch_wallets',
    cron: '*/5 * * * *',
    async run(context) {
      await watchWallets(context);
    },
  },
  {
    name: 'ledger.remove_allowance_marks',
    cron: '27 3 * * *',
    afterMove: 'once',
    run: ({ database, clocks }) =>
      deleteOldAllowanceMarks(database, new Date(clocks.business().getTime() - marksKeptMs)),
  },
  {
    name: 'ledger.keep_sums',
    cron: '17 * * * *',
    afterMove: 'once',
    async run(context) {
      await keepSums(context);
    },
  },
];
