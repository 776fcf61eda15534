import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { SubscriptionStatus } from '../../features/subscription/SubscriptionStatus.tsx';
import { paths } from '../../paths.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { When } from '../../ui/When.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { nextOf, type Subscription } from './subscription.ts';
import { TermsPrice } from './TermsPrice.tsx';

export function SubscriptionFacts({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('console.subscriptions');
  const tUi = useTranslations('ui');
  const tOwn = useTranslations('subscription');
  const { id, plan, status, trial_ends_at: trialEnds, provider } = subscription;
  const next = nextOf(subscription);
  return (
    <Facts
      items={[
        { label: tUi('status'), value: <SubscriptionStatus status={status} /> },
        { label: t('customer'), value: <OrganizationLink id={subscription.organization} /> },
        {
          label: t('plan'),
          value: (
            <>
              <Link to={paths.consolePlan} params={{ id: plan.id }}>
                {plan.name}
              </Link>{' '}
              <span className="soft">{t('version', { version: plan.version })}</span>
            </>
          ),
        },
        { label: tOwn('price'), value: <TermsPrice terms={subscription} /> },
        { label: tOwn('period'), value: <Period subscription={subscription} /> },
        ...(trialEnds ? [{ label: tOwn('trialEnds'), value: <When at={trialEnds} /> }] : []),
        ...(next ? [{ label: t(`nextLabels.${next.what}`), value: <When at={next.at} /> }] : []),
        { label: tOwn('coupon'), value: <Coupon coupon={subscription.coupon} /> },
        {
          label: tOwn('collection'),
          value: tOwn(provider === 'wallet' ? 'fromWallet' : 'byLink'),
        },
        { label: t('since'), value: <When at={subscription.started_at} /> },
        { label: 'ID', value: <Id value={id} /> },
      ]}
    />
  );
}

function Period({ subscription: { period } }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const { from, to } = period;
  if (to === null) {
    return t.rich('endless', { when: () => <When at={from} show="day" /> });
  }
  return (
    <>
      <When at={from} show="day" /> – <When at={to} show="day" />
    </>
  );
}

function Coupon({ coupon }: Pick<Subscription, 'coupon'>) {
  const t = useTranslations('subscription');
  if (!coupon) return '–';
  const { code, invoices_left: count } = coupon;
  const text = count === null ? t('couponForever', { code }) : t('couponLeft', { code, count });
  return (
    <Link to={paths.consoleCoupon} params={{ id: code }}>
      {text}
    </Link>
  );
}
