import type { Job } from '../jobs/index.ts';
import { watchUsage } from './operations/watch-usage.ts';

export const alertsJobs: readonly Job[] = [
  {
    name: 'alerts.watch_usage',
    cron: '12 * * * *',
    async run(context) {
      await watchUsage(context);
    },
  },
];
