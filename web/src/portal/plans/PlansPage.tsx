import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { useMeterName } from '../../features/quotas/meter-name.ts';
import { useQuantityText } from '../../features/quotas/Quantity.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';

type Plan = Answer<'listPlans'>['data'][number];

export function PlansPage() {
  const t = useTranslations('plans');
  const plans = usePages('listPlans', { query: { limit: 200 } });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {plans.error && !plans.rows && renderFailure(plans.error, plans.retry)}
      {!plans.rows && !plans.error && <Loading rows={6} />}
      {plans.rows?.length === 0 && (
        <Panel title={t('title')}>
          <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
        </Panel>
      )}
      <div className="columns">
        {plans.rows?.map((plan) => (
          <PlanPanel key={plan.id} plan={plan} />
        ))}
      </div>
      {plans.rows && plans.rows.length > 0 && <p className="soft">{t('how')}</p>}
    </div>
  );
}

function PlanPanel({ plan }: { plan: Plan }) {
  const gives = useWhatItGives();
  return (
    <Panel title={plan.name} note={plan.description ?? undefined}>
      <ul className="plan-gives">
        {gives(plan).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Panel>
  );
}

/** What a plan gives, a line each: quotas, models, rates, features. */
function useWhatItGives(): (plan: Plan) => string[] {
  const t = useTranslations('plans');
  const tQuotas = useTranslations('quotas');
  const meterName = useMeterName();
  const quantityText = useQuantityText();
  return ({ quotas, models, rate_limits, features }) => [
    ...quotas.map(({ meter, unit, window, limit }) =>
      limit === null
        ? t('quotaUnlimited', { meter: meterName(meter) })
        : t('quota', {
            meter: meterName(meter),
            window: tQuotas(`windows.${window}`),
            quantity: quantityText(limit, unit),
          }),
    ),
    models.includes('*') ? t('allModels') : t('models', { models: models.join(', ') }),
    ...(['rpm', 'tpm', 'concurrency'] as const).flatMap((name) => {
      const count = rate_limits[name];
      return count === null ? [] : [t(name, { count })];
    }),
    ...Object.entries(features)
      .filter(([, value]) => value !== false)
      .map(([feature, value]) =>
        value === true
          ? meterName(feature)
          : t('feature', { feature: meterName(feature), value: String(value) }),
      ),
  ];
}
