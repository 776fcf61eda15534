import type { Job } from '../jobs/index.ts';
import { findNextCommissionDue } from './commissions-store.ts';
import { judgeCommissions } from './operations/judge-commissions.ts';
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
  {
    name: 'growth.judge_commissions',
    cron: '* * * * *',
    async run(context) {
      await judgeCommissions(context);
    },
    nextDue: ({ database, clocks }) => findNextCommissionDue(database, clocks.business()),
  },
];
