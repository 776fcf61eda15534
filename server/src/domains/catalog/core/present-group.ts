/** Groups of models and multipliers in the contract's words. */
import type {
  ModelGroup as ModelGroupAnswer,
  OrganizationMultiplier as OrganizationMultiplierAnswer,
} from '@sluice/contract/model-groups';
import type { z } from 'zod';
import { formatMultiplier, multiplierOne } from '../../../platform/multiplier.ts';
import { type GroupVersion, lastBegun, type ModelGroup } from './model-group.ts';

/** Before its first version begins, a group has no models. */
export function presentGroup(
  group: ModelGroup,
  { at, organizations }: { at: Date; organizations: number },
): z.output<typeof ModelGroupAnswer> {
  const { id, slug, name, createdAt } = group;
  const now = lastBegun(group.versions, at) ?? {
    models: [],
    multiplierMillionths: multiplierOne,
    effectiveFrom: createdAt,
  };
  return {
    ...{ id, slug, name },
    ...presentTerms(now),
    changes: group.versions.filter(({ effectiveFrom }) => effectiveFrom > at).map(presentTerms),
    organizations,
    created_at: createdAt.toISOString(),
  };
}

function presentTerms(version: Omit<GroupVersion, 'id'>) {
  return {
    models: [...version.models],
    multiplier: formatMultiplier(version.multiplierMillionths),
    effective_from: version.effectiveFrom.toISOString(),
  };
}

interface Given {
  multiplierMillionths: bigint | null;
  effectiveFrom: Date;
}

/** `given` ascends. */
export function presentOrganizationMultiplier(
  organization: string,
  { group, given, at }: { group: ModelGroup; given: readonly Given[]; at: Date },
): z.output<typeof OrganizationMultiplierAnswer> {
  const everyones = lastBegun(group.versions, at)?.multiplierMillionths ?? multiplierOne;
  const shown = (millionths: bigint | null) =>
    millionths === null ? null : formatMultiplier(millionths);
  return {
    organization,
    group: group.slug,
    group_name: group.name,
    group_multiplier: formatMultiplier(everyones),
    multiplier: shown(lastBegun(given, at)?.multiplierMillionths ?? null),
    changes: given
      .filter(({ effectiveFrom }) => effectiveFrom > at)
      .map(({ multiplierMillionths, effectiveFrom }) => ({
        multiplier: shown(multiplierMillionths),
        effective_from: effectiveFrom.toISOString(),
      })),
  };
}
