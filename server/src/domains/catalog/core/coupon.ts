/** Who may redeem a coupon, and what it takes off. */
import type { Coupon } from '@sluice/contract/coupons';
import type { z } from 'zod';
import { formatMinor } from '../../../platform/money.ts';
import { divide, parseRatio, type Ratio, ratio } from '../../../platform/ratio.ts';

export interface CouponTerms {
  code: string;
  percent: string | null;
  amount_minor: bigint | null;
  currency: string | null;
  duration: 'once' | 'repeating' | 'forever';
  periods: number | null;
  redemptions_max: number | null;
  redemptions_per_organization_max: number | null;
  redemptions: number;
  plans: readonly string[] | null;
  expires_at: Date | null;
  status: 'active' | 'archived';
}

export interface CouponUse {
  code: string;
  discount: { kind: 'percentage'; share: Ratio } | { kind: 'amount'; amount: Ratio };
  /** Of how many invoices; null: of all. */
  invoices: number | null;
}

export interface CouponAsk {
  planSlug: string;
  currency: string;
  now: Date;
  /** How often this organization has redeemed it. */
  redeemed: number;
}

/** What a coupon gives here, or why it gives nothing. */
export function decideCoupon(
  coupon: CouponTerms,
  ask: CouponAsk,
): { allowed: true; use: CouponUse } | { allowed: false; sentence: string } {
  const { code, plans, expires_at: expiresAt, redemptions_max: max } = coupon;
  const perOrganization = coupon.redemptions_per_organization_max;
  const refuse = (sentence: string) => ({ allowed: false as const, sentence });
  if (coupon.status === 'archived') return refuse(`The coupon "${code}" is no longer given.`);
  if (expiresAt !== null && expiresAt <= ask.now)
    return refuse(`The coupon "${code}" has expired.`);
  if (max !== null && coupon.redemptions >= max) {
    return refuse(`The coupon "${code}" is used up.`);
  }
  if (perOrganization !== null && ask.redeemed >= perOrganization) {
    return refuse(`You have used the coupon "${code}" already.`);
  }
  if (plans !== null && !plans.includes(ask.planSlug)) {
    return refuse(`The coupon "${code}" is for ${plans.join(', ')} only.`);
  }
  if (coupon.currency !== null && coupon.currency !== ask.currency) {
    return refuse(`The coupon "${code}" is for prices in ${coupon.currency}.`);
  }
  return { allowed: true, use: useOf(coupon) };
}

function useOf(coupon: CouponTerms): CouponUse {
  const { code, percent, amount_minor: amount, duration, periods } = coupon;
  const discount =
    percent === null
      ? { kind: 'amount' as const, amount: ratio(amount ?? 0n) }
      : { kind: 'percentage' as const, share: divide(parseRatio(percent), ratio(100n)) };
  return { code, discount, invoices: { once: 1, repeating: periods, forever: null }[duration] };
}

export function presentCoupon(
  row: CouponTerms & { id: string; name: string; created_at: Date },
): z.output<typeof Coupon> {
  const { amount_minor: amount, currency, plans } = row;
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    percent: row.percent,
    amount: amount === null || currency === null ? null : formatMinor({ minor: amount, currency }),
    currency,
    duration: row.duration,
    periods: row.periods,
    redemptions_max: row.redemptions_max,
    redemptions_per_organization_max: row.redemptions_per_organization_max,
    redemptions: row.redemptions,
    plans: plans && [...plans],
    expires_at: row.expires_at?.toISOString() ?? null,
    status: row.status,
    created_at: row.created_at.toISOString(),
  };
}
