import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useFormatter, useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { type GroupSum, sumGroups } from '../../features/usage/sum-groups.ts';
import { Amount, useAmountText } from '../../ui/Amount.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Course, type Measure } from './Course.tsx';
import { fillIn, intervalOf, type Period } from './intervals.ts';
import { type UsageFilters, useUsageQuery } from './usage-query.ts';

type Point = Answer<'searchUsage'>['data'][number];

/** Calls of all customers in the period: added up, and hour by hour or day by day. */
export function CallsPanels({ period, filters }: { period: Period; filters: UsageFilters }) {
  const query = { ...useUsageQuery(period, filters), interval: intervalOf(period) };
  const usage = useQuery({
    ...reading('searchUsage', { query }),
    refetchInterval,
    placeholderData: keepPreviousData,
  });
  if (usage.error && !usage.data) {
    return <Failure error={usage.error} onRetry={() => void usage.refetch()} />;
  }
  if (!usage.data) return <Loading rows={10} />;
  return (
    <>
      <Totals points={usage.data.data} />
      <CallsCourse points={usage.data.data} period={period} />
    </>
  );
}

/** Calls appear while one looks. */
export const refetchInterval = 5_000;

const nobody: GroupSum = {
  name: '',
  calls: 0,
  inputTokens: 0,
  outputTokens: 0,
  amount: '0',
  successRate: null,
  latencyMs: null,
  firstTokenMs: null,
};

function Totals({ points }: { points: Point[] }) {
  const t = useTranslations('console.usage');
  const format = useFormatter();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  // Without groups all points are of one.
  const sum = sumGroups(points, '')[0] ?? nobody;
  const { calls, inputTokens, outputTokens, amount, successRate, latencyMs } = sum;
  const share = { style: 'percent', maximumFractionDigits: 1 } as const;
  return (
    <Panel title={t('now')}>
      <Facts
        as="figures"
        items={[
          { label: t('calls'), value: format.number(calls) },
          { label: t('tokens'), value: format.number(inputTokens + outputTokens) },
          { label: t('cost'), value: <Amount value={amount} currency={currency} /> },
          {
            label: t('success'),
            value: successRate === null ? '–' : format.number(successRate, share),
          },
          {
            label: t('latency'),
            value: latencyMs === null ? '–' : t('ms', { ms: Math.round(latencyMs) }),
          },
        ]}
      />
    </Panel>
  );
}

function CallsCourse({ points, period }: { points: Point[]; period: Period }) {
  const t = useTranslations('console.usage');
  const timeZone = useTimeZone() ?? 'UTC';
  const now = useBusinessClock();
  const interval = intervalOf(period);
  return (
    <Course
      title={t(`course.${interval}`)}
      interval={interval}
      intervals={fillIn(points, { period, now: now(), timeZone })}
      measures={useMeasures()}
      empty={<EmptyState title={t('noCalls')}>{t('noCallsNote')}</EmptyState>}
    />
  );
}

function useMeasures(): Measure<Point>[] {
  const t = useTranslations('console.usage');
  const format = useFormatter();
  const amount = useAmountText();
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const costOf = (points: Point[]) =>
    fromNanos(points.reduce((sum, point) => sum + toNanos(point.amount), 0n));
  const count = (of: (point: Point) => number) => (points: Point[]) =>
    points.reduce((sum, point) => sum + of(point), 0);
  const calls = count((point) => point.calls);
  const tokens = count((point) => point.input_tokens + point.output_tokens);
  return [
    {
      title: t('calls'),
      series: 'second',
      isCount: true,
      height: calls,
      text: (points) => format.number(calls(points)),
    },
    {
      title: `${t('cost')} (${currency})`,
      series: 'first',
      height: (points) => Number(costOf(points)),
      text: (points) => amount(costOf(points), currency, { isExact: true }),
    },
    {
      title: t('tokens'),
      series: 'third',
      isCount: true,
      height: tokens,
      text: (points) => format.number(tokens(points)),
    },
  ];
}
