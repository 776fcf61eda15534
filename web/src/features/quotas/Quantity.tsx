import { useLocale, useTranslations } from 'use-intl';
import { type QuantityUnit, quantityText } from '../../ui/quantity-text.ts';
import { useDeployment } from '../deployment/deployment.ts';

interface QuantityProps {
  value: string;
  unit: QuantityUnit;
}

/** The only place where a meter's quantity is formatted. */
export function Quantity({ value, unit }: QuantityProps) {
  return (
    <span className="figure" title={value}>
      {useQuantityText()(value, unit)}
    </span>
  );
}

/** The same as text, for sentences that name a quantity. */
export function useQuantityText(): (value: string, unit: QuantityUnit) => string {
  const locale = useLocale();
  const t = useTranslations('quotas.units');
  const currency = useDeployment()?.usage_currency ?? 'USD';
  const words = {
    tokens: (count: string) => t('tokens', { count }),
    gigabytes: (count: string) => t('gb', { count }),
  };
  return (value, unit) => quantityText(value, unit, { locale, currency, words });
}
