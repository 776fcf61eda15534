/** A quota as its form holds it, and as the contract takes it. */
import type { Answer, Request } from '../../api/call.ts';

export type QuotaTerms = Answer<'getPlan'>['quotas'][number];
type QuotaBody = NonNullable<NonNullable<Request<'createPlan'>['body']>['quotas']>[number];
type Aggregation = Answer<'getMeter'>['aggregation'];

export interface QuotaForm {
  meter: string;
  window: QuotaTerms['window'];
  anchor?: QuotaTerms['anchor'];
  at_limit: 'refuse' | 'record' | 'unlimited';
  limit?: string;
  overage_price?: string | null;
}

export const windows = ['minute', 'hour', 'day', 'month', 'year', 'lifetime'] as const;

/** Windows that may begin at the day on which something was given; the others follow the clock. */
export const anchoredWindows = ['day', 'month', 'year'] as const;

/** What the other meters will have counted is not known before it happened. */
export function canRefuse(aggregation: Aggregation): boolean {
  return aggregation === 'count' || aggregation === 'sum' || aggregation === 'latest';
}

export function quotaFormOf(terms: QuotaTerms): QuotaForm {
  const { meter, window, anchor, limit, hard, overage_price } = terms;
  if (limit === null) return { meter, window, anchor, at_limit: 'unlimited' };
  const at_limit = hard ? 'refuse' : 'record';
  return {
    meter,
    window,
    anchor,
    at_limit,
    limit,
    ...(overage_price !== null && { overage_price }),
  };
}

export function toQuotaBody(form: QuotaForm): QuotaBody {
  const { meter, window, anchor, at_limit, limit, overage_price } = form;
  const canAnchor = anchoredWindows.some((anchored) => anchored === window);
  const isUnlimited = at_limit === 'unlimited';
  return {
    meter,
    window,
    ...(canAnchor && anchor && { anchor }),
    limit: isUnlimited ? null : (limit ?? null),
    ...(!isUnlimited && { hard: at_limit === 'refuse' }),
    ...(!isUnlimited && overage_price && { overage_price }),
  };
}
