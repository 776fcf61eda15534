import type { Job } from '../jobs/index.ts';
import { judgeReferrals } from './operations/judge-referrals.ts';
import { findNextDue } from './signals-store.ts';

export const growthJobs: readonly Job[] = [
  {
    name: 'growth.judge_referrals',
    cron: '* * * * *',
    async run(context) {
      await judgeReferrals(context);
    },
    nextDue: ({ database, clocks }) => findNextDue(database, clocks.business()),
  },
];
