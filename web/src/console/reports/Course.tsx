import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useFormatter, useTimeZone, useTranslations } from 'use-intl';
import { BarChart } from '../../ui/BarChart.tsx';
import type { BarChartProps } from '../../ui/bars.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Definitions, type Figure } from './Definitions.tsx';

/** One figure of each interval; without a series it is in the table only. */
export interface Measure<Point> {
  figure: Figure;
  series?: BarChartProps['series'];
  isCount?: boolean;
  height: (point: Point) => number;
  text: (point: Point) => string;
}

interface CourseProps<Point> {
  title: string;
  note?: ReactNode;
  interval: 'day' | 'month';
  points: Point[];
  measures: Measure<Point>[];
}

/** How figures went over days or months, drawn or as a table. */
export function Course<Point extends { from: string }>(props: CourseProps<Point>) {
  const { title, note, measures } = props;
  const tUi = useTranslations('ui');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const View = view === 'chart' ? Charts : CourseTable;
  return (
    <Panel
      title={title}
      note={note}
      actions={
        <>
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
          <Definitions of={measures.map(({ figure }) => figure)} />
        </>
      }
    >
      <View {...props} />
    </Panel>
  );
}

function Charts<Point extends { from: string }>({
  title: panelTitle,
  interval,
  points,
  measures,
}: CourseProps<Point>) {
  const t = useTranslations('console.reports');
  const nameOf = usePointName(interval);
  return (
    <div className="chart-row">
      {measures.map(({ figure, series, isCount, height, text }) => {
        if (!series) return null;
        const title = t(`figures.${figure}`);
        return (
          <figure key={figure} className="chart-figure">
            <figcaption>{title}</figcaption>
            <BarChart
              series={series}
              isCount={isCount ?? false}
              label={`${title}, ${panelTitle}`}
              bars={points.map((point) => ({
                label: nameOf(point.from),
                height: height(point),
                text: text(point),
              }))}
            />
          </figure>
        );
      })}
    </div>
  );
}

function CourseTable<Point extends { from: string }>({
  title,
  interval,
  points,
  measures,
}: CourseProps<Point>) {
  const t = useTranslations('console.reports');
  const nameOf = usePointName(interval);
  const columns: Column<Point>[] = [
    { title: t(interval), cell: ({ from }) => nameOf(from) },
    ...measures.map(
      ({ figure, text }): Column<Point> => ({
        title: t(`figures.${figure}`),
        align: 'end',
        cell: (point) => <span className="figure">{text(point)}</span>,
      }),
    ),
  ];
  return (
    <DataTable
      label={title}
      list={settledList(points.toReversed())}
      columns={columns}
      rowKey={({ from }) => from}
      renderError={() => null}
      empty={null}
    />
  );
}

/** Intervals begin at midnights of the deployment's zone, in which the page tells the time. */
function usePointName(interval: 'day' | 'month'): (from: string) => string {
  const format = useFormatter();
  const timeZone = useTimeZone() ?? 'UTC';
  return (from) =>
    format.dateTime(
      new Date(from),
      interval === 'day'
        ? { month: 'short', day: 'numeric', timeZone }
        : { year: '2-digit', month: 'short', timeZone },
    );
}
