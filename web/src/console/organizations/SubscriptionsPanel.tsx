import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useSubscriptionColumns } from '../subscriptions/columns.tsx';
import { SubscribeOrganization } from '../subscriptions/SubscribeOrganization.tsx';
import type { OfOrganization } from './terms.ts';

const shownAtOnce = 5;

/** What the customer has subscribed to, now and before. */
export function SubscriptionsPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.subscriptions');
  const [isSubscribing, setSubscribing] = useState(false);
  const subscriptions = usePages('searchSubscriptions', {
    query: { organization: organization.id, limit: shownAtOnce },
  });
  const hasOne = subscriptions.rows?.some(({ status }) => status !== 'expired') ?? false;
  const subscribe = (
    <AllowedButton
      operation="subscribeOrganization"
      blockedBecause={hasOne ? t('hasOne') : undefined}
      onClick={() => setSubscribing(true)}
    >
      {t('subscribeThis')}
    </AllowedButton>
  );
  const isEmpty = subscriptions.rows?.length === 0;
  return (
    <Panel title={t('title')} actions={!isEmpty && subscribe}>
      <DataTable
        label={t('title')}
        list={subscriptions}
        columns={useSubscriptionColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={
          <EmptyState title={t('noneHere')} action={subscribe}>
            {t('noneHereNote')}
          </EmptyState>
        }
      />
      {isSubscribing && (
        <SubscribeOrganization organization={organization} onClose={() => setSubscribing(false)} />
      )}
    </Panel>
  );
}
