import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { isLive, type Subscription } from '../../features/subscription/subscription.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { quoteWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { BillingNav } from '../billing/BillingNav.tsx';
import { Actions } from './Actions.tsx';
import { AddOnsPanel } from './AddOnsPanel.tsx';
import { CollectionPanel } from './CollectionPanel.tsx';
import { Notices } from './Notices.tsx';
import { PastSubscriptions } from './PastSubscriptions.tsx';
import { SubscriptionFacts } from './SubscriptionFacts.tsx';

export function SubscriptionPage() {
  return (
    <WithWords words={quoteWords}>
      <SubscriptionOfCustomer />
    </WithWords>
  );
}

function SubscriptionOfCustomer() {
  const t = useTranslations('subscription');
  const list = usePages('listSubscriptions', {});
  const live = list.rows?.find(isLive);
  const past = list.rows?.filter((subscription) => !isLive(subscription)) ?? [];
  return (
    <div className="page">
      <PageHeader title={t('title')} actions={live && <Actions subscription={live} />} />
      <BillingNav />
      {list.error && !list.rows && renderFailure(list.error, list.retry)}
      {!list.rows && !list.error && <Loading rows={6} />}
      {list.rows && !live && <None />}
      {live && <Live subscription={live} />}
      {past.length > 0 && <PastSubscriptions list={{ ...list, rows: past }} />}
    </div>
  );
}

function None() {
  const t = useTranslations('subscription');
  return (
    <Panel>
      <EmptyState
        title={t('none')}
        action={
          <ButtonLink to={paths.plans} isPrimary>
            {t('toPlans')}
          </ButtonLink>
        }
      >
        {t('noneNote')}
      </EmptyState>
    </Panel>
  );
}

function Live({ subscription }: { subscription: Subscription }) {
  return (
    <>
      <Notices subscription={subscription} />
      <SubscriptionFacts subscription={subscription} />
      <AddOnsPanel subscription={subscription} />
      <CollectionPanel subscription={subscription} />
    </>
  );
}
