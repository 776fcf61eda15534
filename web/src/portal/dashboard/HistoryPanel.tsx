import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useFormatter, useTimeZone, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { BarChart } from '../../ui/BarChart.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Day, useDayText } from '../../ui/When.tsx';
import { type HistoryDay, historyOf } from './history.ts';

type View = 'chart' | 'table';

/** Spend and calls of the last 14 days, drawn or as a table. */
export function HistoryPanel() {
  const t = useTranslations('dashboard');
  const tUi = useTranslations('ui');
  const [view, setView] = useState<View>('chart');
  const timeZone = useTimeZone() ?? 'UTC';
  const usage = useQuery(reading('getUsage', { query: { interval: 'day' } }));
  const days = useMemo(
    () => usage.data && historyOf(usage.data.data, { now: new Date(), timeZone }),
    [usage.data, timeZone],
  );
  return (
    <Panel
      title={t('history')}
      actions={
        <Segmented
          size="small"
          aria-label={tUi('view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'chart', label: tUi('chart') },
            { value: 'table', label: tUi('table') },
          ]}
        />
      }
    >
      {usage.error && <Failure error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isPending && <Loading rows={7} />}
      {days && <History days={days} view={view} />}
    </Panel>
  );
}

function History({ days, view }: { days: HistoryDay[]; view: View }) {
  const t = useTranslations('dashboard');
  if (days.every((day) => day.calls === 0)) {
    return <EmptyState title={t('noHistory')}>{t('noHistoryNote')}</EmptyState>;
  }
  return view === 'chart' ? <HistoryCharts days={days} /> : <HistoryTable days={days} />;
}

function HistoryCharts({ days }: { days: HistoryDay[] }) {
  const t = useTranslations('dashboard');
  const format = useFormatter();
  const amount = useAmountText();
  const dayText = useDayText();
  const charts = [
    {
      title: `${t('spend')} (${days[0]?.currency})`,
      series: 'first' as const,
      isCount: false,
      bars: days.map((day) => ({
        label: dayText(day.day),
        height: Number(day.amount),
        text: amount(day.amount, day.currency),
      })),
    },
    {
      title: t('calls'),
      series: 'second' as const,
      isCount: true,
      bars: days.map((day) => ({
        label: dayText(day.day),
        height: day.calls,
        text: format.number(day.calls),
      })),
    },
  ];
  return (
    <div className="columns">
      {charts.map(({ title, ...chart }) => (
        <figure key={title} className="chart-figure">
          <figcaption>{title}</figcaption>
          <BarChart label={`${title}, ${t('history')}`} {...chart} />
        </figure>
      ))}
    </div>
  );
}

function HistoryTable({ days }: { days: HistoryDay[] }) {
  const t = useTranslations('dashboard');
  const format = useFormatter();
  const columns: Column<HistoryDay>[] = [
    { title: t('day'), cell: ({ day }) => <Day day={day} /> },
    { title: t('calls'), align: 'end', cell: ({ calls }) => format.number(calls) },
    { title: t('tokens'), align: 'end', cell: ({ tokens }) => format.number(tokens) },
    {
      title: t('spend'),
      align: 'end',
      cell: ({ amount, currency }) => <Amount value={amount} currency={currency} />,
    },
  ];
  return (
    <DataTable
      label={t('history')}
      list={settledList(days.toReversed())}
      columns={columns}
      rowKey={({ day }) => day}
      renderError={() => null}
      empty={null}
    />
  );
}
