import type { Job } from '../jobs/index.ts';
import { countWorth } from './operations/count-worth.ts';
import { expireQuotes } from './operations/expire-quotes.ts';
import { invoiceUsage } from './operations/invoice-usage.ts';
import { lapsePackages } from './operations/lapse-packages.ts';
import { recognizeRevenue } from './operations/recognize-revenue.ts';
import { recognizeSubscriptions } from './operations/recognize-subscriptions.ts';
import { runBilling } from './operations/run-billing.ts';
import { nextEnding, tellOfEndings } from './operations/tell-of-endings.ts';
import { findNextQuoteEnd } from './quotes-store.ts';
import { findNextPackageEnd } from './store.ts';
import { findNextDue } from './subscriptions-store.ts';

export const subscriptionsJobs: Job[] = [
  {
    name: 'subscriptions.run_billing',
    cron: '* * * * *',
    async run(context) {
      await runBilling(context);
    },
    nextDue: ({ database, clocks }) => findNextDue(database, clocks.business()),
  },
  {
    name: 'subscriptions.invoice_usage',
    cron: '*/10 * * * *',
    async run(context) {
      await invoiceUsage(context);
    },
  },
  {
    name: 'subscriptions.lapse_packages',
    cron: '0 * * * *',
    async run(context) {
      await lapsePackages(context);
    },
    nextDue: ({ database, clocks }) => findNextPackageEnd(database, clocks.business()),
  },
  {
    name: 'subscriptions.tell_of_endings',
    cron: '*/10 * * * *',
    async run(context) {
      await tellOfEndings(context);
    },
    nextDue: nextEnding,
  },
  {
    name: 'subscriptions.expire_quotes',
    cron: '*/10 * * * *',
    async run(context) {
      await expireQuotes(context);
    },
    nextDue: ({ database, clocks }) => findNextQuoteEnd(database, clocks.business()),
  },
  {
    name: 'subscriptions.recognize_revenue',
    cron: '10 * * * *',
    async run(context) {
      await recognizeRevenue(context);
      await recognizeSubscriptions(context);
    },
  },
  {
    name: 'subscriptions.count_worth',
    cron: '37 3 * * *',
    async run(context) {
      await countWorth(context);
    },
  },
];
