import { useTranslations } from 'use-intl';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import type { Plan, PlanPrice } from '../../features/offers/offer.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { Status } from '../../ui/Status.tsx';

interface PlanActionProps {
  plan: Plan;
  price: PlanPrice;
  /** Undefined until it is known, null where there is none. */
  subscription: Subscription | null | undefined;
}

/** What one can do with a plan: subscribe, change to it, or see that one has it. */
export function PlanAction({ plan, price, subscription }: PlanActionProps) {
  const t = useTranslations('plans');
  const refusal = useRefusalOf()('createSubscription');
  if (subscription === undefined) return null;
  const isCurrent = subscription?.plan.id === plan.id;
  const isSamePrice = isCurrent && subscription?.billing_cycle === price.billing_cycle;
  const key = subscription ? 'change' : plan.trial_days > 0 ? 'tryIt' : 'subscribe';
  const label = isCurrent ? t('otherCycle') : t(key, { name: plan.name });
  return (
    <>
      {isCurrent && <Status tone="good">{t('current')}</Status>}
      {!isSamePrice && refusal && (
        <AllowedButton operation="createSubscription" block>
          {label}
        </AllowedButton>
      )}
      {!isSamePrice && !refusal && (
        <ButtonLink
          to={paths.plan}
          params={{ plan: plan.slug }}
          search={{ cycle: price.billing_cycle, currency: price.currency }}
          isPrimary={!isCurrent}
          block
        >
          {label}
        </ButtonLink>
      )}
    </>
  );
}
