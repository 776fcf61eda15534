/** A plan as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';
import { type QuotaForm, quotaFormOf, toQuotaBody } from '../quotas/quota-form.ts';
import type { FeatureValues } from './FeaturesField.tsx';
import { emptyOffer, type OfferForm, offerFormOf, toOfferFields } from './offer-form.ts';

export type Plan = Answer<'getPlan'>;
type Body = Request<'createPlan'>['body'];

export interface PlanForm extends OfferForm {
  slug: string;
  application: string | null;
  name: string;
  description?: string;
  quotas?: QuotaForm[];
  features?: FeatureValues;
  models: string[];
  rate_limits: { rpm?: number | null; tpm?: number | null; concurrency?: number | null };
  on_short_funds: Plan['on_short_funds'];
  on_abort: Plan['on_abort'];
  sort_order?: number | null;
}

/** A plan that gives nothing yet. */
export const emptyPlan: Partial<PlanForm> = {
  ...emptyOffer,
  quotas: [],
  features: {},
  models: ['*'],
  rate_limits: {},
  on_short_funds: 'reject',
  on_abort: 'delivered',
  sort_order: 0,
};

export function planFormOf(plan: Plan): Partial<PlanForm> {
  const { name, features, models, rate_limits, on_short_funds, on_abort, sort_order } = plan;
  return {
    ...offerFormOf(plan),
    name,
    description: plan.description ?? '',
    quotas: plan.quotas.map(quotaFormOf),
    features,
    models,
    rate_limits,
    on_short_funds,
    on_abort,
    sort_order,
  };
}

/** What both a new plan and a changed one are sent with. */
export function toPlanFields(fields: Omit<PlanForm, 'slug' | 'application'>): Omit<Body, 'slug'> {
  const { rpm, tpm, concurrency } = fields.rate_limits;
  return {
    ...toOfferFields(fields),
    name: fields.name,
    description: fields.description?.trim() || null,
    quotas: (fields.quotas ?? []).map(toQuotaBody),
    features: fields.features ?? {},
    models: fields.models,
    rate_limits: { rpm: rpm ?? null, tpm: tpm ?? null, concurrency: concurrency ?? null },
    on_short_funds: fields.on_short_funds,
    on_abort: fields.on_abort,
    sort_order: fields.sort_order ?? 0,
  };
}
