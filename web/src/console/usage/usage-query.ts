import { useTimeZone } from 'use-intl';
import { useBusinessClock } from '../../ui/clock.ts';
import { beginOf, type Period } from './intervals.ts';

export interface UsageFilters {
  organization?: string | undefined;
  application?: string | undefined;
}

/** The period and filters as endpoints of usage take them. */
export function useUsageQuery(period: Period, { organization, application }: UsageFilters) {
  const timeZone = useTimeZone() ?? 'UTC';
  const now = useBusinessClock();
  return {
    from: beginOf(period, now(), timeZone),
    ...(organization && { organization }),
    ...(application && { application }),
  };
}
