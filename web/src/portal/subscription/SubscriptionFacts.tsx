import { useTranslations } from 'use-intl';
import { useCycleText } from '../../features/offers/cycle-text.ts';
import { SubscriptionStatus } from '../../features/subscription/SubscriptionStatus.tsx';
import type { Subscription } from '../../features/subscription/subscription.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Id } from '../../ui/Id.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { cyclePriceOf } from '../subscribe/preview.ts';

/** What one has, what it costs, and until when. */
export function SubscriptionFacts({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  const tUi = useTranslations('ui');
  const { per } = useCycleText();
  const { plan, status, currency, quantity } = subscription;
  return (
    <Panel title={plan.name}>
      <Facts
        as="figures"
        items={[
          { label: tUi('status'), value: <SubscriptionStatus status={status} /> },
          {
            label: t('price'),
            value: (
              <>
                <Amount value={cyclePriceOf(subscription)} currency={currency} isExact />{' '}
                <small className="soft">{per(subscription.billing_cycle)}</small>
              </>
            ),
          },
        ]}
      />
      <Facts
        items={[
          ...(quantity > 1 ? [{ label: t('seats'), value: t('count', { count: quantity }) }] : []),
          { label: t('period'), value: <Period subscription={subscription} /> },
          ...day(t('trialEnds'), subscription.trial_ends_at, status === 'trialing'),
          ...day(t('renews'), subscription.renews_at, subscription.cancel_at === null),
          ...day(t('ends'), subscription.cancel_at),
          ...couponFact(subscription, t),
          { label: t('version'), value: t('count', { count: plan.version }) },
          { label: t('since'), value: <When at={subscription.started_at} show="day" /> },
          { label: t('id'), value: <Id value={subscription.id} isShort /> },
        ]}
      />
    </Panel>
  );
}

function Period({ subscription: { period } }: { subscription: Subscription }) {
  const t = useTranslations('subscription');
  if (period.to === null) {
    return t.rich('endless', { when: () => <When at={period.from} show="day" /> });
  }
  return (
    <>
      <When at={period.from} show="day" /> – <When at={period.to} show="day" />
    </>
  );
}

function day(label: string, at: string | null, isShown = true) {
  return at !== null && isShown ? [{ label, value: <When at={at} show="day" /> }] : [];
}

function couponFact(
  { coupon }: Subscription,
  t: ReturnType<typeof useTranslations<'subscription'>>,
) {
  if (!coupon) return [];
  const left = coupon.invoices_left;
  const value =
    left === null
      ? t('couponForever', { code: coupon.code })
      : t('couponLeft', { code: coupon.code, count: left });
  return [{ label: t('coupon'), value }];
}
