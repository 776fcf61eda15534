import { z } from 'zod';
import type { Job } from '../jobs/index.ts';
import { collectInvoice } from './operations/collect-invoice.ts';
import { judgeOverdueInvoices } from './operations/judge-overdue-invoices.ts';
import { askJobName } from './operations/manual-invoices.ts';
import { refillWallets } from './operations/refill-wallet.ts';
import { findNextTermEnd } from './store.ts';

const About = z.object({ invoiceId: z.string() });

export const invoicingJobs: Job[] = [
  {
    name: 'invoicing.judge_overdue_invoices',
    cron: '5 * * * *',
    async run(context) {
      await judgeOverdueInvoices(context);
    },
    nextDue: ({ database, clocks }) => findNextTermEnd(database, clocks.business()),
  },
  {
    name: 'invoicing.refill_wallets',
    cron: '* * * * *',
    async run(context) {
      await refillWallets(context);
    },
  },
  {
    name: askJobName,
    async run(context, payload) {
      const { invoiceId } = About.parse(payload);
      await collectInvoice(context, { invoiceId, mayUseWallet: false });
    },
  },
];
