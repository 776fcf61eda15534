/** What is overdue, what was given up, and who is likely to be next. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { Course, type Measure } from './Course.tsx';
import { Definitions } from './Definitions.tsx';
import { ReportBody, useShare } from './ReportBody.tsx';
import { ReportFrame, reportQuery } from './ReportFrame.tsx';

const route = getRouteApi('/console/admin/reports/bad-debt');

type Report = Answer<'getBadDebtReport'>;
type OfCurrency = Report['currencies'][number];
type Age = OfCurrency['ages'][number];
type Point = OfCurrency['points'][number];

export function BadDebtPage() {
  const search = route.useSearch();
  const { from, to } = reportQuery(search);
  const query = { ...(from && { from }), ...(to && { to }) };
  const report = useQuery({
    ...reading('getBadDebtReport', { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <ReportFrame report="badDebt" search={search} query={query} of={report.data}>
      <ReportBody report={report}>
        {(found) => (
          <>
            {found.currencies.map((of) => (
              <CurrencyPanels key={of.currency} of={of} />
            ))}
            <WarningsPanel warnings={found.warnings} />
            <DebtorsPanel debtors={found.debtors} />
          </>
        )}
      </ReportBody>
    </ReportFrame>
  );
}

function CurrencyPanels({ of }: { of: OfCurrency }) {
  const t = useTranslations('console.reports');
  const amount = useAmountText();
  const share = useShare();
  const { currency } = of;
  const measure = (figure: 'writtenOff' | 'recovered', of: keyof Point): Measure<Point> => ({
    ...{ figure, series: figure === 'writtenOff' ? 'first' : 'third' },
    height: (point) => Number(point[of]),
    text: (point) => amount(point[of], currency),
  });
  return (
    <>
      <Panel
        title={t('inCurrency', { title: t('ages'), currency })}
        actions={<Definitions of={['overdue', 'lossRate', 'writtenOff', 'recovered']} />}
      >
        <Facts
          as="figures"
          items={[
            {
              label: t('figures.overdue'),
              value: (
                <Link to={paths.consoleInvoices} search={{ status: 'overdue' }}>
                  <Amount value={of.overdue} currency={currency} />
                </Link>
              ),
            },
            {
              label: t('figures.writtenOff'),
              value: (
                <Link to={paths.consoleInvoices} search={{ status: 'uncollectible' }}>
                  <Amount value={of.written_off} currency={currency} />
                </Link>
              ),
            },
            { label: t('figures.lossRate'), value: share(of.loss_rate) },
          ]}
        />
        <AgesTable ages={of.ages} currency={currency} />
      </Panel>
      <Course
        title={t('inCurrency', { title: t('losses'), currency })}
        interval="month"
        points={of.points}
        measures={[measure('writtenOff', 'written_off'), measure('recovered', 'recovered')]}
      />
    </>
  );
}

function AgesTable({ ages, currency }: { ages: Age[]; currency: string }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const columns: Column<Age>[] = [
    {
      title: t('age'),
      cell: ({ from_days: from, to_days: to }) =>
        to === null
          ? t('ageOpen', { from: String(from) })
          : t('ageRange', { from: String(from), to: String(to) }),
    },
    { title: t('invoices'), align: 'end', cell: ({ invoices }) => format.number(invoices) },
    { title: t('customersCount'), align: 'end', cell: ({ customers }) => format.number(customers) },
    {
      title: t('amount'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={currency} />,
    },
  ];
  return (
    <DataTable
      label={t('ages')}
      list={settledList(ages)}
      columns={columns}
      rowKey={({ from_days: from }) => String(from)}
      renderError={() => null}
      empty={null}
    />
  );
}

type Warning = Report['warnings'][number];

function WarningsPanel({ warnings }: { warnings: Warning[] }) {
  const t = useTranslations('console.reports');
  const columns: Column<Warning>[] = [
    { title: t('customer'), cell: (row) => <CustomerLink row={row} /> },
    {
      title: t('reasons'),
      cell: ({ reasons }) => reasons.map((reason) => t(`reason.${reason}`)).join(', '),
    },
    { title: t('renews'), cell: ({ renews_at: at }) => (at ? <When at={at} show="day" /> : '–') },
    {
      title: t('figures.atRisk'),
      align: 'end',
      cell: (row) => <Amount value={row.at_risk} currency={row.currency} />,
    },
  ];
  return (
    <Panel title={t('warnings')} note={t('warningsNote')} actions={<Definitions of={['atRisk']} />}>
      <DataTable
        label={t('warnings')}
        list={settledList(warnings)}
        columns={columns}
        rowKey={({ organization, currency }) => `${organization} ${currency}`}
        renderError={() => null}
        empty={t('warningsNone')}
      />
    </Panel>
  );
}

type Debtor = Report['debtors'][number];

function DebtorsPanel({ debtors }: { debtors: Debtor[] }) {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const columns: Column<Debtor>[] = [
    { title: t('customer'), cell: (row) => <CustomerLink row={row} /> },
    {
      title: t('invoices'),
      align: 'end',
      cell: ({ organization, invoices }) => (
        <Link to={paths.consoleInvoices} search={{ organization, status: 'overdue' }}>
          {format.number(invoices)}
        </Link>
      ),
    },
    { title: t('oldest'), cell: ({ days }) => t('daysCount', { count: days }) },
    {
      title: t('figures.overdue'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
    },
  ];
  return (
    <Panel title={t('debtors')} actions={<Definitions of={['overdue']} />}>
      <DataTable
        label={t('debtors')}
        list={settledList(debtors)}
        columns={columns}
        rowKey={({ organization, currency }) => `${organization} ${currency}`}
        renderError={() => null}
        empty={t('debtorsNone')}
      />
    </Panel>
  );
}

function CustomerLink({ row }: { row: { organization: string; name: string } }) {
  return (
    <Link to={paths.consoleOrganization} params={{ id: row.organization }}>
      {row.name}
    </Link>
  );
}
