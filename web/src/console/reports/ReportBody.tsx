import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { Failure } from '../../features/errors/Failure.tsx';
import { useAmountText } from '../../ui/Amount.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';

interface ReportBodyProps<Report> {
  report: UseQueryResult<Report>;
  isEmpty?: (report: Report) => boolean;
  children: (report: Report) => ReactNode;
}

/** A report once it is here; before that, that it comes, or why it does not. */
export function ReportBody<Report>({ report, isEmpty, children }: ReportBodyProps<Report>) {
  const t = useTranslations('console.reports');
  if (report.error && !report.data) {
    return <Failure error={report.error} onRetry={() => void report.refetch()} />;
  }
  if (!report.data) return <Loading rows={10} />;
  if (!isEmpty?.(report.data)) return children(report.data);
  return (
    <Panel>
      <EmptyState title={t('empty')}>{t('emptyNote')}</EmptyState>
    </Panel>
  );
}

export function useShare(): (share: number | null) => string {
  const format = useFormatter();
  return (share) =>
    share === null ? '–' : format.number(share, { style: 'percent', maximumFractionDigits: 1 });
}

interface Forecast {
  expected: string;
  low: string;
  high: string;
  last_period: { expected: string; actual: string; error: number | null } | null;
}

/** What is expected of this month, and how far that was off a month ago. */
export function ForecastNote({ forecast, currency }: { forecast: Forecast; currency: string }) {
  const t = useTranslations('console.reports');
  const amount = useAmountText();
  const share = useShare();
  const { expected, low, high, last_period: last } = forecast;
  const text = (value: string) => amount(value, currency);
  return (
    <span className="twofold">
      <span>{t('forecast', { expected: text(expected), low: text(low), high: text(high) })}</span>
      {last && (
        <span>
          {last.error === null
            ? t('forecastBefore', { expected: text(last.expected), actual: text(last.actual) })
            : t('forecastError', {
                expected: text(last.expected),
                actual: text(last.actual),
                error: share(Math.abs(last.error)),
              })}
        </span>
      )}
    </span>
  );
}
