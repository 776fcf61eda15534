/** Lists: the newest first, by pages that begin after or end before a name. https://docs.stripe.com/api/pagination */
import { branchOf, integerOf, type Tree, textOf } from './form.ts';
import { invalid, missing } from './problem.ts';

const limitUsual = 10;
const limitMax = 100;

export const listParams = ['limit', 'starting_after', 'ending_before', 'expand'] as const;

export interface Page<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** `records` are the oldest first, as journals keep them. */
export function pageOf<T extends { id: string }>(
  records: readonly T[],
  query: Tree,
  url: string,
): Page<T> {
  const limit = integerOf(query, 'limit') ?? limitUsual;
  if (limit < 1 || limit > limitMax) throw invalid('Invalid integer: limit', { param: 'limit' });
  const newest = records.toReversed();
  const after = textOf(query, 'starting_after');
  const before = textOf(query, 'ending_before');
  if (before !== undefined) {
    const end = placeOf(newest, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: newest.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : placeOf(newest, after, 'starting_after') + 1;
  const data = newest.slice(start, start + limit);
  return { object: 'list', data, has_more: start + limit < newest.length, url };
}

function placeOf(records: readonly { id: string }[], id: string, param: string): number {
  const place = records.findIndex((record) => record.id === id);
  if (place < 0) throw missing('object', id, param);
  return place;
}

/** `created=…` exactly, or `created[gte]=…` and its kin. */
export function createdWithin(query: Tree): (record: { created: number }) => boolean {
  const { created } = query;
  if (created === undefined) return () => true;
  if (typeof created === 'string') {
    const exact = integerOf(query, 'created');
    return (record) => record.created === exact;
  }
  const range = branchOf(query, 'created');
  const [gte, gt, lte, lt] = ['gte', 'gt', 'lte', 'lt'].map((name) => integerOf(range, name));
  return ({ created: at }) =>
    at >= (gte ?? at) && at <= (lte ?? at) && at > (gt ?? at - 1) && at < (lt ?? at + 1);
}
