import * as recurring from '@sluice/contract/reports-recurring';
import * as revenue from '@sluice/contract/reports-revenue';
import * as usage from '@sluice/contract/reports-usage';
import { sendFile } from '../../platform/http/files.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { listMrrMovements } from './operations/list-mrr-movements.ts';
import { readBadDebtReport } from './operations/read-bad-debt-report.ts';
import { readChurnReport } from './operations/read-churn-report.ts';
import { readMarginReport } from './operations/read-margin-report.ts';
import { readMrrReport } from './operations/read-mrr-report.ts';
import { readPaymentsReport } from './operations/read-payments-report.ts';
import { readRevenueReport } from './operations/read-revenue-report.ts';
import { readUsageReport } from './operations/read-usage-report.ts';
import * as files from './report-files.ts';

/** Serves the operator's reports, each as figures or as a file. */
export function serveReports(routes: Routes): void {
  routes.serve(revenue.getRevenueReport, async ({ context, query, reply }) => {
    const report = await readRevenueReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('revenue', report, files.revenueLines(report)));
    }
    return report;
  });
  routes.serve(recurring.getMrrReport, async ({ context, query, reply }) => {
    const report = await readMrrReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('mrr', report, files.mrrLines(report)));
    }
    return report;
  });
  routes.serve(recurring.listMrrMovements, ({ context, query }) =>
    listMrrMovements(context, query),
  );
  routes.serve(recurring.getChurnReport, async ({ context, query, reply }) => {
    const report = await readChurnReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('churn', report, files.churnLines(report)));
    }
    return report;
  });
  routes.serve(usage.getUsageReport, async ({ context, query, reply }) => {
    const report = await readUsageReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('usage', report, files.usageLines(report)));
    }
    return report;
  });
  routes.serve(usage.getMarginReport, async ({ context, query, reply }) => {
    const report = await readMarginReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('margin', report, files.marginLines(report)));
    }
    return report;
  });
  routes.serve(revenue.getBadDebtReport, async ({ context, query, reply }) => {
    const report = await readBadDebtReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('bad-debt', report, files.badDebtLines(report)));
    }
    return report;
  });
  routes.serve(revenue.getPaymentsReport, async ({ context, query, reply }) => {
    const report = await readPaymentsReport(context, query);
    if (query.format === 'csv') {
      await sendFile(reply, files.reportFile('payments', report, files.paymentsLines(report)));
    }
    return report;
  });
}
