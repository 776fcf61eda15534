import type { Job } from '../jobs/index.ts';
import { voidOverdueInvoices } from './operations/void-overdue-invoices.ts';

export const invoicingJobs: Job[] = [
  {
    name: 'invoicing.void_overdue_invoices',
    cron: '5 * * * *',
    async run(context) {
      await voidOverdueInvoices(context);
    },
  },
];
