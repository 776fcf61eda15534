import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { ownPlans } from '../../features/offers/add-ons.ts';
import type { Plan } from '../../features/offers/offer.ts';
import { sellsSeats } from '../../features/offers/seats.ts';
import { useLiveSubscription } from '../../features/subscription/subscription.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { quoteWords, subscribeWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ChangePlan } from './ChangePlan.tsx';
import { SubscribeToPlan } from './SubscribeToPlan.tsx';

const route = getRouteApi('/portal/plans/$plan');
const plansMax = 200;

/** Where one subscribes to a plan, or changes to it. */
export function PlanPage() {
  return (
    <WithWords words={subscribeWords}>
      <WithWords words={quoteWords}>
        <PlanForSale />
      </WithWords>
    </WithWords>
  );
}

function PlanForSale() {
  const t = useTranslations('subscribe');
  const { plan: slug } = route.useParams();
  const plans = usePages('listPlans', { query: { limit: plansMax } });
  const live = useLiveSubscription();
  const plan = plans.rows && ownPlans(plans.rows).find((candidate) => candidate.slug === slug);
  const error = plans.error ?? live.error;
  const name = plan?.name ?? slug;
  return (
    <div className="page">
      <PageHeader
        title={
          live.subscription && live.subscription.plan.id === plan?.id
            ? t(plan && sellsSeats(plan) ? 'changeCycleOrSeats' : 'changeCycle')
            : t(live.subscription ? 'titleChange' : 'title', { name })
        }
        note={plan?.description}
      />
      {error && (
        <Failure
          error={error}
          onRetry={() => {
            plans.retry();
            live.retry();
          }}
        />
      )}
      {!error && !(plans.rows && live.subscription !== undefined) && <Loading rows={8} />}
      {plans.rows && live.subscription !== undefined && (
        <Body plan={plan} subscription={live.subscription} />
      )}
    </div>
  );
}

interface BodyProps {
  plan: Plan | undefined;
  subscription: ReturnType<typeof useLiveSubscription>['subscription'];
}

function Body({ plan, subscription }: BodyProps) {
  const t = useTranslations('subscribe');
  if (!plan || plan.prices.length === 0) {
    return (
      <Panel>
        <EmptyState
          title={t('gone')}
          action={<ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>}
        >
          {t('goneNote')}
        </EmptyState>
      </Panel>
    );
  }
  if (!subscription) return <SubscribeToPlan plan={plan} />;
  if (!subscription.actions.includes('change')) {
    return (
      <Panel>
        <EmptyState
          title={t('notNow')}
          action={<ButtonLink to={paths.subscription}>{t('toSubscription')}</ButtonLink>}
        >
          {t('notNowNote')}
        </EmptyState>
      </Panel>
    );
  }
  return <ChangePlan plan={plan} subscription={subscription} />;
}
