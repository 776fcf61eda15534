import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useQuantityText } from '../../features/quotas/Quantity.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import type { Meter } from '../meters/MeterTable.tsx';
import { refetchInterval } from './CallsPanels.tsx';
import { Course, type Measure } from './Course.tsx';
import { fillIn, intervalOf, type Period } from './intervals.ts';
import { type UsageFilters, useUsageQuery } from './usage-query.ts';

type Point = Answer<'searchMeterUsage'>['data'][number];

interface MetersPanelProps {
  period: Period;
  filters: UsageFilters;
  chosen: string | undefined;
  onChoose: (meter: string) => void;
}

const offeredMax = 200;

/** What applications measured, one meter at a time. */
export function MetersPanel({ period, filters, chosen, onChoose }: MetersPanelProps) {
  const t = useTranslations('console.usage');
  const { application } = filters;
  const { rows } = usePages('listMeters', {
    query: { limit: offeredMax, ...(application && { application }) },
  });
  const meters = (rows ?? []).filter((meter) => meter.application !== null);
  const meter = meters.find(({ reference }) => reference === chosen) ?? meters[0];
  if (!rows) return null;
  if (!meter) {
    return (
      <Panel title={t('meters')}>
        <EmptyState
          title={t('noMeters')}
          action={<ButtonLink to={paths.consoleApplications}>{t('toApplications')}</ButtonLink>}
        >
          {t('noMetersNote')}
        </EmptyState>
      </Panel>
    );
  }
  const choice = (
    <ChoiceFilter
      label={t('meter')}
      any={t('meter')}
      value={meter.reference}
      options={meters.map(({ reference, name }) => ({ value: reference, label: name }))}
      onChange={onChoose}
    />
  );
  return <MeterCourse meter={meter} period={period} filters={filters} choice={choice} />;
}

interface MeterCourseProps {
  meter: Meter;
  period: Period;
  filters: UsageFilters;
  choice: ReactNode;
}

function MeterCourse({ meter, period, filters, choice }: MeterCourseProps) {
  const t = useTranslations('console.usage');
  const timeZone = useTimeZone() ?? 'UTC';
  const now = useBusinessClock();
  const interval = intervalOf(period);
  const { application: _, ...asked } = useUsageQuery(period, filters);
  const usage = useQuery({
    ...reading('searchMeterUsage', { query: { ...asked, interval, meter: meter.reference } }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
  const measure = useMeasure(meter);
  if (usage.error && !usage.data) {
    return <Failure error={usage.error} onRetry={() => void usage.refetch()} />;
  }
  if (!usage.data) return <Loading rows={8} />;
  const measured = usage.data.data.filter(({ quantity }) => quantity !== null);
  return (
    <Course
      title={t('meters')}
      note={t('metersNote')}
      actions={choice}
      interval={interval}
      intervals={fillIn(measured, { period, now: now(), timeZone })}
      measures={[measure]}
      empty={<EmptyState title={t('noQuantity')}>{t('noQuantityNote')}</EmptyState>}
    />
  );
}

/** The same day of customers in different zones comes as several points; they are added up. */
function useMeasure({ name, unit }: Meter): Measure<Point> {
  const text = useQuantityText();
  const sumOf = (points: Point[]) =>
    fromNanos(points.reduce((sum, { quantity }) => sum + toNanos(quantity ?? '0'), 0n));
  return {
    title: name,
    series: unit === 'money' ? 'first' : 'third',
    isCount: unit === 'count' || unit === 'tokens',
    height: (points) => Number(sumOf(points)),
    text: (points) => text(sumOf(points), unit),
  };
}
