import { Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useFormatter, useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { BarChart } from '../../ui/BarChart.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Day, useDayText } from '../../ui/When.tsx';
import { type OverviewDay, overviewDays } from './days.ts';

interface DaysProps {
  days: OverviewDay[];
  currency: string;
}

/** Spend and calls of the whole deployment over 14 days, drawn or as a table. */
export function HistoryPanel({ overview }: { overview: Answer<'getOverview'> }) {
  const t = useTranslations('console.overview');
  const tUi = useTranslations('ui');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const timeZone = useTimeZone() ?? 'UTC';
  const days = useMemo(() => overviewDays(overview, timeZone), [overview, timeZone]);
  const { currency } = overview.usage;
  if (overview.usage.calls === 0) return <NoCalls />;
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
      {view === 'chart' ? (
        <Charts days={days} currency={currency} />
      ) : (
        <DaysTable days={days} currency={currency} />
      )}
    </Panel>
  );
}

function NoCalls() {
  const t = useTranslations('console.overview');
  return (
    <Panel title={t('history')}>
      <EmptyState
        title={t('noCalls')}
        action={<ButtonLink to={paths.consoleChannels}>{t('toChannels')}</ButtonLink>}
      >
        {t('noCallsNote')}
      </EmptyState>
    </Panel>
  );
}

function Charts({ days, currency }: DaysProps) {
  const t = useTranslations('console.overview');
  const format = useFormatter();
  const amount = useAmountText();
  const dayText = useDayText();
  const charts = [
    {
      title: `${t('spend')} (${currency})`,
      series: 'first' as const,
      bars: days.map((day) => ({
        label: dayText(day.day),
        height: Number(day.amount),
        text: amount(day.amount, currency),
      })),
    },
    {
      title: t('calls'),
      series: 'second' as const,
      bars: days.map((day) => ({
        label: dayText(day.day),
        height: day.calls,
        text: format.number(day.calls),
      })),
    },
  ];
  return (
    <div className="columns">
      {charts.map(({ title, series, bars }) => (
        <figure key={title} className="chart-figure">
          <figcaption>{title}</figcaption>
          <BarChart label={`${title}, ${t('history')}`} series={series} bars={bars} />
        </figure>
      ))}
    </div>
  );
}

function DaysTable({ days, currency }: DaysProps) {
  const t = useTranslations('console.overview');
  const format = useFormatter();
  const columns: Column<OverviewDay>[] = [
    { title: t('day'), cell: ({ day }) => <Day day={day} /> },
    { title: t('calls'), align: 'end', cell: ({ calls }) => format.number(calls) },
    {
      title: t('spend'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={currency} />,
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
