import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { useConfirm } from '../forms/use-confirm.ts';
import { RatesText } from '../plans/RatesText.tsx';
import { GivePlan } from './GivePlan.tsx';
import { type OfOrganization, termsReads } from './terms.ts';

type Given = NonNullable<Answer<'getOrganizationPlan'>['plan']>;

export function PlanPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.organizationPlan');
  const [isGiving, setGiving] = useState(false);
  const terms = useQuery(reading('getOrganizationPlan', { params: { id: organization.id } }));
  const given = terms.data?.plan ?? undefined;
  const give = (
    <AllowedButton operation="givePlan" onClick={() => setGiving(true)}>
      {t(given ? 'change' : 'give')}
    </AllowedButton>
  );
  return (
    <Panel
      title={t('title')}
      actions={
        given && (
          <>
            {give}
            <EndButton organization={organization} given={given} />
          </>
        )
      }
    >
      {terms.error && !terms.data && (
        <Failure error={terms.error} onRetry={() => void terms.refetch()} />
      )}
      {terms.isPending && <Loading rows={3} />}
      {terms.data && !given && (
        <EmptyState title={t('none')} action={give}>
          {t('noneNote')}
        </EmptyState>
      )}
      {given && <GivenFacts given={given} />}
      {isGiving && <GivePlan organization={organization} onClose={() => setGiving(false)} />}
    </Panel>
  );
}

function GivenFacts({ given }: { given: Given }) {
  const t = useTranslations('console.organizationPlan');
  const tPlans = useTranslations('console.plans');
  const { plan, starts_at, ends_at, models, rate_limits, on_short_funds, on_abort } = given;
  return (
    <Facts
      items={[
        {
          label: t('plan'),
          value: (
            <>
              {plan.name} <span className="soft">{t('version', { version: plan.version })}</span>
            </>
          ),
        },
        { label: t('since'), value: <When at={starts_at} /> },
        { label: t('until'), value: ends_at === null ? t('open') : <When at={ends_at} /> },
        { label: t('rates'), value: <RatesText rates={rate_limits} /> },
        {
          label: t('models'),
          value: models.includes('*') ? t('anyModel') : models.join(', '),
        },
        { label: t('shortFunds'), value: tPlans(`shortFunds.${on_short_funds}`) },
        { label: tPlans('onAbort'), value: tPlans(`abort.${on_abort}`) },
      ]}
    />
  );
}

function EndButton({ organization, given }: OfOrganization & { given: Given }) {
  const t = useTranslations('console.organizationPlan');
  const confirm = useConfirm();
  const end = useChange('endPlan', { refreshes: termsReads });
  const ask = () =>
    confirm({
      title: t('endTitle', { plan: given.plan.name, organization: organization.name }),
      content: t('endNote'),
      okText: t('end'),
      isDanger: true,
      act: () => end.mutateAsync({ params: { id: organization.id } }),
    });
  return (
    <AllowedButton operation="endPlan" danger onClick={ask}>
      {t('end')}
    </AllowedButton>
  );
}
