import type { Job } from '../jobs/index.ts';
import { removeNotifications } from './inbox-store.ts';
import { checkMethods } from './operations/check-methods.ts';
import { pollAttempts } from './operations/poll-attempts.ts';
import { pollSetups } from './operations/poll-setups.ts';
import { reconcileDays } from './operations/reconcile-days.ts';
import { retryRemovals } from './operations/remove-method.ts';
import { retryNotifications } from './operations/retry-notifications.ts';
import { refundsJobs } from './refunds-jobs.ts';

const dayMs = 86_400_000;
const understoodKeptMs = 180 * dayMs;
const refusedKeptMs = 14 * dayMs;

export const paymentsJobs: Job[] = [
  {
    name: 'payments.poll_attempts',
    cron: '* * * * *',
    async run(context) {
      await pollAttempts(context);
    },
  },
  {
    name: 'payments.poll_methods',
    cron: '* * * * *',
    async run(context) {
      await pollSetups(context);
      await retryRemovals(context);
    },
  },
  {
    name: 'payments.check_methods',
    cron: '*/10 * * * *',
    async run(context) {
      await checkMethods(context);
    },
  },
  {
    name: 'payments.retry_notifications',
    cron: '* * * * *',
    async run(context) {
      await retryNotifications(context);
    },
  },
  ...refundsJobs,
  {
    name: 'payments.reconcile',
    cron: '*/10 * * * *',
    async run(context) {
      await reconcileDays(context);
    },
  },
  {
    name: 'payments.remove_notifications',
    cron: '17 3 * * *',
    afterMove: 'never',
    async run(context) {
      const wall = context.clocks.wall().getTime();
      await removeNotifications(context.database, {
        understood: new Date(wall - understoodKeptMs),
        refused: new Date(wall - refusedKeptMs),
      });
    },
  },
];
