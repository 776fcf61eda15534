/** Who leaves, and how many of each month's new customers stay. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Course } from './Course.tsx';
import { Definitions } from './Definitions.tsx';
import { ReportBody, useShare } from './ReportBody.tsx';
import { ReportFrame, reportQuery } from './ReportFrame.tsx';

const route = getRouteApi('/console/admin/reports/churn');

type OfCurrency = Answer<'getChurnReport'>['currencies'][number];
type Cohort = OfCurrency['cohorts'][number];

export function ChurnPage() {
  const search = route.useSearch();
  const { from, to } = reportQuery(search);
  const query = { ...(from && { from }), ...(to && { to }) };
  const report = useQuery({
    ...reading('getChurnReport', { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <ReportFrame report="churn" search={search} query={query} of={report.data}>
      <ReportBody report={report} isEmpty={(found) => found.currencies.length === 0}>
        {(found) =>
          found.currencies.map((of) => <CurrencyPanels key={of.currency} of={of} query={query} />)
        }
      </ReportBody>
    </ReportFrame>
  );
}

interface CurrencyProps {
  of: OfCurrency;
  query: { from?: string; to?: string };
}

function CurrencyPanels({ of, query }: CurrencyProps) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const amount = useAmountText();
  const share = useShare();
  const { currency } = of;
  return (
    <>
      <Course
        title={t('inCurrency', { title: t('figures.churn'), currency })}
        note={
          <Link to={paths.consoleMrr} search={{ ...query, kind: 'churn' }}>
            {t('rowsBehind')}
          </Link>
        }
        interval="month"
        points={of.points}
        measures={[
          {
            figure: 'customerChurn',
            series: 'second',
            height: (point) => (point.customer_churn ?? 0) * 100,
            text: (point) => share(point.customer_churn),
          },
          {
            figure: 'revenueChurn',
            series: 'first',
            height: (point) => (point.revenue_churn ?? 0) * 100,
            text: (point) => share(point.revenue_churn),
          },
          {
            figure: 'customers',
            height: ({ customers }) => customers,
            text: ({ customers }) => format.number(customers),
          },
          {
            figure: 'lost',
            height: ({ lost }) => Number(lost),
            text: ({ lost }) => amount(lost, currency),
          },
          {
            figure: 'netRetention',
            height: (point) => (point.net_retention ?? 0) * 100,
            text: (point) => share(point.net_retention),
          },
        ]}
      />
      <CohortsPanel of={of} />
    </>
  );
}

type Measure = 'customers' | 'revenue';

function CohortsPanel({ of: { currency, cohorts } }: { of: OfCurrency }) {
  const t = useTranslations('console.reports');
  const [measure, setMeasure] = useState<Measure>('customers');
  if (cohorts.length === 0) return null;
  const longest = Math.max(...cohorts.map(({ months }) => months.length));
  return (
    <Panel
      title={t('inCurrency', { title: t('cohorts'), currency })}
      note={t('cohortsNote')}
      actions={
        <>
          <Segmented<Measure>
            size="small"
            aria-label={t('cohorts')}
            value={measure}
            onChange={setMeasure}
            options={(['customers', 'revenue'] as const).map((value) => ({
              value,
              label: t(`cohortOf.${value}`),
            }))}
          />
          <Definitions of={['cohort', 'retention']} />
        </>
      }
    >
      <div className="cohorts">
        <table aria-label={t('cohorts')}>
          <thead>
            <tr>
              <th scope="col">{t('figures.cohort')}</th>
              <th scope="col">{t(`cohortOf.${measure}`)}</th>
              {Array.from({ length: longest }, (_, count) => (
                <th key={`+${String(count)}`} scope="col">
                  {t('monthsLater', { count: String(count) })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.map((cohort) => (
              <CohortRow key={cohort.month} {...{ cohort, currency, measure }} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface CohortRowProps {
  cohort: Cohort;
  currency: string;
  measure: Measure;
}

function CohortRow({ cohort, currency, measure }: CohortRowProps) {
  const format = useFormatter();
  const amount = useAmountText();
  const share = useShare();
  const isOfCustomers = measure === 'customers';
  return (
    <tr>
      <th scope="row">{cohort.month}</th>
      <td>{isOfCustomers ? format.number(cohort.customers) : amount(cohort.mrr, currency)}</td>
      {cohort.months.map(({ after, customers, mrr, ...retention }) => {
        const part = isOfCustomers ? retention.customer_retention : retention.revenue_retention;
        return (
          <td
            key={after}
            title={isOfCustomers ? format.number(customers) : amount(mrr, currency)}
            style={{ '--kept': String(Math.min(Math.max(part ?? 0, 0), 1)) } as never}
          >
            {share(part)}
          </td>
        );
      })}
    </tr>
  );
}
