/** What a plan costs: prices by currency and billing cycle, and charges for what is used. */
import { z } from 'zod';
import { Amount, AmountNotNegative, AmountPositive, Currency, decimalInput } from './amounts.ts';
import { Reference, ReferenceInput } from './meters.ts';

export const IntervalUnit = z.enum(['day', 'week', 'month', 'year', 'once']);

/**
 * A cycle's name: `month`, `year`, `3_months`, `10_days`, and `once` for what is paid once and lasts until it is canceled.
 */
export const BillingCycle = z
  .string()
  .regex(
    /^(once|day|week|month|year|([2-9]|[1-9]\d{1,2})_(days|weeks|months|years))$/,
    'Write a billing cycle such as "month", "year", "3_months", "10_days" or "once".',
  )
  .meta({ id: 'BillingCycle', example: 'month' });

export const PlanPrice = z
  .object({
    currency: Currency,
    interval: IntervalUnit,
    interval_count: z.number().int(),
    billing_cycle: BillingCycle,
    amount: Amount.meta({ description: 'Of one seat, for one cycle, in advance.' }),
    setup_fee: Amount.meta({ description: 'With the first invoice.' }),
    minimum_commitment: Amount.nullable().meta({
      description: 'A cycle and its use cost at least so much; what is missing is invoiced.',
    }),
  })
  .meta({ id: 'PlanPrice' });

export const PlanPriceInput = z.strictObject({
  currency: Currency,
  interval: IntervalUnit,
  interval_count: z.number().int().min(1).max(999).optional(),
  amount: AmountNotNegative,
  setup_fee: AmountNotNegative.optional(),
  minimum_commitment: AmountPositive.nullable().optional(),
});

const tierOf = <A extends z.ZodType, Q extends z.ZodType>(amount: A, quantity: Q) =>
  z.strictObject({
    up_to: quantity.nullable().meta({ description: 'The last unit in it; null in the last tier.' }),
    unit_amount: amount,
    flat_amount: amount.optional().meta({ description: 'Due once where the tier is reached.' }),
    per: quantity
      .optional()
      .meta({ description: 'Units that are sold together, a begun lot in full.' }),
  });

function pricingOf<A extends z.ZodType, Q extends z.ZodType>(amount: A, quantity: Q) {
  const tiers = z.array(tierOf(amount, quantity)).min(1).max(50);
  const tiered = { tiers, charge_flat_at_zero: z.boolean().optional() };
  return [
    z.strictObject({ model: z.literal('flat'), amount }),
    z.strictObject({ model: z.literal('per_unit'), unit_amount: amount }),
    z.strictObject({ model: z.literal('graduated'), ...tiered }),
    z.strictObject({ model: z.literal('volume'), ...tiered }),
    z.strictObject({ model: z.literal('package'), size: quantity, amount }),
    z.strictObject({
      model: z.literal('percentage'),
      rate: quantity.meta({ description: 'Percent of each event’s quantity.' }),
      fixed_amount: amount.optional().meta({ description: 'Of each event.' }),
      free_events: z.number().int().min(0).max(1_000_000_000).optional(),
      free_total: quantity.optional(),
      per_event_minimum: amount.optional(),
      per_event_maximum: amount.optional(),
    }),
    z.strictObject({ model: z.literal('graduated_percentage'), ...tiered }),
    z.strictObject({
      model: z.literal('dynamic'),
      multiplier: quantity.meta({ description: 'What each event’s own amount is multiplied by.' }),
    }),
    z.strictObject({
      model: z.literal('tokens'),
      per_million: z
        .record(z.string().max(40), amount)
        .meta({ description: 'By position, such as `input` and `output`.' }),
      markup: quantity.optional().meta({ description: 'Percent on top.' }),
    }),
  ] as const;
}

function chargeOf<R extends z.ZodType, A extends z.ZodType, Q extends z.ZodType>(
  reference: R,
  amount: A,
  quantity: Q,
) {
  const common = {
    meter: reference,
    name: z.string().trim().min(1).max(100).optional(),
    currency: Currency.optional().meta({ description: 'Where the plan has prices in several.' }),
    free_units: quantity.optional(),
    discount: quantity.optional().meta({ description: 'Percent, before minimum and maximum.' }),
    minimum_spend: amount.optional(),
    maximum_spend: amount.optional(),
  };
  const [flat, perUnit, graduated, volume, pack, percentage, graduatedPercentage, dynamic, tokens] =
    pricingOf(amount, quantity);
  return z.discriminatedUnion('model', [
    flat.extend(common),
    perUnit.extend(common),
    graduated.extend(common),
    volume.extend(common),
    pack.extend(common),
    percentage.extend(common),
    graduatedPercentage.extend(common),
    dynamic.extend(common),
    tokens.extend(common),
  ]);
}

const QuantityInput = decimalInput('quantity').refine((text) => !text.startsWith('-'), {
  message: 'The quantity must not be negative.',
});

/** Priced in arrears, over all that was used within a cycle. */
export const PlanCharge = chargeOf(Reference, Amount, z.string()).meta({ id: 'PlanCharge' });
export const PlanChargeInput = chargeOf(ReferenceInput, AmountNotNegative, QuantityInput);
export type PlanChargeInput = z.output<typeof PlanChargeInput>;

export const ProrationRule = z.enum(['second', 'day', 'thirty_days', 'none']);
export const RefundPolicy = z.enum(['unused', 'full', 'none']);

export const Overage = z.enum(['refuse', 'wallet', 'invoice']);

/** Who may subscribe: everybody, or the organizations named. */
const VisibleTo = z.union([z.literal('public'), z.array(z.string().max(100)).min(1).max(100)]);

/** What a plan's version costs, as it is answered. */
export const offerFields = {
  prices: z.array(PlanPrice),
  trial_days: z.number().int(),
  setup_fee: Amount.meta({ description: 'Of each price that names no other.' }),
  charges: z.array(PlanCharge),
  proration: ProrationRule.meta({ description: 'How a change within a cycle is shared.' }),
  refund: RefundPolicy.meta({ description: 'What is given back when a subscription ends early.' }),
  visible_to: VisibleTo,
  overage: Overage.meta({
    description:
      'Past the limit of a quota with an overage price: refused, taken from wallet and credit as it is used, or invoiced with the next period.',
  }),
  daily_limit: z
    .null()
    .meta({ description: 'A daily allowance is a package’s; a plan has none of its own.' }),
  addon_of: z.array(z.string()).nullable().meta({
    description: 'Slugs of the plans that it is sold on top of; null: a plan of its own.',
  }),
};

export const offerInputFields = {
  prices: z.array(PlanPriceInput).max(50).optional(),
  trial_days: z.number().int().min(0).max(730).optional(),
  setup_fee: AmountNotNegative.optional(),
  charges: z.array(PlanChargeInput).max(50).optional(),
  proration: ProrationRule.optional(),
  refund: RefundPolicy.optional(),
  visible_to: VisibleTo.optional(),
  overage: Overage.optional(),
  daily_limit: z
    .null({ error: 'Sell a daily allowance as a package beside the plan: leave it out.' })
    .optional(),
  addon_of: z.array(z.string().min(1).max(100)).min(1).max(100).nullable().optional(),
};
