/** What add-ons bring on top of a plan: quotas add up by themselves, features and models are put together here. */
import type { FeatureValue } from '@sluice/contract/meters';
import type { QuotaTerms } from '../../catalog/index.ts';
import type { RunningLimits } from './running-limits.ts';

export interface AddOnTerms {
  planId: string;
  quantity: number;
  features: Readonly<Record<string, FeatureValue>>;
  models: readonly string[];
  quotas: readonly QuotaTerms[];
  running: RunningLimits | undefined;
}

/** Of several at once, limits and numbers count as many times. */
export function timesQuantity(addOn: AddOnTerms): AddOnTerms {
  const { quantity, quotas, features } = addOn;
  return {
    ...addOn,
    quotas: quotas.map((quota) => ({
      ...quota,
      limit: quota.limit === null ? null : quota.limit * BigInt(quantity),
    })),
    features: Object.fromEntries(
      Object.entries(features).map(([reference, value]) => [
        reference,
        typeof value === 'number' ? value * quantity : value,
      ]),
    ),
  };
}

/** Switches are on where any is, numbers add up, and a word is the last one's. */
export function withAddOns<
  Plan extends { features: Record<string, FeatureValue>; models: readonly string[] },
>(plan: Plan, addOns: readonly AddOnTerms[]): Plan {
  const features = { ...plan.features };
  for (const [reference, value] of addOns.flatMap((addOn) => Object.entries(addOn.features))) {
    features[reference] = together(features[reference], value);
  }
  // All models is what a plan says that says nothing of them: an add-on opens those that it names.
  const named = addOns.flatMap((addOn) => addOn.models).filter((model) => model !== '*');
  const models = [...new Set([...plan.models, ...named])];
  return { ...plan, features, models };
}

function together(before: FeatureValue | undefined, more: FeatureValue): FeatureValue {
  if (typeof before === 'number' && typeof more === 'number') return before + more;
  if (typeof before === 'boolean' && typeof more === 'boolean') return before || more;
  return more;
}
