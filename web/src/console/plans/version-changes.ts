/** What a version of a plan changed, by the parts that an operator knows. */
import type { Answer } from '../../api/call.ts';

export type PlanVersion = Answer<'listPlanVersions'>['data'][number];

const parts = {
  prices: ({ prices }) => prices,
  trial: ({ trial_days }) => trial_days,
  charges: ({ charges }) => charges,
  proration: ({ proration }) => proration,
  refund: ({ refund }) => refund,
  audience: ({ visible_to }) => visible_to,
  overage: ({ overage }) => overage,
  addOn: ({ addon_of }) => addon_of,
  quotas: ({ quotas }) => quotas,
  features: ({ features }) => Object.entries(features).sort(),
  models: ({ models }) => models,
  rates: ({ rate_limits }) => rate_limits,
  shortFunds: ({ on_short_funds }) => on_short_funds,
  abort: ({ on_abort }) => on_abort,
} satisfies Record<string, (version: PlanVersion) => unknown>;

export type VersionPart = keyof typeof parts;

export function changedParts(version: PlanVersion, before: PlanVersion): VersionPart[] {
  return (Object.keys(parts) as VersionPart[]).filter(
    (part) => JSON.stringify(parts[part](version)) !== JSON.stringify(parts[part](before)),
  );
}
