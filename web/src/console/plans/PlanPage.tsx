/** One plan: what its current version costs and gives, and the versions before it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Status } from '../../ui/Status.tsx';
import { When } from '../../ui/When.tsx';
import { useQuotaText } from '../quotas/quota-text.ts';
import { FeatureText } from './FeatureText.tsx';
import { OfferPanel } from './OfferPanel.tsx';
import { EditPlan } from './PlanDrawer.tsx';
import type { Plan } from './plan-form.ts';
import { RatesText } from './RatesText.tsx';
import { VersionsPanel } from './VersionsPanel.tsx';

const route = getRouteApi('/console/admin/plans/$id');

export function PlanPage() {
  const { id } = route.useParams();
  const { edit } = route.useSearch();
  const t = useTranslations('console.plans');
  const plan = useQuery(reading('getPlan', { params: { id } }));
  const navigate = useNavigate();
  const show = (search: { edit?: string }) =>
    void navigate({ to: paths.consolePlan, params: { id }, search, replace: true });
  const change = (
    <AllowedButton operation="updatePlan" type="primary" onClick={() => show({ edit: 'yes' })}>
      {t('change')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader
        title={plan.data?.name ?? t('one')}
        note={<Link to={paths.consolePlans}>{t('all')}</Link>}
        actions={plan.data && change}
      />
      {plan.error && !plan.data && (
        <Failure error={plan.error} onRetry={() => void plan.refetch()} />
      )}
      {plan.isPending && <Loading rows={12} />}
      {plan.data && <Panels plan={plan.data} />}
      {edit && <EditPlan id={id} onClose={() => show({})} />}
    </div>
  );
}

function Panels({ plan }: { plan: Plan }) {
  const t = useTranslations('console.plans');
  return (
    <>
      <Panel>
        <PlanFacts plan={plan} />
      </Panel>
      <OfferPanel plan={plan} />
      <Panel title={t('gives')}>
        <Given plan={plan} />
      </Panel>
      <VersionsPanel plan={plan} />
    </>
  );
}

function PlanFacts({ plan }: { plan: Plan }) {
  const t = useTranslations('console.plans');
  const tUi = useTranslations('ui');
  const { application, status, created_at, description } = plan;
  return (
    <Facts
      items={[
        {
          label: tUi('status'),
          value: (
            <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(`statuses.${status}`)}</Status>
          ),
        },
        { label: t('slug'), value: <Id value={plan.slug} /> },
        { label: t('application'), value: application?.slug ?? t('ofDeployment') },
        { label: t('version'), value: plan.version },
        { label: t('created'), value: <When at={created_at} show="day" /> },
        { label: 'ID', value: <Id value={plan.id} /> },
        ...(description ? [{ label: t('description'), value: description }] : []),
      ]}
    />
  );
}

function Given({ plan }: { plan: Plan }) {
  const t = useTranslations('console.plans');
  const quotaText = useQuotaText();
  const { quotas, features, models, rate_limits, on_short_funds, on_abort } = plan;
  return (
    <Facts
      items={[
        {
          label: t('quotas'),
          value:
            quotas.length === 0
              ? t('givesNothing')
              : quotas.map((quota) => (
                  <div key={`${quota.meter} ${quota.window} ${quota.anchor}`}>
                    {quotaText(quota)}
                  </div>
                )),
        },
        { label: t('rates'), value: <RatesText rates={rate_limits} /> },
        { label: t('models'), value: models.includes('*') ? t('anyModel') : models.join(', ') },
        { label: t('onShortFunds'), value: t(`shortFunds.${on_short_funds}`) },
        { label: t('onAbort'), value: t(`abort.${on_abort}`) },
        ...Object.entries(features).map(([feature, value]) => ({
          label: feature,
          value: <FeatureText value={value} />,
        })),
      ]}
    />
  );
}
