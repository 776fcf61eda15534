/** The parts of a batch that are not one for each call. */

import { plainArray } from '../../platform/database/array-literal.ts';
import type { AuthorizeCommand, MeterQuantity } from './core/commands.ts';

/** Positions, counted from 1. */
export function positionsWhere<T>(items: readonly T[], isMeant: (item: T) => boolean): number[] {
  return items.flatMap((item, index) => (isMeant(item) ? [index + 1] : []));
}

/** What calls demand of applications' meters: positions, meters, quantities, and whether each requires a quota. */
export function demandedOf(commands: readonly AuthorizeCommand[]): string[] {
  const all = commands.flatMap(({ meters }, index) =>
    meters.map((meter) => ({ ...meter, call: index + 1 })),
  );
  return [
    plainArray(all.map(({ call }) => call)),
    plainArray(all.map(({ meterId }) => meterId)),
    // A level that goes down reserves nothing.
    plainArray(all.map(({ quantity }) => (quantity < 0n ? 0n : quantity))),
    plainArray(all.map(({ requiresQuota }) => requiresQuota)),
  ];
}

/** What calls used of applications' meters. */
export function usedOf(commands: readonly { meters: readonly MeterQuantity[] }[]): string[] {
  const all = commands.flatMap(({ meters }, index) =>
    meters.map((meter) => ({ ...meter, call: index + 1 })),
  );
  return [
    plainArray(all.map(({ call }) => call)),
    plainArray(all.map(({ meterId }) => meterId)),
    plainArray(all.map(({ quantity }) => quantity)),
  ];
}

export function joinTags(tags: readonly string[]): string {
  return tags.length < 2 ? (tags[0] ?? '') : [...new Set(tags)].sort().join(',');
}
