import { useTranslations } from 'use-intl';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { useQuantityText } from '../../features/quotas/Quantity.tsx';
import type { QuotaTerms } from './quota-form.ts';

/** A quota in one line: how much of what, and for how long. */
export function useQuotaText(): (
  quota: Pick<QuotaTerms, 'meter' | 'unit' | 'window' | 'limit'>,
) => string {
  const t = useTranslations('plans');
  const tWindows = useTranslations('quotas.windows');
  const meterName = useMeterName();
  const text = useQuantityText();
  return ({ meter, unit, window, limit }) => {
    const name = meterName(meter);
    if (limit === null) return t('quotaUnlimited', { meter: name });
    return t('quota', { meter: name, window: tWindows(window), quantity: text(limit, unit) });
  };
}

/** What a quota counts and for how long, without how much. */
export function useQuotaName(): (quota: Pick<QuotaTerms, 'meter' | 'window'>) => string {
  const t = useTranslations('quotas');
  const meterName = useMeterName();
  return ({ meter, window }) =>
    t('named', { meter: meterName(meter), window: t(`windows.${window}`) });
}
