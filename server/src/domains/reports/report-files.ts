/** Reports as tables for a spreadsheet: one line for each point or row, each currency by itself. */
import type { AnswerOf } from '@sluice/contract/endpoint';
import type * as recurring from '@sluice/contract/reports-recurring';
import type * as revenue from '@sluice/contract/reports-revenue';
import type * as usage from '@sluice/contract/reports-usage';
import { writeCsv } from '../../platform/csv.ts';
import { dayOf } from '../../platform/time.ts';

type Cell = string | number | null;
type Line = Record<string, Cell>;

interface Head {
  from: string;
  to: string;
  time_zone: string;
}

/** Columns are the fields of the first line: all have the same. */
export function reportFile(name: string, { from, to, time_zone: zone }: Head, lines: Line[]) {
  const columns = Object.keys(lines[0] ?? { from: null, to: null });
  const last = new Date(Date.parse(to) - 1);
  return {
    name: `${name}-${dayOf(new Date(from), zone)}-${dayOf(last, zone)}.csv`,
    bytes: writeCsv(
      columns,
      lines.map((line) => columns.map((column) => line[column] ?? null)),
    ),
    contentType: 'text/csv; charset=utf-8',
  };
}

export function revenueLines(report: AnswerOf<typeof revenue.getRevenueReport>): Line[] {
  return report.currencies.flatMap(({ currency, points }) =>
    points.map(({ from, to, by_kind: kinds, ...figures }) => ({
      ...{ from, to, currency },
      ...figures,
      ...prefixed('recognized_', kinds),
    })),
  );
}

export function mrrLines(report: AnswerOf<typeof recurring.getMrrReport>): Line[] {
  return report.currencies.flatMap(({ currency, points }) =>
    points.map(({ from, to, customers, ...figures }) => ({
      ...{ from, to, currency },
      ...figures,
      ...prefixed('customers_', customers),
    })),
  );
}

/** Cohorts, a line for each and month. */
export function churnLines(report: AnswerOf<typeof recurring.getChurnReport>): Line[] {
  return report.currencies.flatMap(({ currency, cohorts }) =>
    cohorts.flatMap(({ month, months }) =>
      months.map((standing) => ({ cohort: month, currency, ...standing })),
    ),
  );
}

export function usageLines(report: AnswerOf<typeof usage.getUsageReport>): Line[] {
  return report.points.map(({ from, to, ...figures }) => ({
    ...{ from, to, currency: report.currency },
    ...figures,
  }));
}

export function marginLines(report: AnswerOf<typeof usage.getMarginReport>): Line[] {
  return report.currencies.flatMap(({ currency, rows, others }) => [
    ...rows.map(({ key, name, ...figures }) => ({ [report.by]: key, name, currency, ...figures })),
    ...(others ? [othersLine(report.by, currency, others)] : []),
  ]);
}

function othersLine(by: string, currency: string, { rows, ...figures }: Line & { rows: number }) {
  return { [by]: '', name: `others (${rows})`, currency, ...figures };
}

export function badDebtLines(report: AnswerOf<typeof revenue.getBadDebtReport>): Line[] {
  return report.debtors.map((debtor) => ({
    ...debtor,
    reasons:
      report.warnings
        .find(({ organization }) => organization === debtor.organization)
        ?.reasons.join(' ') ?? '',
  }));
}

export function paymentsLines(report: AnswerOf<typeof revenue.getPaymentsReport>): Line[] {
  return report.providers.flatMap(({ provider, points }) =>
    points.map(({ from, to, ...outcomes }) => ({ from, to, provider, ...outcomes })),
  );
}

function prefixed(prefix: string, figures: Line): Line {
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [prefix + name, figure]),
  );
}
