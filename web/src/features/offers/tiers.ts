import type { PlanCharge } from './offer.ts';

type Tier = Extract<PlanCharge, { tiers: unknown }>['tiers'][number];

export interface TierRange {
  tier: Tier;
  /** Exclusive; null in the first tier. */
  above: string | null;
  /** Inclusive; null in the last. */
  upTo: string | null;
}

/** Each tier with where it begins: where the one before it ends. */
export function tierRanges(tiers: readonly Tier[]): TierRange[] {
  return tiers.map((tier, index) => ({
    tier,
    above: tiers[index - 1]?.up_to ?? null,
    upTo: tier.up_to,
  }));
}
