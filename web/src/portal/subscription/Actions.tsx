import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { sellsSeats } from '../../features/offers/seats.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { AskAction } from './AskAction.tsx';
import { type Action, operationOf, wordOf } from './action.ts';

const actions: readonly Action[] = ['resume', 'pause', 'cancel'];

/** What may be done with it now; the server names it. */
export function Actions({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const [asked, setAsked] = useState<Action>();
  const possible = actions.filter((action) => subscription.actions.includes(action));
  return (
    <>
      {possible.map((action) => (
        <AllowedButton
          key={action}
          operation={operationOf[action]}
          danger={action === 'cancel'}
          onClick={() => setAsked(action)}
        >
          {t(`actions.${wordOf(action, subscription)}`)}
        </AllowedButton>
      ))}
      {subscription.actions.includes('change') && <SeatsLink subscription={subscription} />}
      {subscription.actions.includes('change') && (
        <ButtonLink to={paths.plans} isPrimary>
          {t('actions.change')}
        </ButtonLink>
      )}
      {asked && (
        <AskAction action={asked} subscription={subscription} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

/** Where the plan is sold by seats, they can be changed by themselves. */
function SeatsLink({ subscription: { plan, quantity } }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const plans = usePages('listPlans', { query: { limit: plansMax } });
  const offered = plans.rows?.find(({ id }) => id === plan.id);
  if (!offered || !(sellsSeats(offered) || quantity > 1)) return null;
  return (
    <ButtonLink to={paths.plan} params={{ plan: plan.slug }}>
      {t('actions.seats')}
    </ButtonLink>
  );
}

const plansMax = 200;
