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
  on_abort: 'delivered' | 'drained';
  offer: StoredOffer;
}

/** Whether two versions of a plan give the same for the same, however their decimals are written. */
export function isSameTerms(before: PlanTerms, after: PlanTerms): boolean {
  return isSameJson(comparable(before), comparable(after));
}

function comparable(terms: PlanTerms) {
  const offer: unknown = JSON.parse(JSON.stringify(terms.offer), (key, value: unknown) =>
    typeof value === 'string' && key !== 'name' ? shortest(value) : value,
  );
  return { ...termsOf(terms), offer };
}

/** A decimal without zeros that say nothing; any other text as it is. */
function shortest(text: string): string {
  return /^\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}

/** Only what a version keeps. */
export function termsOf<T extends PlanTerms>(terms: T): Pick<T, keyof PlanTerms> {
  return {
    quotas: terms.quotas,
    features: terms.features,
    models: terms.models,
    requests_per_minute: terms.requests_per_minute,
    tokens_per_minute: terms.tokens_per_minute,
    concurrency: terms.concurrency,
    on_short_funds: terms.on_short_funds,
    on_abort: terms.on_abort,
    offer: terms.offer,
  };
}
