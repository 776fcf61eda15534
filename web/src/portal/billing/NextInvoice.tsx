import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { Failure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { SubscriptionStatus } from '../../features/subscription/SubscriptionStatus.tsx';
import {
  type Subscription,
  useLiveSubscription,
} from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { cyclePriceOf } from '../subscribe/preview.ts';

/** The subscription in a few words, and what it will invoice next. */
export function NextInvoice() {
  const t = useTranslations('billing.next');
  const { subscription, error, retry } = useLiveSubscription();
  if (error && subscription === undefined) return <Failure error={error} onRetry={retry} />;
  return (
    <Panel
      title={t('title')}
      actions={subscription && <Link to={paths.subscription}>{t('toSubscription')}</Link>}
    >
      {subscription === undefined && <Loading rows={4} />}
      {subscription === null && (
        <EmptyState
          title={t('none')}
          action={<ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>}
        >
          {t('noneNote')}
        </EmptyState>
      )}
      {subscription && <Next subscription={subscription} />}
    </Panel>
  );
}

function Next({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('billing.next');
  const { per } = useCycleText();
  const { renews_at: renewsAt, cancel_at: cancelAt, pending, provider, status } = subscription;
  // A change that waits takes effect with the renewal.
  const then = pending ?? subscription;
  return (
    <>
      <Facts
        as="figures"
        items={[
          { label: t('plan'), value: then.plan.name },
          ...(renewsAt && cancelAt === null
            ? [
                {
                  label: t('amount'),
                  value: <Amount value={cyclePriceOf(then)} currency={then.currency} isExact />,
                },
                { label: t('on'), value: <When at={renewsAt} show="day" /> },
              ]
            : []),
        ]}
      />
      <SubscriptionStatus status={status} />
      {renewsAt && cancelAt === null && (
        <p className="soft">
          {t('how', { cycle: per(then.billing_cycle) })}{' '}
          {t(provider === 'wallet' ? 'fromWallet' : 'byLink')}
        </p>
      )}
      {cancelAt && (
        <p className="soft">{t.rich('ends', { when: () => <When at={cancelAt} show="day" /> })}</p>
      )}
    </>
  );
}
