import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { BarChart } from '../../ui/BarChart.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Day, useDayText } from '../../ui/When.tsx';
import type { UsageDay } from './usage-days.ts';

interface DaysProps {
  title: string;
  days: UsageDay[];
  currency: string;
}

interface UsageByDayProps extends Omit<DaysProps, 'days'> {
  days: UsageDay[] | undefined;
  /** In place of the days: that they are not here yet, or that nothing was called. */
  children?: ReactNode;
}

/** Spend and calls of each day, drawn or as a table. */
export function UsageByDay({ title, days, currency, children }: UsageByDayProps) {
  const tUi = useTranslations('ui');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const View = view === 'chart' ? Charts : DaysTable;
  const isQuiet = !days || days.every(({ calls }) => calls === 0);
  if (isQuiet) return <Panel title={title}>{children}</Panel>;
  return (
    <Panel
      title={title}
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
      <View title={title} days={days} currency={currency} />
    </Panel>
  );
}

function Charts({ title: panelTitle, days, currency }: DaysProps) {
  const t = useTranslations('usage');
  const format = useFormatter();
  const amount = useAmountText();
  const dayText = useDayText();
  const spend = days.map((day) => ({
    label: dayText(day.day),
    height: Number(day.amount),
    text: amount(day.amount, currency, { isExact: true }),
  }));
  const calls = days.map((day) => ({
    label: dayText(day.day),
    height: day.calls,
    text: format.number(day.calls),
  }));
  const charts = [
    { title: `${t('spend')} (${currency})`, series: 'first', isCount: false, bars: spend },
    { title: t('calls'), series: 'second', isCount: true, bars: calls },
  ] as const;
  return (
    <div className="columns">
      {charts.map(({ title, ...chart }) => (
        <figure key={title} className="chart-figure">
          <figcaption>{title}</figcaption>
          <BarChart label={`${title}, ${panelTitle}`} {...chart} />
        </figure>
      ))}
    </div>
  );
}

function DaysTable({ title, days, currency }: DaysProps) {
  const t = useTranslations('usage');
  const format = useFormatter();
  const tokens: Column<UsageDay> = {
    title: t('tokens'),
    align: 'end',
    cell: (day) => (day.tokens === undefined ? '–' : format.number(day.tokens)),
  };
  const columns: Column<UsageDay>[] = [
    { title: t('day'), cell: ({ day }) => <Day day={day} /> },
    { title: t('calls'), align: 'end', cell: ({ calls }) => format.number(calls) },
    ...(days.some((day) => day.tokens !== undefined) ? [tokens] : []),
    {
      title: t('spend'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={currency} />,
    },
  ];
  return (
    <DataTable
      label={title}
      list={settledList(days.toReversed())}
      columns={columns}
      rowKey={({ day }) => day}
      renderError={() => null}
      empty={null}
    />
  );
}
