/** The door of reports: views over several domains, for reading only. */
export { registerReports } from './http.ts';
export { listMrrMovements } from './operations/list-mrr-movements.ts';
export { readBadDebtReport } from './operations/read-bad-debt-report.ts';
export { readChurnReport } from './operations/read-churn-report.ts';
export { readMarginReport } from './operations/read-margin-report.ts';
export { readMrrReport } from './operations/read-mrr-report.ts';
export { readPaymentsReport } from './operations/read-payments-report.ts';
export { readRevenueReport } from './operations/read-revenue-report.ts';
export { readUsageReport } from './operations/read-usage-report.ts';
