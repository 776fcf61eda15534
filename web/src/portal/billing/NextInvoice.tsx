import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { InvoiceTotals } from '../../features/invoice/InvoiceTotals.tsx';
import { LineList } from '../../features/invoice/LineList.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { SubscriptionStatus } from '../../features/subscription/SubscriptionStatus.tsx';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

type Upcoming = NonNullable<Answer<'getBillingSummary'>['next_invoice']>;

/** The subscription in a few words, and what its next invoice has come to by now. */
export function NextInvoice() {
  const t = useTranslations('billing.next');
  const summary = useQuery(reading('getBillingSummary'));
  if (summary.error && !summary.data) {
    return <Failure error={summary.error} onRetry={() => void summary.refetch()} />;
  }
  const { subscription, next_invoice: next } = summary.data ?? {};
  return (
    <Panel
      title={t('title')}
      note={next && t.rich('note', { when: () => <When at={next.at} show="day" /> })}
      actions={subscription && <Link to={paths.subscription}>{t('toSubscription')}</Link>}
    >
      {!summary.data && <Loading rows={4} />}
      {subscription === null && (
        <EmptyState
          title={t('none')}
          action={<ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>}
        >
          {t('noneNote')}
        </EmptyState>
      )}
      {subscription && <Plan subscription={subscription} />}
      {next && <SoFar next={next} />}
    </Panel>
  );
}

function Plan({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('billing.next');
  const {
    plan,
    status,
    provider,
    payment_method_id: method,
    renews_at: renewsAt,
    cancel_at: cancelAt,
  } = subscription;
  return (
    <div>
      <div className="actions">
        <strong>{plan.name}</strong>
        <SubscriptionStatus status={status} />
      </div>
      {cancelAt && (
        <p className="soft">{t.rich('ends', { when: () => <When at={cancelAt} show="day" /> })}</p>
      )}
      {renewsAt && !cancelAt && (
        <p className="soft">
          {t(provider === 'wallet' ? 'fromWallet' : method ? 'fromMethod' : 'byLink')}
        </p>
      )}
    </div>
  );
}

function SoFar({ next }: { next: Upcoming }) {
  const t = useTranslations('billing.next');
  return (
    <>
      <LineList lines={next.lines} currency={next.currency} />
      <InvoiceTotals totals={next} dueLabel={t('soFar')} />
    </>
  );
}
