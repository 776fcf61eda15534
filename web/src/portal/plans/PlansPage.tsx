import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ownPlans } from '../../features/offers/add-ons.ts';
import { groupsOf, type Plan } from '../../features/offers/offer.ts';
import { useLiveSubscription } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PlanGroup } from './PlanGroup.tsx';

const route = getRouteApi('/portal/plans');
/** An operator sells a handful: one page of them is all. */
const plansMax = 200;

export function PlansPage() {
  const t = useTranslations('plans');
  const plans = usePages('listPlans', { query: { limit: plansMax } });
  const own = plans.rows && ownPlans(plans.rows);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {plans.error && !plans.rows && renderFailure(plans.error, plans.retry)}
      {!plans.rows && !plans.error && <Loading rows={6} />}
      {own?.length === 0 && (
        <Panel>
          <EmptyState title={t('none')}>{t('noneNote')}</EmptyState>
        </Panel>
      )}
      {own && <Groups plans={own} />}
    </div>
  );
}

/** Applications sell in currencies and cycles of their own: each group has its own switches. */
function Groups({ plans }: { plans: Plan[] }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const groups = groupsOf(plans);
  const { subscription } = useLiveSubscription();
  return groups.map((group) => (
    <PlanGroup
      key={group.application}
      application={groups.length > 1 ? group.application : null}
      plans={group.plans}
      choice={search}
      subscription={subscription}
      onChoose={(choice) =>
        void navigate({
          to: paths.plans,
          search: { ...search, ...choice },
          replace: true,
        })
      }
    />
  ));
}
