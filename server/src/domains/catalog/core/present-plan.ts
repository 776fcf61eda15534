/** Meters, features and plans in the contract's words. */
import type { Feature as FeatureAnswer, Meter as MeterAnswer } from '@sluice/contract/meters';
import type { Plan, PlanVersion } from '@sluice/contract/plans';
import type { z } from 'zod';
import type { Meter } from './meter.ts';
import { presentOffer } from './offer.ts';
import type { PlanTerms } from './plan.ts';
import { presentQuota } from './quota-terms.ts';

interface FeatureRecord {
  id: string;
  applicationId: string | null;
  applicationSlug: string | null;
  key: string;
  reference: string;
  name: string;
  kind: 'boolean' | 'number' | 'text';
  status: 'active' | 'archived';
  createdAt: Date;
}

interface PlanRecord extends PlanTerms {
  id: string;
  slug: string;
  name: string;
  description: string | null;
  application_id: string | null;
  application_slug: string | null;
  version: number;
  sort_order: number;
  status: 'active' | 'archived';
  created_at: Date;
}

export function presentMeter(meter: Meter): z.output<typeof MeterAnswer> {
  return {
    id: meter.id,
    reference: meter.reference,
    key: meter.key,
    application: ownerOf(meter.applicationId, meter.applicationSlug),
    name: meter.name,
    aggregation: meter.aggregation,
    unit: meter.unit,
    kind: meter.kind,
    property: meter.property,
    requires_quota: meter.requiresQuota,
    status: meter.status,
    created_at: meter.createdAt.toISOString(),
  };
}

export function presentFeature(feature: FeatureRecord): z.output<typeof FeatureAnswer> {
  return {
    id: feature.id,
    reference: feature.reference,
    key: feature.key,
    application: ownerOf(feature.applicationId, feature.applicationSlug),
    name: feature.name,
    kind: feature.kind,
    status: feature.status,
    created_at: feature.createdAt.toISOString(),
  };
}

export function presentPlan(row: PlanRecord): z.output<typeof Plan> {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    application: ownerOf(row.application_id, row.application_slug),
    version: row.version,
    ...presentTerms(row),
    sort_order: row.sort_order,
    status: row.status,
    created_at: row.created_at.toISOString(),
  };
}

export function presentPlanVersion(record: {
  version: number;
  terms: PlanTerms;
  created_at: Date;
}): z.output<typeof PlanVersion> {
  const { version, terms, created_at: createdAt } = record;
  return { version, ...presentTerms(terms), created_at: createdAt.toISOString() };
}

function presentTerms(terms: PlanTerms) {
  return {
    quotas: terms.quotas.map(presentQuota),
    features: terms.features,
    models: [...terms.models],
    rate_limits: {
      rpm: terms.requests_per_minute,
      tpm: terms.tokens_per_minute === null ? null : Number(terms.tokens_per_minute),
      concurrency: terms.concurrency,
    },
    on_short_funds: terms.on_short_funds,
    on_abort: terms.on_abort,
    ...presentOffer(terms.offer),
  };
}

function ownerOf(id: string | null, slug: string | null): { id: string; slug: string } | null {
  return id === null || slug === null ? null : { id, slug };
}
