import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { BarChart } from '../../ui/BarChart.tsx';
import type { BarChartProps } from '../../ui/bars.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { useDayText } from '../../ui/When.tsx';
import type { Interval } from './intervals.ts';

/** What is drawn of each interval. */
export interface Measure<T> extends Pick<BarChartProps, 'series' | 'isCount'> {
  title: string;
  height: (points: T[]) => number;
  text: (points: T[]) => string;
}

interface CourseProps<T> {
  title: string;
  note?: string;
  actions?: ReactNode;
  interval: 'hour' | 'day';
  intervals: Interval<T>[];
  measures: Measure<T>[];
  /** In place of it all, where nothing happened. */
  empty: ReactNode;
}

/** How something went over hours or days, drawn or as a table. */
export function Course<T>({ title, note, actions, empty, ...course }: CourseProps<T>) {
  const tUi = useTranslations('ui');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const isQuiet = course.intervals.every(({ points }) => points.length === 0);
  const switcher = (
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
  );
  const View = view === 'chart' ? Charts : CourseTable;
  return (
    <Panel
      title={title}
      note={note}
      actions={
        <>
          {actions}
          {!isQuiet && switcher}
        </>
      }
    >
      {isQuiet ? empty : <View title={title} {...course} />}
    </Panel>
  );
}

type Shown<T> = Pick<CourseProps<T>, 'title' | 'interval' | 'intervals' | 'measures'>;

function Charts<T>({ title: panelTitle, interval, intervals, measures }: Shown<T>) {
  const nameOf = useIntervalName(interval);
  return (
    <div className="chart-row">
      {measures.map(({ title, height, text, ...chart }) => (
        <figure key={title} className="chart-figure">
          <figcaption>{title}</figcaption>
          <BarChart
            {...chart}
            label={`${title}, ${panelTitle}`}
            bars={intervals.map(({ at, points }) => ({
              label: nameOf(at),
              height: height(points),
              text: text(points),
            }))}
          />
        </figure>
      ))}
    </div>
  );
}

function CourseTable<T>({ title, interval, intervals, measures }: Shown<T>) {
  const t = useTranslations('console.usage');
  const nameOf = useIntervalName(interval);
  const columns: Column<Interval<T>>[] = [
    { title: t(`at.${interval}`), cell: ({ at }) => nameOf(at) },
    ...measures.map(
      (measure): Column<Interval<T>> => ({
        title: measure.title,
        align: 'end',
        cell: ({ points }) => <span className="figure">{measure.text(points)}</span>,
      }),
    ),
  ];
  return (
    <DataTable
      label={title}
      list={settledList(intervals.toReversed())}
      columns={columns}
      rowKey={({ at }) => at}
      renderError={() => null}
      empty={null}
    />
  );
}

function useIntervalName(interval: 'hour' | 'day'): (at: string) => string {
  const format = useFormatter();
  const dayText = useDayText();
  if (interval === 'day') return dayText;
  return (at) => format.dateTime(new Date(at), { hour: 'numeric', minute: '2-digit' });
}
