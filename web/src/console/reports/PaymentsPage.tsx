/** How payments end, provider by provider. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Course, type Measure } from './Course.tsx';
import { Definitions } from './Definitions.tsx';
import { ReportBody, useShare } from './ReportBody.tsx';
import { ReportFrame, reportQuery } from './ReportFrame.tsx';
import { useReportDays } from './report-days.ts';

const route = getRouteApi('/console/admin/reports/payments');

type Report = Answer<'getPaymentsReport'>;
type Point = Report['points'][number];
type Provider = Report['providers'][number];
type Decline = Report['declines'][number];

const outcomes = ['succeeded', 'failed', 'canceled', 'unknown', 'pending'] as const;

export function PaymentsPage() {
  const search = route.useSearch();
  const query = reportQuery(search);
  const report = useQuery({
    ...reading('getPaymentsReport', { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <ReportFrame report="payments" search={search} query={query} of={report.data} hasDays>
      <ReportBody report={report} isEmpty={({ total }) => total.begun === 0}>
        {(found) => (
          <>
            <TotalPanel total={found.total} />
            <CoursePanel report={found} />
            <div className="columns">
              <ProvidersPanel providers={found.providers} />
              <DeclinesPanel declines={found.declines} />
            </div>
          </>
        )}
      </ReportBody>
    </ReportFrame>
  );
}

function TotalPanel({ total }: { total: Report['total'] }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const share = useShare();
  const days = useReportDays();
  return (
    <Panel title={t('total')} actions={<Definitions of={['successRate', 'begun', ...outcomes]} />}>
      <Facts
        as="figures"
        items={[
          { label: t('figures.successRate'), value: share(total.success_rate) },
          { label: t('figures.begun'), value: format.number(total.begun) },
          ...outcomes.map((outcome) => ({
            label: t(`figures.${outcome}`),
            value: (
              <Link
                to={paths.consolePayments}
                search={{ status: outcome, provider: 'collected', ...days }}
              >
                {format.number(total[outcome])}
              </Link>
            ),
          })),
        ]}
      />
    </Panel>
  );
}

function CoursePanel({ report }: { report: Report }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const share = useShare();
  const count = (figure: 'begun' | (typeof outcomes)[number]): Measure<Point> => ({
    ...{ figure, isCount: true },
    ...(figure === 'begun' && { series: 'second' }),
    height: (point) => point[figure],
    text: (point) => format.number(point[figure]),
  });
  return (
    <Course
      title={t('course')}
      interval={report.interval}
      points={report.points}
      measures={[
        {
          figure: 'successRate',
          series: 'first',
          height: (point) => (point.success_rate ?? 0) * 100,
          text: (point) => share(point.success_rate),
        },
        count('begun'),
        ...outcomes.map(count),
      ]}
    />
  );
}

function ProvidersPanel({ providers }: { providers: Provider[] }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const share = useShare();
  const days = useReportDays();
  const count = (figure: 'begun' | 'succeeded' | 'failed'): Column<Provider> => ({
    title: t(`figures.${figure}`),
    align: 'end',
    cell: ({ total }) => format.number(total[figure]),
  });
  return (
    <Panel title={t('outcomes')} actions={<Definitions of={['successRate']} />}>
      <DataTable
        label={t('outcomes')}
        list={settledList(providers)}
        columns={[
          {
            title: t('provider'),
            cell: ({ provider }) => (
              <Link to={paths.consolePayments} search={{ provider, ...days }}>
                {provider}
              </Link>
            ),
          },
          count('begun'),
          count('succeeded'),
          count('failed'),
          {
            title: t('figures.successRate'),
            align: 'end',
            cell: ({ total }) => share(total.success_rate),
          },
        ]}
        rowKey={({ provider }) => provider}
        renderError={() => null}
        empty="–"
      />
    </Panel>
  );
}

function DeclinesPanel({ declines }: { declines: Decline[] }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const days = useReportDays();
  const columns: Column<Decline>[] = [
    {
      title: t('reasons'),
      cell: ({ reason }) => (reason === null ? t('noReason') : <code>{reason}</code>),
    },
    { title: t('provider'), cell: ({ provider }) => provider },
    {
      title: t('figures.failed'),
      align: 'end',
      cell: ({ payments, provider }) => (
        <Link to={paths.consolePayments} search={{ status: 'failed', provider, ...days }}>
          {format.number(payments)}
        </Link>
      ),
    },
  ];
  return (
    <Panel title={t('declines')} actions={<Definitions of={['failed']} />}>
      <DataTable
        label={t('declines')}
        list={settledList(declines)}
        columns={columns}
        rowKey={({ provider, reason }) => `${provider} ${reason}`}
        renderError={() => null}
        empty={t('declinesNone')}
      />
    </Panel>
  );
}
