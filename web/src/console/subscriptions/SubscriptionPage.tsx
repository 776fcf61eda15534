/** One subscription: what was agreed, what follows, what is overdue, and its invoices. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { AddOnsPanel } from './AddOnsPanel.tsx';
import { DunningPanel } from './DunningPanel.tsx';
import { EndSubscription } from './EndSubscription.tsx';
import { InvoicesPanel } from './InvoicesPanel.tsx';
import { SubscriptionFacts } from './SubscriptionFacts.tsx';
import type { Subscription } from './subscription.ts';
import { TermsPrice } from './TermsPrice.tsx';

const route = getRouteApi('/console/admin/subscriptions/$id');

export function SubscriptionPage() {
  const { id } = route.useParams();
  const t = useTranslations('console.subscriptions');
  const subscription = useQuery(reading('inspectSubscription', { params: { id } }));
  if (subscription.data) return <Shown subscription={subscription.data} />;
  return (
    <div className="page">
      <PageHeader title={t('one')} note={<Link to={paths.consoleSubscriptions}>{t('all')}</Link>} />
      {subscription.error ? (
        <Failure error={subscription.error} onRetry={() => void subscription.refetch()} />
      ) : (
        <Loading rows={12} />
      )}
    </div>
  );
}

function Shown({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('console.subscriptions');
  const [isEnding, setEnding] = useState(false);
  const { actions, dunning, pending } = subscription;
  return (
    <div className="page">
      <PageHeader
        title={t('named', { plan: subscription.plan.name })}
        note={<Link to={paths.consoleSubscriptions}>{t('all')}</Link>}
        actions={
          <AllowedButton
            operation="endSubscription"
            danger
            blockedBecause={actions.includes('cancel') ? undefined : t('over')}
            onClick={() => setEnding(true)}
          >
            {t('end')}
          </AllowedButton>
        }
      />
      <Panel>
        <SubscriptionFacts subscription={subscription} />
      </Panel>
      {subscription.add_ons.length > 0 && <AddOnsPanel addOns={subscription.add_ons} />}
      {pending && <PendingPanel pending={pending} />}
      {dunning && <DunningPanel dunning={dunning} />}
      <InvoicesPanel subscription={subscription} />
      {isEnding && <EndSubscription subscription={subscription} onClose={() => setEnding(false)} />}
    </div>
  );
}

function PendingPanel({ pending }: { pending: NonNullable<Subscription['pending']> }) {
  const t = useTranslations('console.subscriptions');
  return (
    <Panel title={t('pending')}>
      <p>
        {t.rich('pendingNote', {
          when: () => <When at={pending.effective_at} />,
          plan: pending.plan.name,
          version: pending.plan.version,
          price: () => <TermsPrice terms={pending} />,
        })}
      </p>
    </Panel>
  );
}
