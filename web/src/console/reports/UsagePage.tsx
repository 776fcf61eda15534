/** What calls are worth beside what was earned, who paid for them, and where limits refused. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormatter, useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Course, type Measure } from './Course.tsx';
import { Definitions } from './Definitions.tsx';
import { ForecastNote, ReportBody, useShare } from './ReportBody.tsx';
import { ReportFrame, reportQuery } from './ReportFrame.tsx';
import { daysOf, monthsOf, useReportDays } from './report-days.ts';

const route = getRouteApi('/console/admin/reports/usage');

type Report = Answer<'getUsageReport'>;
type Point = Report['points'][number];

export function UsagePage() {
  const search = route.useSearch();
  const query = reportQuery(search);
  const report = useQuery({
    ...reading('getUsageReport', { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <ReportFrame report="usage" search={search} query={query} of={report.data} hasDays>
      <ReportBody report={report}>
        {(found) => (
          <>
            <TotalPanel report={found} />
            <CoursePanel report={found} />
            <LimitsPanel violations={found.violations} />
          </>
        )}
      </ReportBody>
    </ReportFrame>
  );
}

function TotalPanel({ report: { total, currency } }: { report: Report }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const share = useShare();
  const days = useReportDays();
  const value = (text: string) => <Amount value={text} currency={currency} />;
  return (
    <Panel
      title={t('inCurrency', { title: t('total'), currency })}
      actions={
        <Definitions
          of={[
            ...(['calls', 'value', 'recognized', 'valueToRevenue', 'byAllowance'] as const),
            ...(['byGrant', 'byWallet', 'owed'] as const),
          ]}
        />
      }
    >
      <Facts
        as="figures"
        items={[
          {
            label: t('figures.calls'),
            value: (
              <Link to={paths.consoleCalls} search={days}>
                {format.number(total.calls)}
              </Link>
            ),
          },
          {
            label: t('figures.value'),
            value: <Link to={paths.consoleUsage}>{value(total.value)}</Link>,
          },
          {
            label: t('figures.recognized'),
            value: (
              <Link to={paths.consoleRevenue} search={monthsOf(days)}>
                {value(total.recognized)}
              </Link>
            ),
          },
          { label: t('figures.valueToRevenue'), value: share(total.value_to_revenue) },
        ]}
      />
      <h3 className="soft">{t('payers')}</h3>
      <Facts
        as="figures"
        items={[
          { label: t('figures.byAllowance'), value: value(total.by_allowance) },
          { label: t('figures.byGrant'), value: value(total.by_grant) },
          { label: t('figures.byWallet'), value: value(total.by_wallet) },
          { label: t('figures.owed'), value: value(total.owed) },
        ]}
      />
    </Panel>
  );
}

function CoursePanel({ report }: { report: Report }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const amount = useAmountText();
  const { currency, forecast } = report;
  const money = (figure: 'value' | 'recognized', series: 'first' | 'third'): Measure<Point> => ({
    ...{ figure, series },
    height: (point) => Number(point[figure]),
    text: (point) => amount(point[figure], currency),
  });
  return (
    <Course
      title={t('inCurrency', { title: t('course'), currency })}
      note={forecast && <ForecastNote forecast={forecast} currency={currency} />}
      interval={report.interval}
      points={report.points}
      measures={[
        money('value', 'first'),
        money('recognized', 'third'),
        {
          figure: 'calls',
          series: 'second',
          isCount: true,
          height: ({ calls }) => calls,
          text: ({ calls }) => format.number(calls),
        },
        {
          figure: 'tokens',
          height: (point) => point.input_tokens + point.output_tokens,
          text: (point) => format.number(point.input_tokens + point.output_tokens),
        },
      ]}
    />
  );
}

type Violation = Report['violations'][number];

function LimitsPanel({ violations }: { violations: Violation[] }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const timeZone = useTimeZone() ?? 'UTC';
  const columns: Column<Violation>[] = [
    {
      title: t('month'),
      cell: ({ from }) =>
        format.dateTime(new Date(from), { year: 'numeric', month: 'short', timeZone }),
    },
    { title: t('meter'), cell: ({ meter }) => <code>{meter}</code> },
    {
      title: t('window'),
      cell: ({ window, is_hard: isHard }) =>
        `${window}, ${t(isHard ? 'hardness.hard' : 'hardness.soft')}`,
    },
    {
      title: t('figures.violations'),
      align: 'end',
      cell: ({ violations: count, ...month }) => (
        <Link to={paths.consoleQuotas} search={daysOf({ ...month, time_zone: timeZone })}>
          {format.number(count)}
        </Link>
      ),
    },
    {
      title: t('customersCount'),
      align: 'end',
      cell: ({ organizations }) => format.number(organizations),
    },
  ];
  return (
    <Panel title={t('limits')} actions={<Definitions of={['violations']} />}>
      <DataTable
        label={t('limits')}
        list={settledList(violations.toReversed())}
        columns={columns}
        rowKey={({ from, meter, window, is_hard: isHard }) =>
          `${from} ${meter} ${window} ${isHard}`
        }
        renderError={() => null}
        empty={t('limitsNone')}
      />
    </Panel>
  );
}
