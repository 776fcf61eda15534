/** What the costs are looked at by: everything is in the address, so that a view can be sent to somebody. */
import { type Range, ranges } from './range.ts';

export const dimensions = ['cost_center', 'member', 'application', 'model', 'api_key'] as const;
export type Dimension = (typeof dimensions)[number];

export type CostsSearch = { [D in Dimension]?: string } & { by?: string; days?: string };

export function dimensionOf({ by }: CostsSearch): Dimension {
  return dimensions.find((name) => name === by) ?? 'cost_center';
}

export function rangeOf({ days }: CostsSearch): Range {
  return ranges.find((range) => String(range) === days) ?? 30;
}

/** One of each dimension at most; `none` is what is of none. */
export function filtersOf(search: CostsSearch): { dimension: Dimension; value: string }[] {
  return dimensions.flatMap((dimension) => {
    const value = search[dimension];
    return value === undefined ? [] : [{ dimension, value }];
  });
}

/** Into one row: it becomes a filter, and what is in it is split by the next dimension that is not one. */
export function drillInto(search: CostsSearch, dimension: Dimension, value: string): CostsSearch {
  const drilled = { ...search, [dimension]: value };
  const next = dimensions.find((name) => drilled[name] === undefined) ?? dimension;
  return { ...drilled, by: next };
}

/** Calls of models and applications of none are the gateway's, which has no name to filter by. */
export function canDrill(dimension: Dimension, id: string): boolean {
  return id !== '' || dimension === 'cost_center' || dimension === 'member';
}
