/** What was earned and what was received. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { paths } from '../../paths.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Course, type Measure } from './Course.tsx';
import { Definitions } from './Definitions.tsx';
import { ForecastNote, ReportBody, useShare } from './ReportBody.tsx';
import { ReportFrame, reportQuery, useReportChange } from './ReportFrame.tsx';
import { useReportDays } from './report-days.ts';

const route = getRouteApi('/console/admin/reports/revenue');

type Report = Answer<'getRevenueReport'>;
type OfCurrency = Report['currencies'][number];
type Point = OfCurrency['points'][number];
type Kind = keyof Point['by_kind'];

export function RevenuePage() {
  const search = route.useSearch();
  const query = {
    ...reportQuery(search),
    ...(search.convert && { convert_to: search.convert }),
  };
  const report = useQuery({
    ...reading('getRevenueReport', { query }),
    placeholderData: keepPreviousData,
  });
  const currencies = report.data?.currencies ?? [];
  return (
    <ReportFrame
      report="revenue"
      search={search}
      query={query}
      of={report.data}
      hasDays
      filters={
        currencies.length > 1 && <ConvertChoice currencies={currencies} chosen={search.convert} />
      }
    >
      <ReportBody report={report} isEmpty={(found) => found.currencies.length === 0}>
        {(found) => (
          <>
            {found.converted && <ConvertedPanel converted={found.converted} />}
            {found.currencies.map((of) => (
              <CurrencyPanels key={of.currency} interval={found.interval} of={of} />
            ))}
          </>
        )}
      </ReportBody>
    </ReportFrame>
  );
}

interface ConvertChoiceProps {
  currencies: OfCurrency[];
  chosen: string | undefined;
}

function ConvertChoice({ currencies, chosen }: ConvertChoiceProps) {
  const t = useTranslations('console.reports');
  const set = useReportChange();
  return (
    <ChoiceFilter
      label={t('convertTo')}
      any={t('noConversion')}
      value={chosen}
      options={currencies.map(({ currency }) => ({ value: currency, label: currency }))}
      onChange={(convert) => set({ convert })}
    />
  );
}

function ConvertedPanel({ converted }: { converted: NonNullable<Report['converted']> }) {
  const t = useTranslations('console.reports');
  const { currency, rates, without_rate: missing } = converted;
  const said = rates.map((rate) => t('rate', rate)).join(', ');
  return (
    <Panel
      title={t('converted', { currency })}
      note={
        <span className="twofold">
          <span>{t('convertedNote', { rates: said })}</span>
          {missing.length > 0 && (
            <span>{t('withoutRate', { currencies: missing.join(', ') })}</span>
          )}
        </span>
      }
    >
      <Facts
        as="figures"
        items={[
          {
            label: t('figures.recognized'),
            value: <Amount value={converted.recognized} currency={currency} />,
          },
          {
            label: t('figures.cash'),
            value: <Amount value={converted.cash} currency={currency} />,
          },
        ]}
      />
    </Panel>
  );
}

interface OfProps {
  of: OfCurrency;
  interval: 'day' | 'month';
}

function CurrencyPanels({ of, interval }: OfProps) {
  const t = useTranslations('console.reports');
  const amount = useAmountText();
  const { currency } = of;
  const measure = (
    figure: 'recognized' | 'received' | 'returned' | 'disputed' | 'fees' | 'cash',
    series?: 'first' | 'second',
  ): Measure<Point> => ({
    figure,
    ...(series && { series }),
    height: (point) => Number(point[figure]),
    text: (point) => amount(point[figure], currency),
  });
  return (
    <>
      <TotalPanel of={of} />
      <Course
        title={t('inCurrency', { title: t('course'), currency })}
        note={of.forecast && <ForecastNote forecast={of.forecast} currency={currency} />}
        interval={interval}
        points={of.points}
        measures={[
          measure('recognized', 'first'),
          measure('cash', 'second'),
          measure('received'),
          measure('returned'),
          measure('disputed'),
          measure('fees'),
        ]}
      />
      <div className="columns">
        <KindsPanel of={of} />
        <ProvidersPanel of={of} />
      </div>
    </>
  );
}

function TotalPanel({ of: { currency, total, deferred, growth } }: { of: OfCurrency }) {
  const t = useTranslations('console.reports');
  const share = useShare();
  const days = useReportDays();
  const value = (text: string) => <Amount value={text} currency={currency} />;
  return (
    <Panel
      title={t('inCurrency', { title: t('total'), currency })}
      actions={
        <Definitions
          of={['recognized', 'received', 'returned', 'cash', 'deferred', 'growth', 'forecast']}
        />
      }
    >
      <Facts
        as="figures"
        items={[
          { label: t('figures.recognized'), value: value(total.recognized) },
          {
            label: t('figures.received'),
            value: (
              <Link
                to={paths.consolePayments}
                search={{ status: 'succeeded', provider: 'collected', ...days }}
              >
                {value(total.received)}
              </Link>
            ),
          },
          {
            label: t('figures.returned'),
            value: (
              <Link to={paths.consoleRefunds} search={days}>
                {value(total.returned)}
              </Link>
            ),
          },
          { label: t('figures.cash'), value: value(total.cash) },
          { label: t('figures.deferred'), value: value(deferred) },
          { label: t('figures.growth'), value: share(growth) },
        ]}
      />
    </Panel>
  );
}

/** The lists behind each kind. */
function KindLink({ kind, children }: { kind: Kind; children: ReactNode }) {
  const days = useReportDays();
  switch (kind) {
    case 'subscriptions':
      return (
        <Link to={paths.consoleInvoices} search={{ kind: 'subscription', ...days }}>
          {children}
        </Link>
      );
    case 'packages':
      return (
        <Link to={paths.consoleInvoices} search={{ kind: 'package', ...days }}>
          {children}
        </Link>
      );
    case 'invoices':
      return (
        <Link to={paths.consoleInvoices} search={{ kind: 'manual', ...days }}>
          {children}
        </Link>
      );
    case 'credit_notes':
      return (
        <Link to={paths.consoleCreditNotes} search={days}>
          {children}
        </Link>
      );
    case 'usage':
    case 'grants':
      return (
        <Link to={paths.consoleCalls} search={days}>
          {children}
        </Link>
      );
    default:
      return children;
  }
}

function KindsPanel({ of: { currency, total } }: { of: OfCurrency }) {
  const t = useTranslations('console.reports');
  const kinds = (Object.keys(total.by_kind) as Kind[]).filter(
    (kind) => Number(total.by_kind[kind]) !== 0,
  );
  const columns: Column<Kind>[] = [
    { title: t('kind'), cell: (kind) => <KindLink kind={kind}>{t(`kinds.${kind}`)}</KindLink> },
    {
      title: t('amount'),
      align: 'end',
      cell: (kind) => <Amount value={total.by_kind[kind]} currency={currency} />,
    },
  ];
  return (
    <Panel title={t('byKind')} actions={<Definitions of={['recognized']} />}>
      <DataTable
        label={t('byKind')}
        list={settledList(kinds)}
        columns={columns}
        rowKey={(kind) => kind}
        renderError={() => null}
        empty="–"
      />
    </Panel>
  );
}

type Provider = OfCurrency['providers'][number];

function ProvidersPanel({ of: { currency, providers } }: { of: OfCurrency }) {
  const t = useTranslations('console.reports');
  const days = useReportDays();
  const figure = (name: 'received' | 'returned' | 'cash'): Column<Provider> => ({
    title: t(`figures.${name}`),
    align: 'end',
    cell: (row) => <Amount value={row[name]} currency={currency} />,
  });
  return (
    <Panel title={t('byProvider')} actions={<Definitions of={['received', 'returned', 'cash']} />}>
      <DataTable
        label={t('byProvider')}
        list={settledList(providers)}
        columns={[
          {
            title: t('provider'),
            cell: ({ provider }) => (
              <Link to={paths.consolePayments} search={{ provider, status: 'succeeded', ...days }}>
                {provider}
              </Link>
            ),
          },
          figure('received'),
          figure('returned'),
          figure('cash'),
        ]}
        rowKey={({ provider }) => provider}
        renderError={() => null}
        empty="–"
      />
    </Panel>
  );
}
