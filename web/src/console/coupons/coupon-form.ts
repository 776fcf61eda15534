/** A coupon as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';
import { instantIn, localIn } from '../../ui/zone-instant.ts';

export type Coupon = Answer<'getCoupon'>;

/** Who may still redeem it: what may be changed later. */
export interface LimitsForm {
  name?: string;
  redemptions_max?: number | null;
  redemptions_per_organization_max?: number | null;
  /** What clocks of the page's zone will show. */
  expires_at?: string;
}

export interface CouponForm extends LimitsForm {
  code: string;
  off: 'percent' | 'amount';
  percent?: string;
  amount?: string;
  currency?: string;
  duration: Coupon['duration'];
  periods?: number | null;
  /** Slugs; none: every plan. */
  plans?: string[];
}

export const durations = ['once', 'repeating', 'forever'] as const;

export const codePattern = /^[A-Z0-9][A-Z0-9_-]{2,39}$/;

/** More than nothing, at most all, with at most four decimals. */
export const percentOffPattern = /^(?=.*[1-9])(100(\.0{1,4})?|(0|[1-9]\d?)(\.\d{1,4})?)$/;

export function toCouponBody(
  form: CouponForm,
  timeZone: string,
): NonNullable<Request<'createCoupon'>['body']> {
  const { code, off, percent, amount, currency, duration, periods, plans = [] } = form;
  return {
    code,
    ...(form.name?.trim() && { name: form.name }),
    ...(off === 'percent'
      ? percent && { percent }
      : { ...(amount && { amount }), ...(currency && { currency }) }),
    duration,
    ...(duration === 'repeating' && periods && { periods }),
    ...limitsBody(form),
    plans: plans.length > 0 ? plans : null,
    expires_at: form.expires_at ? instantIn(timeZone, form.expires_at) : null,
  };
}

export function limitsFormOf(coupon: Coupon, timeZone: string): LimitsForm {
  const { name, redemptions_max, redemptions_per_organization_max, expires_at: until } = coupon;
  return {
    name,
    redemptions_max,
    redemptions_per_organization_max,
    ...(until && { expires_at: localIn(timeZone, until) }),
  };
}

/** The form shows an instant to the minute: one that was not touched is not sent, so that it stays exact. */
export function toLimitsChange(
  form: LimitsForm,
  old: Coupon,
  timeZone: string,
): NonNullable<Request<'updateCoupon'>['body']> {
  const { name, expires_at: until } = form;
  const isMoved = (until ?? '') !== (limitsFormOf(old, timeZone).expires_at ?? '');
  return {
    ...(name?.trim() && { name }),
    ...limitsBody(form),
    ...(isMoved && { expires_at: until ? instantIn(timeZone, until) : null }),
  };
}

function limitsBody({ redemptions_max, redemptions_per_organization_max }: LimitsForm) {
  return {
    redemptions_max: redemptions_max ?? null,
    redemptions_per_organization_max: redemptions_per_organization_max ?? null,
  };
}
