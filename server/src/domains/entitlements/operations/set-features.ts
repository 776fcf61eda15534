import type { FeatureValue } from '@sluice/contract/meters';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { notify } from '../../../platform/database/listen.ts';
import type { Executor } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import { resolveFeatures } from '../../catalog/index.ts';
import { lockFunds } from '../../ledger/index.ts';
import {
  findFeatureOverrides,
  findOrganizationPlan,
  replaceFeatureOverrides,
} from '../plans-store.ts';
import { termsChannel } from '../terms-book.ts';

/** A feature that an organization has, and from where. */
export interface GivenFeature {
  feature: string;
  value: FeatureValue;
  source: 'plan' | 'override';
}

/**
 * Sets the features that stand whatever the plan says; those left out follow the plan again.
 * @throws Refusal `rule_violated` for a feature that does not exist, or a value that is none of its kind.
 */
export async function setFeatures(
  context: Context,
  { organizationId, features }: { organizationId: string; features: Record<string, FeatureValue> },
): Promise<GivenFeature[]> {
  return inTransaction(context, async (transaction) => {
    const overrides = await resolveFeatures(transaction, features, null);
    await lockFunds(transaction, organizationId);
    const before = await findFeatureOverrides(transaction, organizationId);
    await replaceFeatureOverrides(transaction, organizationId, overrides);
    await notify(transaction, termsChannel, organizationId);
    await recordAudit(context, transaction, {
      organizationId,
      action: 'features.set',
      resource: { kind: 'organization', id: organizationId },
      oldValues: before,
      newValues: overrides,
    });
    return listFeatures(transaction, { organizationId, at: context.clocks.business() });
  });
}

/** What an organization has at an instant, by name. */
export async function listFeatures(
  executor: Executor,
  { organizationId, at }: { organizationId: string; at: Date },
): Promise<GivenFeature[]> {
  const plan = await findOrganizationPlan(executor, organizationId);
  const fromPlan = plan && (plan.endsAt === null || plan.endsAt > at) ? plan.features : {};
  const overrides = await findFeatureOverrides(executor, organizationId);
  return Object.entries({ ...fromPlan, ...overrides })
    .map(([feature, value]) => ({
      feature,
      value,
      source: feature in overrides ? ('override' as const) : ('plan' as const),
    }))
    .sort((a, b) => (a.feature < b.feature ? -1 : 1));
}
