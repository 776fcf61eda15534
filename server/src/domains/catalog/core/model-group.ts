/** Groups of models: which models, by how much, from when. A model is in one group at a time, at most. */

/** What a group says from an instant on. */
export interface GroupVersion {
  id: string;
  /** Names, or beginnings with `*` behind them. */
  models: readonly string[];
  multiplierMillionths: bigint;
  effectiveFrom: Date;
}

export interface ModelGroup {
  id: string;
  slug: string;
  name: string;
  createdAt: Date;
  /** Ascending by when they begin, then by id. */
  versions: readonly GroupVersion[];
}

/** Of what began, the last: `rows` ascend by when they begin. */
export function lastBegun<T extends { effectiveFrom: Date }>(
  rows: readonly T[],
  at: Date,
): T | undefined {
  return rows.findLast(({ effectiveFrom }) => effectiveFrom <= at);
}

export function sortVersions<T extends { id: string; effectiveFrom: Date }>(
  versions: readonly T[],
): T[] {
  return [...versions].sort(
    (a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime() || (a.id < b.id ? -1 : 1),
  );
}

export function covers(models: readonly string[], model: string): boolean {
  return models.some((pattern) =>
    pattern.endsWith('*') ? model.startsWith(pattern.slice(0, -1)) : pattern === model,
  );
}

/** Two patterns that some model's name fits both of; undefined where there is none. */
export function findShared(
  models: readonly string[],
  others: readonly string[],
): { own: string; other: string } | undefined {
  for (const own of models) {
    const other = others.find((pattern) => overlap(own, pattern));
    if (other !== undefined) return { own, other };
  }
  return undefined;
}

function overlap(a: string, b: string): boolean {
  const [nameA, nameB] = [a.replace(/\*$/, ''), b.replace(/\*$/, '')];
  if (a === nameA) return covers([b], a);
  if (b === nameB) return covers([a], b);
  return nameA.startsWith(nameB) || nameB.startsWith(nameA);
}

export interface GroupConflict {
  group: ModelGroup;
  own: string;
  other: string;
}

/**
 * A group that has one of the version's models while the version is in force; undefined where there is none. `own` are the
 * versions of the group that it is for: it ends where the next of them begins.
 */
export function findConflict(
  version: Pick<GroupVersion, 'models' | 'effectiveFrom'>,
  own: readonly GroupVersion[],
  others: readonly ModelGroup[],
): GroupConflict | undefined {
  const from = version.effectiveFrom;
  const until = own.find(({ effectiveFrom }) => effectiveFrom > from)?.effectiveFrom;
  for (const group of others) {
    for (const [index, other] of group.versions.entries()) {
      const end = group.versions[index + 1]?.effectiveFrom;
      const isOver = end !== undefined && end <= from;
      if (isOver || (until !== undefined && other.effectiveFrom >= until)) continue;
      const shared = findShared(version.models, other.models);
      if (shared) return { group, ...shared };
    }
  }
  return undefined;
}
