import { useTranslations } from 'use-intl';
import { ChargeList } from '../../features/offers/ChargeList.tsx';
import { useGives } from '../../features/offers/gives.ts';
import { chargesOf, type Plan, type PriceChoice, priceFor } from '../../features/offers/offer.ts';
import { PriceText } from '../../features/offers/PriceText.tsx';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { PlanAction } from './PlanAction.tsx';

interface PlanCardProps {
  plan: Plan;
  choice: PriceChoice;
  subscription: Subscription | null | undefined;
}

/** A plan: what it costs, what it gives, and what is charged for use. */
export function PlanCard({ plan, choice, subscription }: PlanCardProps) {
  const t = useTranslations('plans');
  const price = priceFor(plan, choice);
  return (
    <li className="panel plan-card">
      <div>
        <h3>{plan.name}</h3>
        {plan.description && <p className="soft">{plan.description}</p>}
      </div>
      {price ? <PriceText plan={plan} price={price} /> : <p className="soft">{t('onRequest')}</p>}
      <div className="stack">
        <Given plan={plan} />
        {price && (
          <ChargeList charges={chargesOf(plan, price.currency)} currency={price.currency} />
        )}
      </div>
      <div className="stack-tight">
        {price && <PlanAction plan={plan} price={price} subscription={subscription} />}
      </div>
    </li>
  );
}

function Given({ plan }: { plan: Plan }) {
  const t = useTranslations('plans');
  const gives = useGives(plan.application?.slug ?? null);
  return (
    <ul className="plan-gives">
      {gives(plan)
        .filter(({ value }) => value !== false)
        .map(({ key, label, value }) => (
          <li key={key}>{value === true ? label : t('given', { label, value: String(value) })}</li>
        ))}
    </ul>
  );
}
