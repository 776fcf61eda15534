import type { Job } from '../jobs/index.ts';
import { judgeOverdueInvoices } from './operations/judge-overdue-invoices.ts';
import { findNextTermEnd } from './store.ts';

export const invoicingJobs: Job[] = [
  {
    name: 'invoicing.judge_overdue_invoices',
    cron: '5 * * * *',
    async run(context) {
      await judgeOverdueInvoices(context);
    },
    nextDue: ({ database, clocks }) => findNextTermEnd(database, clocks.business()),
  },
];
