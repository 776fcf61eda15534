import { useMemo } from 'react';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { UsageByDay } from '../../features/usage/UsageByDay.tsx';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { overviewDays } from './days.ts';

/** Spend and calls of the whole deployment. */
export function HistoryPanel({ overview }: { overview: Answer<'getOverview'> }) {
  const t = useTranslations('console.overview');
  const timeZone = useTimeZone() ?? 'UTC';
  const days = useMemo(() => overviewDays(overview, timeZone), [overview, timeZone]);
  return (
    <UsageByDay title={t('history')} days={days} currency={overview.usage.currency}>
      <EmptyState
        title={t('noCalls')}
        action={<ButtonLink to={paths.consoleChannels}>{t('toChannels')}</ButtonLink>}
      >
        {t('noCallsNote')}
      </EmptyState>
    </UsageByDay>
  );
}
