import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { Quantity, useQuantityText } from '../../features/quotas/Quantity.tsx';
import { BarChart } from '../../ui/BarChart.tsx';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { When } from '../../ui/When.tsx';
import { type Period, since } from './period.ts';

type MeterPoint = Answer<'getMeterUsage'>['data'][number];

interface MetersPanelProps {
  period: Period;
  chosen: string | undefined;
  onChoose: (meter: string) => void;
}

/** What applications measured for the organization, one meter at a time; its meters are those it has quotas on. */
export function MetersPanel({ period, chosen, onChoose }: MetersPanelProps) {
  const t = useTranslations('usageSplit');
  const meterName = useMeterName();
  const quotas = usePages('listQuotas', { query: { limit: 200 } });
  const measured = (quotas.rows ?? []).flatMap(({ meter }) => (meter?.includes('.') ? meter : []));
  const meters = [...new Set(measured)].toSorted();
  const meter = meters.find((name) => name === chosen) ?? meters[0];
  if (!quotas.rows) return null;
  return (
    <Panel
      title={t('meters')}
      note={t('metersNote')}
      actions={
        meters.length > 0 && (
          <ChoiceFilter
            label={t('meter')}
            any={t('meter')}
            value={meter}
            options={meters.map((value) => ({ value, label: meterName(value) }))}
            onChange={onChoose}
          />
        )
      }
    >
      {meter === undefined ? (
        <EmptyState title={t('noMeters')}>{t('noMetersNote')}</EmptyState>
      ) : (
        <Days meter={meter} period={period} />
      )}
    </Panel>
  );
}

function Days({ meter, period }: { meter: string; period: Period }) {
  const t = useTranslations('usageSplit');
  const now = useBusinessClock();
  const usage = useQuery(
    reading('getMeterUsage', { query: { meter, from: since(now(), period), interval: 'day' } }),
  );
  if (usage.error) return <Failure error={usage.error} onRetry={() => void usage.refetch()} />;
  if (!usage.data) return <Loading rows={5} />;
  const points = usage.data.data;
  if (points.length === 0) return <EmptyState title={t('noCalls')}>{t('noCallsNote')}</EmptyState>;
  return <Drawn meter={meter} points={points} />;
}

function Drawn({ meter, points }: { meter: string; points: MeterPoint[] }) {
  const tUi = useTranslations('ui');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const View = view === 'chart' ? Chart : Table;
  return (
    <>
      <div className="actions">
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
      </div>
      <View meter={meter} points={points} />
    </>
  );
}

function Chart({ meter, points }: { meter: string; points: MeterPoint[] }) {
  const meterName = useMeterName();
  const quantityText = useQuantityText();
  const format = useFormatter();
  const day = (at: string) => format.dateTime(new Date(at), { month: 'short', day: 'numeric' });
  const bars = points.map(({ from, quantity, unit }) => ({
    label: day(from),
    height: Number(quantity ?? 0),
    text: quantity === null ? '–' : quantityText(quantity, unit),
  }));
  return <BarChart label={meterName(meter)} series="first" bars={bars} />;
}

function Table({ meter, points }: { meter: string; points: MeterPoint[] }) {
  const t = useTranslations('usageSplit');
  const columns: Column<MeterPoint>[] = [
    { title: t('day'), cell: ({ from }) => <When at={from} show="day" /> },
    {
      title: t('quantity'),
      align: 'end',
      cell: ({ quantity, unit }) =>
        quantity === null ? '–' : <Quantity value={quantity} unit={unit} />,
    },
  ];
  return (
    <DataTable
      label={meter}
      list={settledList(points.toReversed())}
      columns={columns}
      rowKey={({ from }) => from}
      renderError={() => null}
      empty={null}
    />
  );
}
