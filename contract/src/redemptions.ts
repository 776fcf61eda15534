/** Redemption codes: made in batches, each worth credit to the organization that redeems it first. */
import { z } from 'zod';
import { Amount, AmountPositive, Currency } from './amounts.ts';
import { IdParams, Instant, InstantInput, nameOf, PageQuery, pageOf } from './conventions.ts';
import { CouponDuration } from './coupons.ts';
import { endpoint } from './endpoint.ts';

/** So many codes are made at once. */
export const codesPerBatchMax = 10_000;

const Batch = z
  .object({
    id: z.string(),
    name: z.string(),
    amount: Amount.meta({ description: 'The credit of each code, in the usage currency.' }),
    currency: Currency,
    priority: z.number().int().meta({ description: 'Lower is spent first.' }),
    credit_expires_in_days: z.number().int().nullable().meta({
      description: 'Days of 24 hours from the redemption; null: the credit stays.',
    }),
    expires_at: Instant.nullable().meta({ description: 'Codes are redeemed before that.' }),
    max_redemptions_per_organization: z.number().int(),
    count: z.number().int(),
    unused: z.number().int().meta({ description: 'Neither redeemed nor void.' }),
    redeemed: z.number().int(),
    void: z.number().int(),
    created_at: Instant,
  })
  .meta({ id: 'RedemptionCodeBatch' });

export const createRedemptionCodes = endpoint({
  operation: 'createRedemptionCodes',
  method: 'POST',
  path: '/api/v1/admin/redemption-codes',
  summary: 'Makes a batch of codes that give credit; the codes are shown in this answer only.',
  body: z.strictObject({
    name: nameOf('batch'),
    count: z.number().int().min(1).max(codesPerBatchMax),
    amount: AmountPositive,
    currency: Currency.optional().meta({ description: 'The usage currency.' }),
    priority: z.number().int().min(-1000).max(1000).optional(),
    credit_expires_in_days: z.number().int().min(1).max(3650).nullable().optional(),
    expires_at: InstantInput.nullable().optional(),
    max_redemptions_per_organization: z
      .number()
      .int()
      .min(1)
      .max(codesPerBatchMax)
      .optional()
      .meta({ description: 'Codes of this batch that one organization may redeem; 1 by default.' }),
  }),
  answer: Batch.extend({
    codes: z.array(z.string()).meta({ description: 'Kept as hashes: they cannot be read again.' }),
  }).meta({ id: 'NewRedemptionCodeBatch' }),
  status: 201,
  idempotent: true,
  refusals: ['currency_unsupported', 'amount_out_of_range', 'rule_violated'],
  example: { name: 'Conference 2027', count: 100, amount: '10.00', credit_expires_in_days: 90 },
});

export const searchRedemptionCodes = endpoint({
  operation: 'searchRedemptionCodes',
  method: 'GET',
  path: '/api/v1/admin/redemption-codes',
  summary: 'Batches of codes with what became of them, the newest first.',
  query: PageQuery,
  answer: pageOf(Batch),
});

export const listCodeRedemptions = endpoint({
  operation: 'listCodeRedemptions',
  method: 'GET',
  path: '/api/v1/admin/redemption-codes/{id}/redemptions',
  summary: 'Who redeemed codes of a batch, the newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(
    z
      .object({
        id: z.string(),
        organization: z.string(),
        grant: z.string().meta({ description: 'The credit that was given.' }),
        redeemed_at: Instant,
      })
      .meta({ id: 'CodeRedemption' }),
  ),
});

export const voidRedemptionCodes = endpoint({
  operation: 'voidRedemptionCodes',
  method: 'POST',
  path: '/api/v1/admin/redemption-codes/{id}/void',
  summary: 'Makes the unused codes of a batch worthless; credit that was given stays.',
  params: IdParams,
  answer: Batch,
  idempotent: true,
});

const Redeemed = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('credit'),
      grant: z.string(),
      amount: Amount,
      currency: Currency,
      expires_at: Instant.nullable(),
    }),
    z.object({
      type: z.literal('coupon'),
      code: z.string(),
      percent: z.string().nullable(),
      amount: Amount.nullable(),
      currency: Currency.nullable(),
      duration: CouponDuration,
      periods: z.number().int().nullable(),
      plans: z.array(z.string()).nullable().meta({ description: 'Slugs; null: every plan.' }),
      expires_at: Instant.nullable(),
    }),
  ])
  .meta({ id: 'Redeemed' });

export const redeemCode = endpoint({
  operation: 'redeemCode',
  method: 'POST',
  path: '/api/v1/billing/redemptions',
  summary:
    'Redeems a code for credit at once; of a coupon it says what it takes off, and counts nothing: name it when you subscribe.',
  body: z.strictObject({
    code: z
      .string()
      .trim()
      .min(1, 'Write the code.')
      .max(100, 'A code has at most 100 characters.')
      .meta({ description: 'In capitals or small letters.' }),
  }),
  answer: Redeemed,
  idempotent: true,
  refusals: ['code_invalid', 'code_limit_reached', 'organization_suspended', 'too_many_requests'],
  example: { code: 'SLC-7Q4M-X2HV-9KTR-WB6N-EJ3C' },
});
