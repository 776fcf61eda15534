/** How often a grant comes anew, in words. */
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';

type Recurrence = NonNullable<Answer<'listGrants'>['data'][number]['recurrence']>;

export function useRecurrenceText(): (
  recurrence: Pick<Recurrence, 'interval' | 'interval_count'>,
) => string {
  const t = useTranslations('console.grants.every');
  return ({ interval, interval_count: count }) => t(interval, { count });
}
