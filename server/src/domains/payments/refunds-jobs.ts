import type { Job } from '../jobs/index.ts';
import { pollDisputes } from './operations/poll-disputes.ts';
import { pollRefunds } from './operations/send-refund.ts';

/** Asks about what went back, or is disputed, until its end is known. */
export const refundsJobs: Job[] = [
  {
    name: 'payments.poll_refunds',
    cron: '* * * * *',
    async run(context) {
      await pollRefunds(context);
    },
  },
  {
    name: 'payments.poll_disputes',
    cron: '*/10 * * * *',
    async run(context) {
      await pollDisputes(context);
    },
  },
];
