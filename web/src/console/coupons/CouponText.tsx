/** What a coupon takes off and for how long, in words. */
import { useTranslations } from 'use-intl';
import { useAmountText } from '../../ui/Amount.tsx';
import { Status } from '../../ui/Status.tsx';
import type { Coupon } from './coupon-form.ts';

export function useOffText(): (coupon: Coupon) => string {
  const t = useTranslations('console.coupons');
  const amountText = useAmountText();
  return ({ percent, amount, currency }) =>
    amount !== null && currency !== null
      ? t('offAmount', { amount: amountText(amount, currency, { isExact: true }) })
      : t('offPercent', { percent: percent ?? '' });
}

export function useDurationText(): (coupon: Coupon) => string {
  const t = useTranslations('console.coupons.durations');
  return ({ duration, periods }) => t(duration, { count: periods ?? 1 });
}

export function CouponStatus({ coupon: { status } }: { coupon: Coupon }) {
  const t = useTranslations('console.coupons.statuses');
  return <Status tone={status === 'active' ? 'good' : 'quiet'}>{t(status)}</Status>;
}
