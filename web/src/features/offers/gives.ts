/** What a plan gives, each thing under the name that plans are compared by. */
import { useTranslations } from 'use-intl';
import { useMeterName } from '../quotas/meter-name.ts';
import { useQuantityText } from '../quotas/Quantity.tsx';
import type { Plan } from './offer.ts';

export interface Given {
  /** The same thing has the same key in every plan. */
  key: string;
  label: string;
  /** True and false for what a plan has or has not. */
  value: string | boolean;
}

type Gives = Pick<Plan, 'quotas' | 'features' | 'models' | 'rate_limits'>;

/** Among plans of one application its name need not stand before everything. */
export function useGives(application: string | null): (plan: Gives) => Given[] {
  const t = useTranslations('offers.gives');
  const tQuotas = useTranslations('quotas');
  const meterName = useMeterName(application);
  const quantityText = useQuantityText();
  const quotaOf = ({ meter, unit, window, limit }: Plan['quotas'][number]): Given => ({
    key: `quota ${meter} ${window}`,
    label: tQuotas('named', { meter: meterName(meter), window: tQuotas(`windows.${window}`) }),
    value: limit === null ? tQuotas('unlimited') : quantityText(limit, unit),
  });
  const featureOf = ([feature, value]: [string, Plan['features'][string]]): Given => ({
    key: `feature ${feature}`,
    label: meterName(feature),
    value: typeof value === 'boolean' ? value : String(value),
  });
  const rateOf = (plan: Gives, name: 'rpm' | 'tpm' | 'concurrency'): Given[] => {
    const count = plan.rate_limits[name];
    return count === null ? [] : [{ key: name, label: t(name), value: t('count', { count }) }];
  };
  return (plan) => [
    ...plan.quotas.map(quotaOf),
    {
      key: 'models',
      label: t('models'),
      value: plan.models.includes('*') ? t('allModels') : plan.models.join(', '),
    },
    ...rateOf(plan, 'rpm'),
    ...rateOf(plan, 'tpm'),
    ...rateOf(plan, 'concurrency'),
    ...Object.entries(plan.features).map(featureOf),
  ];
}
