/** What all reports have: their names, the months they are of, and the file. */
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { App, Button, Input, Segmented } from 'antd';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { callFile, type Request } from '../../api/call.ts';
import { useErrorText } from '../../features/errors/error-text.ts';
import { paths } from '../../paths.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { type Days, daysOf, ReportDays } from './report-days.ts';

export const reportPages = {
  revenue: paths.consoleRevenue,
  mrr: paths.consoleMrr,
  churn: paths.consoleChurn,
  usage: paths.consoleUsageReport,
  margin: paths.consoleMargin,
  badDebt: paths.consoleBadDebt,
  payments: paths.consolePaymentsReport,
} as const;
export type ReportName = keyof typeof reportPages;

const files = {
  revenue: 'getRevenueReport',
  mrr: 'getMrrReport',
  churn: 'getChurnReport',
  usage: 'getUsageReport',
  margin: 'getMarginReport',
  badDebt: 'getBadDebtReport',
  payments: 'getPaymentsReport',
} as const;

export type ReportSearch = Partial<Record<'from' | 'to' | 'interval', string>>;

interface ReportFrameProps {
  report: ReportName;
  search: ReportSearch;
  /** As the report is asked, so that its file says the same. */
  query: Record<string, string | undefined>;
  /** The time that the report is of, once it is here. */
  of: { from: string; to: string; time_zone: string } | undefined;
  /** Whether it can be shown day by day. */
  hasDays?: boolean;
  filters?: ReactNode;
  children: ReactNode;
}

export function ReportFrame({
  report,
  search,
  query,
  of,
  hasDays,
  filters,
  children,
}: ReportFrameProps) {
  const t = useTranslations('console.reports');
  const days: Days = of ? daysOf(of) : {};
  return (
    <div className="page">
      <PageHeader
        title={t(`pages.${report}`)}
        note={t(`notes.${report}`)}
        actions={<CsvButton report={report} query={query} />}
      />
      <ReportLinks search={search} />
      <div className="actions">
        <MonthInput name="from" chosen={search.from ?? monthOf(days.from)} />
        <MonthInput name="to" chosen={search.to ?? monthOf(days.to)} />
        {hasDays && <IntervalChoice search={search} />}
        {filters}
      </div>
      <ReportDays value={days}>{children}</ReportDays>
    </div>
  );
}

/** The months go along from report to report. */
function ReportLinks({ search: { from, to } }: { search: ReportSearch }) {
  const t = useTranslations('console.reports');
  return (
    <nav className="tabs" aria-label={t('nav')}>
      {(Object.keys(reportPages) as ReportName[]).map((name) => (
        <Link
          key={name}
          to={reportPages[name]}
          search={{ ...(from && { from }), ...(to && { to }) }}
          activeOptions={{ includeSearch: false }}
        >
          {t(`pages.${name}`)}
        </Link>
      ))}
    </nav>
  );
}

const monthForm = /^\d{4}-(0[1-9]|1[0-2])$/;

const monthOf = (day: string | undefined) => day?.slice(0, 7);

interface MonthInputProps {
  name: 'from' | 'to';
  chosen: string | undefined;
}

function MonthInput({ name, chosen = '' }: MonthInputProps) {
  const t = useTranslations('console.reports');
  const id = useId();
  const set = useReportChange();
  return (
    <span className="day-filter">
      <label htmlFor={id} className="soft">
        {t(name)}
      </label>
      <Input
        key={chosen}
        id={id}
        type="month"
        placeholder="2026-01"
        defaultValue={chosen}
        onChange={({ target }) => {
          if (target.value === '' || monthForm.test(target.value)) set({ [name]: target.value });
        }}
      />
    </span>
  );
}

function IntervalChoice({ search }: { search: ReportSearch }) {
  const t = useTranslations('console.reports');
  const set = useReportChange();
  return (
    <Segmented
      aria-label={t('interval')}
      value={search.interval === 'day' ? 'day' : 'month'}
      onChange={(interval) => set({ interval: interval === 'day' ? interval : '' })}
      options={(['month', 'day'] as const).map((value) => ({
        value,
        label: t(`intervals.${value}`),
      }))}
    />
  );
}

/** Changes what of the address says how the report is shown. */
export function useReportChange(): (change: Record<string, string>) => void {
  const navigate = useNavigate();
  const search = useRouterState({ select: (state) => state.location.search });
  return (change) =>
    void navigate({ to: '.', search: { ...search, ...change } as never, replace: true });
}

function CsvButton({ report, query }: Pick<ReportFrameProps, 'report' | 'query'>) {
  const t = useTranslations('console.reports');
  const { message } = App.useApp();
  const errorText = useErrorText();
  const file = useMutation({
    mutationFn: () => {
      const operation = files[report];
      const request = { query: { ...query, format: 'csv' } } as Request<typeof operation>;
      return callFile(operation, request);
    },
    onSuccess: saveFile,
    onError: (error) => void message.error(errorText(error)),
  });
  return (
    <Button loading={file.isPending} onClick={() => file.mutate()}>
      {t('csv')}
    </Button>
  );
}

/** What of the address the report is asked with. */
export function reportQuery({ from, to, interval }: ReportSearch) {
  return {
    ...(from && { from }),
    ...(to && { to }),
    ...(interval === 'day' && { interval: 'day' as const }),
  };
}
