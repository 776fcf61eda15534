import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { useDeployment } from '../../features/deployment/deployment.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { UsageByDay } from '../../features/usage/UsageByDay.tsx';
import { useBusinessClock } from '../../ui/clock.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { historyOf } from './history.ts';

export function HistoryPanel() {
  const t = useTranslations('dashboard');
  const timeZone = useTimeZone() ?? 'UTC';
  const now = useBusinessClock();
  const deployment = useDeployment();
  const usage = useQuery(reading('getUsage', { query: { interval: 'day' } }));
  const days = useMemo(
    () => usage.data && historyOf(usage.data.data, { now: now(), timeZone }),
    [usage.data, now, timeZone],
  );
  return (
    <UsageByDay title={t('history')} days={days} currency={deployment?.usage_currency ?? 'USD'}>
      {usage.error && <Failure error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isPending && <Loading rows={7} />}
      {days && <EmptyState title={t('noHistory')}>{t('noHistoryNote')}</EmptyState>}
    </UsageByDay>
  );
}
