import type { Job } from '../jobs/index.ts';
import { watchAllowances } from './operations/watch-allowances.ts';

export const entitlementsJobs: readonly Job[] = [
  {
    name: 'entitlements.watch_allowances',
    cron: '*/5 * * * *',
    async run(context) {
      await watchAllowances(context);
    },
  },
];
