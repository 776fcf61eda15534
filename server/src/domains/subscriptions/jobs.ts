import type { Job } from '../jobs/index.ts';
import { lapsePackages } from './operations/lapse-packages.ts';
import { recognizeRevenue } from './operations/recognize-revenue.ts';
import { findNextPackageEnd } from './store.ts';

export const subscriptionsJobs: Job[] = [
  {
    name: 'subscriptions.lapse_packages',
    cron: '0 * * * *',
    async run(context) {
      await lapsePackages(context);
    },
    nextDue: ({ database, clocks }) => findNextPackageEnd(database, clocks.business()),
  },
  {
    name: 'subscriptions.recognize_revenue',
    cron: '10 * * * *',
    async run(context) {
      await recognizeRevenue(context);
    },
  },
];
