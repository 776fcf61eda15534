/** Coupons: what a subscription is discounted by, for how long, and how often they may be used. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

/** `once`: the first invoice; `repeating`: so many; `forever`: all of the subscription. */
export const CouponDuration = z.enum(['once', 'repeating', 'forever']);

export const Coupon = z
  .object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    percent: z.string().nullable().meta({ description: 'Of what may be discounted.' }),
    amount: Amount.nullable().meta({ description: 'Of each invoice it applies to.' }),
    currency: Currency.nullable().meta({ description: 'Of the amount.' }),
    duration: CouponDuration,
    periods: z.number().int().nullable().meta({ description: 'Invoices, where it repeats.' }),
    redemptions_max: z.number().int().nullable(),
    redemptions_per_organization_max: z.number().int().nullable(),
    redemptions: z.number().int(),
    plans: z.array(z.string()).nullable().meta({ description: 'Slugs; null: every plan.' }),
    expires_at: Instant.nullable(),
    status: z.enum(['active', 'archived']),
    created_at: Instant,
  })
  .meta({ id: 'Coupon' });

/** Codes are matched without regard to case, and kept in capitals. */
export const CouponCode = z
  .string()
  .trim()
  .transform((code) => code.toUpperCase())
  .pipe(
    z
      .string()
      .regex(
        /^[A-Z0-9][A-Z0-9_-]{2,39}$/,
        'Write a code of 3 to 40 letters, digits, hyphens and underscores.',
      ),
  );

const Percent = z
  .string()
  .regex(
    /^(100(\.0{1,4})?|(0|[1-9]\d?)(\.\d{1,4})?)$/,
    'Write the percentage as a decimal from "0" to "100", with at most 4 decimals.',
  )
  .refine((text) => Number(text) > 0, 'Take off more than nothing.');
const limit = z.number().int().min(1).max(1_000_000_000).nullable().optional();

export const searchCoupons = endpoint({
  operation: 'searchCoupons',
  method: 'GET',
  path: '/api/v1/admin/coupons',
  summary: 'All coupons, the newest first.',
  query: PageQuery.extend({ status: z.enum(['active', 'archived']).optional() }),
  answer: pageOf(Coupon),
});

export const getCoupon = endpoint({
  operation: 'getCoupon',
  method: 'GET',
  path: '/api/v1/admin/coupons/{id}',
  summary: 'One coupon, by id or code.',
  params: IdParams,
  answer: Coupon,
});

export const CouponRedemption = z
  .object({
    organization: z.string(),
    reference: z.string().meta({ description: 'The subscription that it discounts.' }),
    redeemed_at: Instant,
  })
  .meta({ id: 'CouponRedemption' });

export const listCouponRedemptions = endpoint({
  operation: 'listCouponRedemptions',
  method: 'GET',
  path: '/api/v1/admin/coupons/{id}/redemptions',
  summary: 'Who redeemed a coupon, the newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(CouponRedemption),
});

export const createCoupon = endpoint({
  operation: 'createCoupon',
  method: 'POST',
  path: '/api/v1/admin/coupons',
  summary: 'Makes a coupon: a percentage, or an amount of one currency.',
  body: z.strictObject({
    code: CouponCode,
    name: nameOf('coupon').optional(),
    percent: Percent.optional(),
    amount: AmountPositive.optional(),
    currency: Currency.optional(),
    duration: CouponDuration,
    periods: z.number().int().min(1).max(1000).optional(),
    redemptions_max: limit,
    redemptions_per_organization_max: limit,
    plans: z.array(z.string().min(1).max(100)).min(1).max(100).nullable().optional(),
    expires_at: InstantInput.nullable().optional(),
  }),
  answer: Coupon,
  status: 201,
  idempotent: true,
  refusals: ['already_exists', 'currency_unsupported', 'rule_violated'],
  example: { code: 'LAUNCH20', percent: '20', duration: 'repeating', periods: 3 },
});

export const updateCoupon = endpoint({
  operation: 'updateCoupon',
  method: 'PATCH',
  path: '/api/v1/admin/coupons/{id}',
  summary: 'Changes who may still redeem a coupon; who has redeemed it keeps what it gives.',
  params: IdParams,
  body: z
    .strictObject({
      name: nameOf('coupon'),
      redemptions_max: limit,
      redemptions_per_organization_max: limit,
      expires_at: InstantInput.nullable(),
      status: z.enum(['active', 'archived']),
    })
    .partial(),
  answer: Coupon,
  refusals: ['rule_violated'],
});
