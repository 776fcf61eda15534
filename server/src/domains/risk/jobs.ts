import type { Job } from '../jobs/index.ts';
import { judgeRisks } from './operations/judge-risks.ts';
import { reviewScored } from './operations/review-scored.ts';
import { watchUsage } from './operations/watch-usage.ts';
import { deleteOldSignals } from './signals-store.ts';

/** No window of a rule is longer. */
const keptMs = 400 * 86_400_000;

export const riskJobs: readonly Job[] = [
  {
    name: 'risk.watch_usage',
    cron: '17 * * * *',
    async run(context) {
      await watchUsage(context);
    },
  },
  {
    name: 'risk.review',
    cron: '40 2 * * *',
    async run(context) {
      await reviewScored(context);
      const before = new Date(context.clocks.business().getTime() - keptMs);
      await deleteOldSignals(context.database, before);
    },
  },
  {
    name: 'risk.judge',
    cron: '* * * * *',
    async run(context) {
      await judgeRisks(context);
    },
  },
];
