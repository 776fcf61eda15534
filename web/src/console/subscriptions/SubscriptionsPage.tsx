import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { useSubscriptionColumns } from './columns.tsx';
import { SubscribeOrganization } from './SubscribeOrganization.tsx';
import { type Subscription, statuses } from './subscription.ts';

const route = getRouteApi('/console/admin/subscriptions');

export function SubscriptionsPage() {
  const t = useTranslations('console.subscriptions');
  const { status, plan, organization, subscribe } = route.useSearch();
  const set = useSearchChange();
  const chosen = statuses.find((known) => known === status);
  const subscriptions = usePages('searchSubscriptions', {
    query: {
      ...(chosen && { status: chosen }),
      ...(plan && { plan }),
      ...(organization && { organization }),
    },
  });
  const subscribeButton = (
    <AllowedButton
      operation="subscribeOrganization"
      type="primary"
      onClick={() => set({ subscribe: 'yes' })}
    >
      {t('subscribe')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={subscribeButton} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={subscriptions}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen || plan || organization ? (
              <NoMatch onClear={() => set({ status: '', plan: '', organization: '' })} />
            ) : (
              <EmptyState title={t('none')} action={subscribeButton}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {subscribe && <SubscribeOrganization onClose={() => set({ subscribe: '' })} />}
    </div>
  );
}

type Search = Partial<Record<'status' | 'plan' | 'organization' | 'subscribe', string>>;

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({
      to: paths.consoleSubscriptions,
      search: { ...search, ...change },
      replace: true,
    });
}

function useColumns(): Column<Subscription>[] {
  const t = useTranslations('console.subscriptions');
  const [plan, ...others] = useSubscriptionColumns();
  const customer: Column<Subscription> = {
    title: t('customer'),
    cell: ({ organization }) => <OrganizationLink id={organization} />,
  };
  return plan ? [plan, customer, ...others] : [];
}

const plansOfferedMax = 200;

function Filters() {
  const t = useTranslations('console.subscriptions');
  const tUi = useTranslations('ui');
  const tStatuses = useTranslations('subscription.statuses');
  const { status, plan, organization } = route.useSearch();
  const set = useSearchChange();
  const plans = usePages('searchPlans', { query: { limit: plansOfferedMax } });
  return (
    <div className="actions">
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyStatus')}
        value={statuses.find((known) => known === status)}
        options={statuses.map((value) => ({ value, label: tStatuses(value) }))}
        onChange={(value) => set({ status: value })}
      />
      <ChoiceFilter
        label={t('plan')}
        any={t('anyPlan')}
        value={plan}
        options={plans.rows?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        onChange={(value) => set({ plan: value })}
      />
      <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
    </div>
  );
}
