import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { SubscriptionStatus } from '../../features/subscription/SubscriptionStatus.tsx';
import { paths } from '../../paths.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { When } from '../../ui/When.tsx';
import { nextOf, type Subscription } from './subscription.ts';
import { TermsPrice } from './TermsPrice.tsx';

/** Subscriptions in a table, without the customer whose they are. */
export function useSubscriptionColumns(): Column<Subscription>[] {
  const t = useTranslations('console.subscriptions');
  const tUi = useTranslations('ui');
  const tOwn = useTranslations('subscription');
  return [
    {
      title: t('plan'),
      cell: ({ id, plan }) => (
        <span className="twofold">
          <Link to={paths.consoleSubscription} params={{ id }}>
            {plan.name}
          </Link>
          <small>{t('version', { version: plan.version })}</small>
        </span>
      ),
    },
    { title: tUi('status'), cell: ({ status }) => <SubscriptionStatus status={status} /> },
    { title: tOwn('price'), cell: (terms) => <TermsPrice terms={terms} /> },
    { title: t('next'), cell: (subscription) => <Next subscription={subscription} /> },
    { title: t('since'), cell: ({ started_at }) => <When at={started_at} show="day" /> },
  ];
}

function Next({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('console.subscriptions.nexts');
  const next = nextOf(subscription);
  if (!next) return t('goesOn');
  return t.rich(next.what, { when: () => <When at={next.at} show="day" /> });
}
