import type { Job } from '../jobs/index.ts';
import { removeNotificationsBefore } from './inbox-store.ts';
import { pollAttempts } from './operations/poll-attempts.ts';

const notificationsKeptMs = 180 * 86_400_000;

export const paymentsJobs: Job[] = [
  {
    name: 'payments.poll_attempts',
    cron: '* * * * *',
    async run(context) {
      await pollAttempts(context);
    },
  },
  {
    name: 'payments.remove_notifications',
    cron: '17 3 * * *',
    async run(context) {
      const before = new Date(context.clocks.wall().getTime() - notificationsKeptMs);
      await removeNotificationsBefore(context.database, before);
    },
  },
];
