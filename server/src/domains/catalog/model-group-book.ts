/** Groups of models and multipliers in a process's memory: read whole, reloaded when any process changes one. */
import type { Platform } from '../../platform/context.ts';
import { multiplierOne } from '../../platform/multiplier.ts';
import { covers, lastBegun, type ModelGroup } from './core/model-group.ts';
import {
  loadGroups,
  loadOrganizationMultipliers,
  type OrganizationMultiplier,
} from './groups-store.ts';

/** Channel on which a change of groups or multipliers is made known to every process. */
export const modelGroupsChannel = 'catalog_model_groups';

/** How a plan or a key names a group instead of a model. */
const groupPrefix = 'group:';

const modelsKeptMax = 10_000;

export interface ModelGroupBook {
  /** What an organization's calls of a model that begin at `at` are multiplied by; without one, what everyone's are. */
  multiplierFor(organizationId: string | null, model: string, at: Date): bigint;
  groupOf(model: string, at: Date): ModelGroup | undefined;
  /** Whether a plan's or key's list names a model, or the group that it is in. */
  names(list: readonly string[], model: string, at: Date): boolean;
  /** By slug. */
  groups(): readonly ModelGroup[];
  /** What an organization was given for a group, ascending. */
  multipliersOf(organizationId: string, groupId: string): readonly OrganizationMultiplier[];
  /** Who was ever given a multiplier for a group, by id. */
  organizationsOf(groupId: string): string[];
  load(): Promise<void>;
}

export async function createModelGroupBook(platform: Platform): Promise<ModelGroupBook> {
  let groups: readonly ModelGroup[] = [];
  let own = new Map<string, OrganizationMultiplier[]>();
  // Of models that were asked for: callers may name what they like.
  let groupsByModel = new Map<string, readonly ModelGroup[]>();
  let loading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const [nextGroups, multipliers] = await Promise.all([
      loadGroups(platform.database),
      loadOrganizationMultipliers(platform.database),
    ]);
    groups = nextGroups;
    own = Map.groupBy(multipliers, (one) => keyOf(one.organizationId, one.groupId));
    groupsByModel = new Map();
  }
  // One after the other, so that an older reading never replaces a newer one.
  const load = () => {
    loading = loading.catch(() => undefined).then(read);
    return loading;
  };
  const reload = () => {
    load().catch((error) => platform.log.error({ err: error }, 'model groups could not be read'));
  };
  platform.notifications.subscribe(modelGroupsChannel, { onNotify: reload, onGap: reload });
  await load();

  function everOf(model: string): readonly ModelGroup[] {
    let found = groupsByModel.get(model);
    if (found === undefined) {
      if (groupsByModel.size >= modelsKeptMax) groupsByModel.clear();
      found = groups.filter(({ versions }) => versions.some(({ models }) => covers(models, model)));
      groupsByModel.set(model, found);
    }
    return found;
  }
  function placeOf(model: string, at: Date) {
    for (const group of everOf(model)) {
      const version = lastBegun(group.versions, at);
      if (version && covers(version.models, model)) return { group, version };
    }
    return undefined;
  }
  return {
    load,
    groups: () => groups,
    groupOf: (model, at) => placeOf(model, at)?.group,
    multiplierFor(organizationId, model, at) {
      const place = placeOf(model, at);
      if (place === undefined) return multiplierOne;
      const given =
        organizationId === null ? undefined : own.get(keyOf(organizationId, place.group.id));
      const ofOrganization = given && lastBegun(given, at)?.multiplierMillionths;
      return ofOrganization ?? place.version.multiplierMillionths;
    },
    names(list, model, at) {
      if (list.includes(model)) return true;
      if (!list.some((entry) => entry.startsWith(groupPrefix))) return false;
      const group = placeOf(model, at)?.group;
      return group !== undefined && list.includes(groupPrefix + group.slug);
    },
    multipliersOf: (organizationId, groupId) => own.get(keyOf(organizationId, groupId)) ?? [],
    organizationsOf: (groupId) =>
      [...own.values()]
        .flatMap(([first]) => (first?.groupId === groupId ? first.organizationId : []))
        .sort(),
  };
}

function keyOf(organizationId: string, groupId: string): string {
  return `${organizationId} ${groupId}`;
}
