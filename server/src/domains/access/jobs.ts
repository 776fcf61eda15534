/** Background work of access. */
import type { Job } from '../jobs/index.ts';
import { forgetClosedRequests } from './operations/forget-closed-requests.ts';
import { sweepHolds } from './operations/sweep-holds.ts';

export const accessJobs: readonly Job[] = [
  {
    name: 'access.sweep_holds',
    cron: '* * * * *',
    async run(context) {
      await sweepHolds(context);
    },
  },
  { name: 'access.forget_closed_requests', cron: '23 * * * *', run: forgetClosedRequests },
];
