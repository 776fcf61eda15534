/** Background work of access. */
import type { Job } from '../jobs/index.ts';
import { forgetClosedRequests } from './operations/forget-closed-requests.ts';
import { forgetRequests } from './operations/forget-requests.ts';
import { sweepHolds } from './operations/sweep-holds.ts';
import { watchLedger } from './operations/watch-ledger.ts';

export const accessJobs: readonly Job[] = [
  {
    name: 'access.sweep_holds',
    cron: '* * * * *',
    async run(context) {
      await sweepHolds(context);
    },
  },
  { name: 'access.watch_ledger', cron: '37 * * * *', afterMove: 'never', run: watchLedger },
  {
    name: 'access.forget_closed_requests',
    cron: '23 * * * *',
    afterMove: 'never',
    run: forgetClosedRequests,
  },
  { name: 'access.forget_requests', cron: '29 3 * * *', afterMove: 'once', run: forgetRequests },
];
