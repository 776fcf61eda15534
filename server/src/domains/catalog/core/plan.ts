/** What a plan gives and costs, as opposed to how it is called and shown. */
import type { FeatureValue } from '@sluice/contract/meters';
import type { StoredOffer } from './offer.ts';
import type { StoredQuota } from './quota-terms.ts';
import { isSameJson } from './same-json.ts';

export interface PlanTerms {
  quotas: readonly StoredQuota[];
  features: Readonly<Record<string, FeatureValue>>;
  models: readonly string[];
  requests_per_minute: number | null;
  tokens_per_minute: bigint | null;
  concurrency: number | null;
  on_short_funds: 'reject' | 'cap';
  offer: StoredOffer;
}

/** Whether two versions of a plan give the same for the same. */
export function isSameTerms(before: PlanTerms, after: PlanTerms): boolean {
  return isSameJson(termsOf(before), termsOf(after));
}

/** Only what a version keeps. */
export function termsOf(terms: PlanTerms): PlanTerms {
  return {
    quotas: terms.quotas,
    features: terms.features,
    models: terms.models,
    requests_per_minute: terms.requests_per_minute,
    tokens_per_minute: terms.tokens_per_minute,
    concurrency: terms.concurrency,
    on_short_funds: terms.on_short_funds,
    offer: terms.offer,
  };
}
