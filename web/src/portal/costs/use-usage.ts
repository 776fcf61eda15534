import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { reading } from '../../api/use-call.ts';
import { useBusinessClock } from '../../ui/clock.ts';
import { type CostsSearch, dimensions, rangeOf } from './filters.ts';
import { boundsOf } from './range.ts';

/** The query of the filters, in whole days of the organization's zone: the server reads those from its sums of days. */
export function useBounds(search: CostsSearch, timeZone: string) {
  const now = useBusinessClock();
  const range = rangeOf(search);
  // To the minute, so that looking again asks for the same.
  const minute = Math.floor(now().getTime() / 60_000);
  return useMemo(
    () => boundsOf(new Date(minute * 60_000), range, timeZone),
    [minute, range, timeZone],
  );
}

export function filterQuery(search: CostsSearch) {
  return Object.fromEntries(
    dimensions.flatMap((name) => (search[name] ? [[name, search[name]]] : [])),
  );
}

/** What was spent in the range and in the one before, each as one sum by what it is split by. */
export function useUsageOf(search: CostsSearch, timeZone: string, group: string | undefined) {
  const { current, previous } = useBounds(search, timeZone);
  const asked = {
    interval: 'all' as const,
    ...(group !== undefined && { group_by: group }),
    ...filterQuery(search),
  };
  const now = useQuery({
    ...reading('getUsage', { query: { ...asked, ...current } }),
    placeholderData: keepPreviousData,
  });
  const before = useQuery({
    ...reading('getUsage', { query: { ...asked, ...previous } }),
    placeholderData: keepPreviousData,
  });
  return {
    current: now.data,
    previous: before.data,
    error: now.error ?? before.error,
    retry: () => {
      void now.refetch();
      void before.refetch();
    },
  };
}
