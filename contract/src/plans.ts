/** Plans: what an organization may use, under one name. */
import { z } from 'zod';
import { Amount, AmountNotNegative } from './amounts.ts';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import {
  FeatureValue,
  MeterUnit,
  Quantity,
  QuantityNotNegative,
  ReferenceInput,
} from './meters.ts';
import { offerFields, offerInputFields } from './offers.ts';

export const Window = z
  .enum(['minute', 'hour', 'day', 'month', 'year', 'lifetime'], {
    error: 'Write one of minute, hour, day, month, year, lifetime.',
  })
  .meta({ id: 'Window' });
export type Window = z.output<typeof Window>;

/** Windows turn with the calendar, or at the instant of day at which the organization got its plan or package. */
export const Anchor = z.enum(['calendar', 'subscription']).meta({ id: 'Anchor' });

/** A quota as a plan or package gives it. */
export const QuotaTerms = z
  .object({
    meter: z.string(),
    unit: MeterUnit,
    window: Window,
    anchor: Anchor,
    limit: Quantity.nullable().meta({ description: 'In the meter’s unit; null: unlimited.' }),
    hard: z
      .boolean()
      .meta({ description: 'Refuses what would pass the limit; else it is only recorded.' }),
    overage_price: Amount.nullable().meta({
      description: 'Of each unit past the limit, as the plan’s `overage` says.',
    }),
  })
  .meta({ id: 'QuotaTerms' });

export const QuotaInput = z.strictObject({
  meter: ReferenceInput,
  window: Window,
  anchor: Anchor.optional(),
  limit: QuantityNotNegative.nullable(),
  hard: z.boolean().optional().meta({
    description: 'True where the meter counts, sums or keeps the latest; the others cannot refuse.',
  }),
  overage_price: AmountNotNegative.nullable().optional(),
});

export const quotasMax = 50;
/** At most one quota for each meter, window and anchor. */
export const QuotasInput = z
  .array(QuotaInput)
  .max(quotasMax, `Give at most ${quotasMax} quotas.`)
  .superRefine((quotas, context) => {
    const seen = new Set<string>();
    for (const [index, { meter, window, anchor }] of quotas.entries()) {
      const name = `${meter} ${window} ${anchor ?? 'calendar'}`;
      if (seen.has(name)) {
        context.addIssue({
          code: 'custom',
          path: [index],
          message: 'Give one quota for each meter, window and anchor.',
        });
      }
      seen.add(name);
    }
  });

const rate = z.number().int().min(1, 'A rate is at least 1; leave it out for none.').nullable();
const RateLimits = z.object({
  rpm: rate,
  tpm: rate,
  concurrency: rate,
});
const RateLimitsInput = z.strictObject({
  rpm: rate.and(z.number().max(1_000_000_000).nullable()).optional(),
  tpm: rate.and(z.number().max(1_000_000_000_000).nullable()).optional(),
  concurrency: rate.and(z.number().max(1_000_000).nullable()).optional(),
});

export const Plan = z
  .object({
    id: z.string(),
    slug: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    application: z.object({ id: z.string(), slug: z.string() }).nullable(),
    version: z
      .number()
      .int()
      .meta({ description: 'Counts the changes of what it gives and costs.' }),
    quotas: z.array(QuotaTerms),
    features: z.record(z.string(), FeatureValue),
    models: z.array(z.string()).meta({
      description: 'Models that may be called, or groups as `group:` and a slug; `*` is any.',
    }),
    rate_limits: RateLimits,
    on_short_funds: z.enum(['reject', 'cap']),
    on_abort: z.enum(['delivered', 'drained']).meta({
      description:
        'What a call costs whose caller left: the output that was delivered, or all that the upstream made.',
    }),
    ...offerFields,
    sort_order: z.number().int(),
    status: z.enum(['active', 'archived']),
    created_at: Instant,
  })
  .meta({ id: 'Plan' });

/** What a plan gave and cost from an instant on. */
export const PlanVersion = Plan.pick({
  version: true,
  quotas: true,
  features: true,
  models: true,
  rate_limits: true,
  on_short_funds: true,
  on_abort: true,
})
  .extend({ ...offerFields, created_at: Instant })
  .meta({ id: 'PlanVersion' });

export const PlanSlug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,59}$/,
    'Write the slug in lower-case letters, digits and hyphens, such as "medical-pro".',
  );

export const PlanFields = {
  name: nameOf('plan'),
  description: z.string().trim().max(2000).nullable().optional(),
  quotas: QuotasInput.optional(),
  features: z.record(ReferenceInput, FeatureValue).optional(),
  models: z.array(z.string().trim().min(1).max(200)).min(1).max(500).optional(),
  rate_limits: RateLimitsInput.optional(),
  on_short_funds: z.enum(['reject', 'cap']).optional(),
  on_abort: z.enum(['delivered', 'drained']).optional(),
  ...offerInputFields,
  sort_order: z.number().int().min(-1_000_000).max(1_000_000).optional(),
};

export const listPlans = endpoint({
  operation: 'listPlans',
  method: 'GET',
  path: '/api/v1/plans',
  summary: 'Plans on offer, in the order that the operator gave them.',
  query: PageQuery.extend({ application: z.string().max(100).optional() }),
  answer: pageOf(Plan),
});

export const searchPlans = endpoint({
  operation: 'searchPlans',
  method: 'GET',
  path: '/api/v1/admin/plans',
  summary: 'All plans, archived ones too.',
  query: PageQuery.extend({
    application: z.string().max(100).optional(),
    status: z.enum(['active', 'archived']).optional(),
  }),
  answer: pageOf(Plan),
});

export const getPlan = endpoint({
  operation: 'getPlan',
  method: 'GET',
  path: '/api/v1/admin/plans/{id}',
  summary: 'One plan, by id or slug.',
  params: IdParams,
  answer: Plan,
});

export const listPlanVersions = endpoint({
  operation: 'listPlanVersions',
  method: 'GET',
  path: '/api/v1/admin/plans/{id}/versions',
  summary: 'Every version of a plan, the newest first.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(PlanVersion),
});

export const createPlan = endpoint({
  operation: 'createPlan',
  method: 'POST',
  path: '/api/v1/admin/plans',
  summary: 'Defines a plan: prices, charges, quotas, features, models and rates under one name.',
  body: z.strictObject({
    slug: PlanSlug,
    application: z.string().trim().min(1).max(100).nullable().optional(),
    ...PlanFields,
  }),
  answer: Plan,
  status: 201,
  idempotent: true,
  refusals: ['already_exists', 'meter_unknown', 'rule_violated', 'amount_out_of_range'],
  example: {
    slug: 'pro',
    name: 'Pro',
    prices: [{ currency: 'USD', interval: 'month', amount: '29.99' }],
    trial_days: 14,
    quotas: [{ meter: 'requests', window: 'month', limit: 10000 }],
    models: ['*'],
    rate_limits: { rpm: 60, concurrency: 5 },
  },
});

export const updatePlan = endpoint({
  operation: 'updatePlan',
  method: 'PATCH',
  path: '/api/v1/admin/plans/{id}',
  summary: 'Adds a version to a plan, for those who get it from now on; who has it keeps theirs.',
  params: IdParams,
  body: z.strictObject({ ...PlanFields, status: z.enum(['active', 'archived']) }).partial(),
  answer: Plan,
  refusals: ['meter_unknown', 'rule_violated', 'amount_out_of_range'],
});

export const deletePlan = endpoint({
  operation: 'deletePlan',
  method: 'DELETE',
  path: '/api/v1/admin/plans/{id}',
  summary: 'Archives a plan; who has it keeps it.',
  params: IdParams,
  status: 204,
});
