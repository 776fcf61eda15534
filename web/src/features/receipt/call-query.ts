/** What calls are listed by: everything is in the address, so that a view can be sent to somebody. */
import type { Request } from '../../api/call.ts';
import { instantsOf } from '../../ui/zone-instant.ts';

export const outcomes = ['completed', 'aborted', 'upstream_error'] as const;

const names = [
  ...(['organization', 'model', 'key', 'member', 'cost_center'] as const),
  ...(['outcome', 'tag', 'amount', 'from', 'to'] as const),
];
export type CallSearch = { [N in (typeof names)[number]]?: string };

type Query = NonNullable<Request<'listReceipts'>['query']>;

/** The question to the server; days are those of the page's zone. */
export function callQuery(timeZone: string, search: CallSearch): Query {
  const { model, key, member, cost_center, tag, amount } = search;
  const outcome = outcomes.find((name) => name === search.outcome);
  return {
    ...(model && { model }),
    ...(key && { api_key: key }),
    ...(member && { member }),
    ...(cost_center && { cost_center }),
    ...(outcome && { outcome }),
    ...(tag && { tag }),
    ...(amount && { amount_min: amount }),
    ...instantsOf(timeZone, search),
  };
}

export function isFiltered(search: CallSearch): boolean {
  return names.some((name) => search[name]);
}

/** Takes every filter away. */
export const noFilters: CallSearch = Object.fromEntries(names.map((name) => [name, '']));
