/** What is left of what calls bring once their upstreams are paid. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Definitions } from './Definitions.tsx';
import { ReportBody, useShare } from './ReportBody.tsx';
import { ReportFrame, reportQuery, useReportChange } from './ReportFrame.tsx';
import { useReportDays } from './report-days.ts';

const route = getRouteApi('/console/admin/reports/margin');

type Report = Answer<'getMarginReport'>;
type OfCurrency = Report['currencies'][number];
type By = Report['by'];
type Row = Omit<OfCurrency['rows'][number], 'key'> & { key: string | null };

const bys = ['model', 'channel', 'customer'] as const;
const orders = ['most', 'least_margin'] as const;

export function MarginPage() {
  const search = route.useSearch();
  const { from, to } = reportQuery(search);
  const by = bys.find((known) => known === search.by) ?? 'model';
  const order = orders.find((known) => known === search.order) ?? 'most';
  const query = { ...(from && { from }), ...(to && { to }), by, order };
  const report = useQuery({
    ...reading('getMarginReport', { query }),
    placeholderData: keepPreviousData,
  });
  return (
    <ReportFrame
      report="margin"
      search={search}
      query={query}
      of={report.data}
      filters={<Choices by={by} order={order} />}
    >
      <ReportBody report={report} isEmpty={(found) => found.currencies.length === 0}>
        {(found) =>
          found.currencies.map((of) => (
            <CurrencyPanels key={`${found.by} ${of.currency}`} of={of} by={found.by} />
          ))
        }
      </ReportBody>
    </ReportFrame>
  );
}

function Choices({ by, order }: { by: By; order: (typeof orders)[number] }) {
  const t = useTranslations('console.reports');
  const set = useReportChange();
  return (
    <>
      <Segmented<By>
        aria-label={t('by')}
        value={by}
        onChange={(value) => set({ by: value })}
        options={bys.map((value) => ({ value, label: t(`bys.${value}`) }))}
      />
      <Segmented
        aria-label={t('order')}
        value={order}
        onChange={(value) => set({ order: value })}
        options={orders.map((value) => ({ value, label: t(`orders.${value}`) }))}
      />
    </>
  );
}

function CurrencyPanels({ of, by }: { of: OfCurrency; by: By }) {
  const t = useTranslations('console.reports');
  const { currency, total, others } = of;
  const share = useShare();
  const columns = useColumns(by, currency);
  const rows: Row[] = [
    ...of.rows,
    ...(others ? [{ ...others, key: null, name: t('others', { count: others.rows }) }] : []),
  ];
  const value = (text: string) => <Amount value={text} currency={currency} />;
  const isOfCustomers = by === 'customer';
  return (
    <>
      <Panel
        title={t('inCurrency', { title: t('total'), currency })}
        actions={
          <Definitions of={['value', 'revenue', 'cost', 'margin', 'marginRate', 'uncosted']} />
        }
      >
        <Facts
          as="figures"
          items={[
            isOfCustomers
              ? { label: t('figures.revenue'), value: value(total.revenue ?? '0') }
              : { label: t('figures.value'), value: value(total.value) },
            { label: t('figures.cost'), value: value(total.cost) },
            { label: t('figures.margin'), value: value(total.margin) },
            { label: t('figures.marginRate'), value: share(total.margin_rate) },
            { label: t('figures.uncosted'), value: value(total.uncosted_value) },
          ]}
        />
      </Panel>
      <Panel title={t('inCurrency', { title: t(`bys.${by}`), currency })}>
        <DataTable
          label={t(`bys.${by}`)}
          list={settledList(rows)}
          columns={columns}
          rowKey={({ key }) => key ?? 'others'}
          renderError={() => null}
          empty={t('empty')}
        />
      </Panel>
    </>
  );
}

function useColumns(by: By, currency: string): Column<Row>[] {
  const t = useTranslations('console.reports');
  const format = useFormatter();
  const share = useShare();
  const money = (figure: 'value' | 'revenue' | 'cost' | 'margin'): Column<Row> => ({
    title: t(`figures.${figure}`),
    align: 'end',
    cell: (row) => <Amount value={row[figure] ?? '0'} currency={currency} />,
  });
  return [
    { title: t(`bys.${by}`), cell: (row) => <RowName by={by} row={row} /> },
    { title: t('figures.calls'), align: 'end', cell: ({ calls }) => format.number(calls) },
    money('value'),
    ...(by === 'customer' ? [money('revenue')] : []),
    money('cost'),
    money('margin'),
    {
      title: t('figures.marginRate'),
      align: 'end',
      cell: ({ margin_rate: rate }) => share(rate),
    },
    {
      title: t('figures.uncosted'),
      align: 'end',
      cell: (row) =>
        row.uncosted_calls === 0 ? '–' : <Amount value={row.uncosted_value} currency={currency} />,
    },
  ];
}

/** Leads to the rows behind a figure. */
function RowName({ by, row: { key, name } }: { by: By; row: Row }) {
  const days = useReportDays();
  if (key === null) return name;
  if (by === 'customer') {
    return (
      <Link to={paths.consoleOrganization} params={{ id: key }}>
        {name}
      </Link>
    );
  }
  if (by === 'channel') return <ChannelName id={key} />;
  return (
    <Link to={paths.consoleCalls} search={{ model: key, ...days }}>
      <code>{name}</code>
    </Link>
  );
}

const channelsMax = 200;

function ChannelName({ id }: { id: string }) {
  const t = useTranslations('console.reports');
  const { rows } = usePages('listChannels', { query: { limit: channelsMax } });
  if (id === '') return t('noChannel');
  return (
    <Link to={paths.consoleChannels} search={{ view: id }}>
      {rows?.find((channel) => channel.id === id)?.name ?? <code>{id}</code>}
    </Link>
  );
}
