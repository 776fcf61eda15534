/** Quotas and plans of organizations in the contract's words. */
import type {
  OrganizationPlan as PlanAnswer,
  OrganizationQuota as QuotaAnswer,
} from '@sluice/contract/entitlements';
import type { z } from 'zod';
import { formatQuantity } from '../../platform/quantity.ts';
import type { QuotaView } from './operations/list-quotas.ts';
import type { OrganizationPlan } from './plans-store.ts';

export function presentOrganizationQuota(quota: QuotaView): z.output<typeof QuotaAnswer> {
  const { reference, unit } = quota.meter;
  const write = (limit: bigint | null) => (limit === null ? null : formatQuantity(limit, unit));
  return {
    id: quota.id,
    subject: quota.subject,
    meter: reference,
    unit,
    aggregation: quota.aggregation,
    window: quota.window,
    anchor_at: quota.anchorAt?.toISOString() ?? null,
    limit: write(quota.limit),
    hard: quota.hard,
    in_force: quota.inForce,
    changes_at: quota.changesAt?.toISOString() ?? null,
    sources: quota.sources.map(({ source, sourceId, limit, hard, startsAt, endsAt }) => ({
      source,
      id: sourceId,
      limit: write(limit),
      hard,
      starts_at: startsAt.toISOString(),
      ends_at: endsAt?.toISOString() ?? null,
    })),
  };
}

export function presentOrganizationPlan(plan: OrganizationPlan): z.output<typeof PlanAnswer> {
  const { planId, slug, name, version } = plan;
  return {
    plan: { id: planId, slug, name, version },
    starts_at: plan.startsAt.toISOString(),
    ends_at: plan.endsAt?.toISOString() ?? null,
    features: plan.features,
    models: plan.models,
    rate_limits: {
      rpm: plan.requestsPerMinute,
      tpm: plan.tokensPerMinute,
      concurrency: plan.concurrency,
    },
    on_short_funds: plan.onShortFunds,
    on_abort: plan.onAbort,
  };
}
