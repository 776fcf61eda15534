import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { reading } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { type Plan, priceFor } from '../../features/offers/offer.ts';
import { readSeats, sellsSeats } from '../../features/offers/seats.ts';
import type { PayWith } from '../../features/payment/way.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import type { ChangePreview } from '../../features/subscription/subscription.ts';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { CouponField } from './CouponField.tsx';
import { PayField } from './PayField.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';
import { PriceFields } from './PriceFields.tsx';
import { outcomeOf } from './preview.ts';
import { SeatsField } from './SeatsField.tsx';
import { type Order, useSubscribe } from './use-purchase.ts';

const route = getRouteApi('/portal/plans/$plan');

interface Choice {
  cycle?: string;
  currency?: string;
  coupon?: string;
  seats?: string;
}

/** The choices at one side, exactly what they come to at the other. */
export function SubscribeToPlan({ plan }: { plan: Plan }) {
  const t = useTranslations('subscribe');
  const search = route.useSearch();
  const { cycle, currency, coupon } = search;
  const seats = readSeats(search.seats);
  const navigate = useNavigate();
  const price = priceFor(plan, { cycle, currency });
  if (!price) return null;
  const kept: Choice = {
    ...{ cycle: price.billing_cycle, currency: price.currency },
    ...(coupon && { coupon }),
    ...(seats && { seats: String(seats) }),
  };
  const go = (choice: Choice) =>
    void navigate({ to: paths.plan, params: { plan: plan.slug }, search: choice, replace: true });
  const choose = (choice: Choice) => go({ ...kept, ...choice });
  const { coupon: _, ...withoutCoupon } = kept;
  const order: Order = {
    ...{ plan: plan.slug, billing_cycle: price.billing_cycle, currency: price.currency },
    ...(seats && { quantity: seats }),
    ...(coupon && { coupon }),
  };
  return (
    <Checkout
      plan={plan}
      order={order}
      fields={(couponError) => (
        <Panel title={t('choose')}>
          <PriceFields plan={plan} price={price} onChoose={choose} />
          {(sellsSeats(plan) || seats) && (
            <SeatsField
              seats={seats ?? 1}
              onChoose={(chosen) => choose({ seats: String(chosen) })}
            />
          )}
          <CouponField
            code={coupon}
            error={couponError}
            onUse={(code) => (code ? choose({ coupon: code }) : go(withoutCoupon))}
          />
        </Panel>
      )}
    />
  );
}

interface CheckoutProps {
  plan: Plan;
  order: Order;
  fields: (couponError: Error | null) => ReactNode;
}

function Checkout({ plan, order, fields }: CheckoutProps) {
  const preview = useQuery({
    ...reading('previewNewSubscription', { body: order }),
    // What one looks at stays until the next is there.
    placeholderData: keepPreviousData,
    retry: false,
  });
  const isCouponWrong =
    preview.error instanceof ApiError && preview.error.code === 'coupon_invalid';
  return (
    <div className="columns">
      <div className="stack">
        {fields(isCouponWrong ? preview.error : null)}
        {preview.data && !preview.error && <Pay order={order} preview={preview.data} />}
      </div>
      <div className="stack">
        {preview.error && !isCouponWrong && (
          <Failure error={preview.error} onRetry={() => void preview.refetch()} />
        )}
        {preview.isPending && <Loading rows={6} />}
        {preview.data && !preview.error && <PreviewPanel plan={plan} preview={preview.data} />}
      </div>
    </div>
  );
}

/** Pays what is due; where nothing is, it begins at once and says how renewals are collected. */
function Pay({ order, preview }: { order: Order; preview: ChangePreview }) {
  const t = useTranslations('subscribe');
  const amountText = useAmountText();
  const [way, setWay] = useState<PayWith>();
  const outcome = outcomeOf(preview);
  const subscribe = useSubscribe();
  const mustPay = outcome.kind === 'pay';
  const label = mustPay
    ? t('pay', { amount: amountText(outcome.amount, preview.currency, { isExact: true }) })
    : t(preview.subscription.status === 'trialing' ? 'beginTrial' : 'begin');
  return (
    <Panel title={t('payment')}>
      {mustPay && (
        <PayField amount={outcome.amount} currency={preview.currency} way={way} onChoose={setWay} />
      )}
      {!mustPay && <p>{t('nothingDue')}</p>}
      <Refused error={subscribe.error} />
      <div>
        <AllowedButton
          operation="createSubscription"
          type="primary"
          loading={subscribe.isPending}
          blockedBecause={mustPay && !way ? t('chooseWay') : undefined}
          onClick={() => subscribe.start(mustPay && way ? { ...order, ...way } : order)}
        >
          {label}
        </AllowedButton>
      </div>
      <p className="soft">{t('renewalNote')}</p>
    </Panel>
  );
}
