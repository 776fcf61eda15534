/** What an organization may use now. */
import { z } from 'zod';
import { Amount, Currency } from './amounts.ts';
import { Day, IdParams, Instant, InstantInput, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';
import {
  Aggregation,
  FeatureValue,
  MeterUnit,
  Quantity,
  QuantityNotNegative,
  ReferenceInput,
} from './meters.ts';
import { Anchor, Window } from './plans.ts';

export const DailyUsage = z
  .object({
    organization_package: z.string().meta({ description: 'The package as it was bought.' }),
    package: z.object({ id: z.string(), name: z.string() }),
    date: Day,
    allowance: Amount,
    used: Amount,
    held: Amount,
    remaining: Amount,
    currency: Currency,
    resets_at: Instant,
    expires_at: Instant.meta({ description: 'When the package ends.' }),
  })
  .meta({ id: 'DailyUsage' });

export const listDailyUsage = endpoint({
  operation: 'listDailyUsage',
  method: 'GET',
  path: '/api/v1/billing/daily-usage',
  summary: 'Today’s allowance of each package, in the organization’s time zone.',
  query: PageQuery,
  answer: pageOf(DailyUsage),
});

const SubjectKind = z.enum(['organization', 'member', 'api_key', 'cost_center']);
const QuotaSource = z.object({
  source: z.enum(['plan', 'package', 'override', 'api_key', 'overage', 'cap']),
  id: z.string(),
  limit: Quantity.nullable(),
  hard: z.boolean(),
  starts_at: Instant,
  ends_at: Instant.nullable(),
});

/** A quota as it stands, and why. */
export const OrganizationQuota = z
  .object({
    id: z.string(),
    subject: z.object({ kind: SubjectKind, id: z.string() }),
    meter: z.string(),
    unit: MeterUnit,
    aggregation: Aggregation,
    window: Window,
    anchor_at: Instant.nullable().meta({ description: 'Null where windows follow the calendar.' }),
    limit: Quantity.nullable().meta({ description: 'From all sources in force; null: unlimited.' }),
    hard: z.boolean(),
    in_force: z.boolean().meta({ description: 'Whether any of its sources is in force.' }),
    changes_at: Instant.nullable().meta({ description: 'When the next source begins or ends.' }),
    sources: z.array(QuotaSource),
  })
  .meta({ id: 'OrganizationQuota' });

/** The plan's terms as they were when the organization got it. */
export const OrganizationPlan = z
  .object({
    plan: z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      version: z.number().int(),
    }),
    starts_at: Instant,
    ends_at: Instant.nullable(),
    features: z.record(z.string(), FeatureValue),
    models: z.array(z.string()),
    rate_limits: z.object({
      rpm: z.number().int().nullable(),
      tpm: z.number().int().nullable(),
      concurrency: z.number().int().nullable(),
    }),
    on_short_funds: z.enum(['reject', 'cap']),
    on_abort: z.enum(['delivered', 'drained']),
  })
  .meta({ id: 'OrganizationPlan' });

export const getOrganizationPlan = endpoint({
  operation: 'getOrganizationPlan',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/plan',
  summary: 'The plan that an organization has; null where it has none.',
  params: IdParams,
  answer: z.object({ plan: OrganizationPlan.nullable() }),
});

export const givePlan = endpoint({
  operation: 'givePlan',
  method: 'PUT',
  path: '/api/v1/admin/organizations/{id}/plan',
  summary: 'Gives an organization a plan in place of the one it has; what was used stays counted.',
  params: IdParams,
  body: z.strictObject({
    plan: z.string().min(1).max(100).meta({ description: 'Id or slug.' }),
    starts_at: InstantInput.optional(),
    ends_at: InstantInput.nullable().optional(),
  }),
  answer: OrganizationPlan,
  refusals: ['rule_violated'],
  example: { plan: 'pro' },
});

export const endPlan = endpoint({
  operation: 'endPlan',
  method: 'DELETE',
  path: '/api/v1/admin/organizations/{id}/plan',
  summary: 'Ends an organization’s plan at once, with its quotas.',
  params: IdParams,
  status: 204,
});

export const listOrganizationQuotas = endpoint({
  operation: 'listOrganizationQuotas',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/quotas',
  summary: 'Every quota of an organization, with its sources.',
  params: IdParams,
  query: PageQuery,
  answer: pageOf(OrganizationQuota),
});

export const setQuotaOverride = endpoint({
  operation: 'setQuotaOverride',
  method: 'PUT',
  path: '/api/v1/admin/organizations/{id}/quotas/overrides',
  summary: 'Sets a limit that stands alone, whatever plan and packages give.',
  params: IdParams,
  body: z.strictObject({
    subject: z.strictObject({ kind: SubjectKind, id: z.string().min(1).max(100) }).optional(),
    meter: ReferenceInput,
    window: Window,
    anchor: Anchor.optional(),
    limit: QuantityNotNegative.nullable(),
    hard: z.boolean().optional(),
    ends_at: InstantInput.nullable().optional(),
  }),
  answer: OrganizationQuota,
  refusals: ['meter_unknown', 'rule_violated'],
  example: { meter: 'medical.analyses', window: 'month', limit: '5000' },
});

export const removeQuotaOverride = endpoint({
  operation: 'removeQuotaOverride',
  method: 'DELETE',
  path: '/api/v1/admin/organizations/{id}/quotas/overrides',
  summary: 'Takes an override back; what plan and packages give counts again.',
  params: IdParams,
  query: z.strictObject({ quota: z.string().min(1).max(100) }),
  status: 204,
});

const OrganizationFeatures = z
  .object({
    data: z.array(
      z.object({
        feature: z.string(),
        value: FeatureValue,
        source: z.enum(['plan', 'override']),
      }),
    ),
  })
  .meta({ id: 'OrganizationFeatures' });

export const getOrganizationFeatures = endpoint({
  operation: 'getOrganizationFeatures',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/features',
  summary: 'Features that an organization has, and from where.',
  params: IdParams,
  answer: OrganizationFeatures,
});

export const setOrganizationFeatures = endpoint({
  operation: 'setOrganizationFeatures',
  method: 'PUT',
  path: '/api/v1/admin/organizations/{id}/features',
  summary:
    'Sets the features that stand whatever the plan says; those left out follow the plan again.',
  params: IdParams,
  body: z.strictObject({ features: z.record(ReferenceInput, FeatureValue) }),
  answer: OrganizationFeatures,
  refusals: ['rule_violated'],
  example: { features: { 'medical.sso': true, 'medical.seats': 12 } },
});
