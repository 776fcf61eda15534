/** Tiers: each ends at its bound, which is in it; a quantity between two bounds belongs to the upper tier. */
import {
  ceiling,
  compare,
  divide,
  greatest,
  isPositive,
  isZero,
  least,
  multiply,
  one,
  type Ratio,
  ratio,
  subtract,
  zero,
} from '../../../../platform/ratio.ts';
import type { Step } from './charge.ts';

export interface Tier {
  /** Null in the last one. */
  upTo: Ratio | null;
  unitAmount: Ratio;
  /** Due once where the tier is reached. */
  flatAmount: Ratio;
  /** Units that are sold together, a begun lot in full: 1 where left out. */
  per?: Ratio;
}

export interface TierPart {
  tier: Tier;
  /** Units of the quantity that lie in it. */
  quantity: Ratio;
  index: number;
}

/** The part of a quantity in each tier that it reaches; the first is reached by nothing at all. */
export function splitIntoTiers(tiers: readonly Tier[], quantity: Ratio): TierPart[] {
  const parts: TierPart[] = [];
  let from = zero;
  for (const [index, tier] of tiers.entries()) {
    const to = tier.upTo === null ? quantity : least(quantity, tier.upTo);
    const inTier = greatest(zero, subtract(to, from));
    if (index === 0 || isPositive(inTier)) parts.push({ tier, quantity: inTier, index });
    if (tier.upTo === null || compare(quantity, tier.upTo) <= 0) break;
    from = tier.upTo;
  }
  return parts;
}

/** The one tier that the whole quantity lies in. */
export function tierOf(tiers: readonly Tier[], quantity: Ratio): Tier | undefined {
  return tiers.find(({ upTo }) => upTo === null || compare(quantity, upTo) <= 0);
}

/** What a quantity costs at a tier's price: its flat amount, then its units. */
export function stepsOfTier(tier: Tier, quantity: Ratio, options: { isFlatDue: boolean }): Step[] {
  const steps: Step[] = [];
  if (options.isFlatDue && !isZero(tier.flatAmount)) {
    steps.push({
      kind: 'flat',
      quantity: one,
      unitAmount: tier.flatAmount,
      amount: tier.flatAmount,
    });
  }
  if (isZero(quantity)) return steps;
  const lots = tier.per ? ratio(ceiling(divide(quantity, tier.per))) : quantity;
  const amount = multiply(lots, tier.unitAmount);
  steps.push({ kind: 'tier', quantity: lots, unitAmount: tier.unitAmount, amount });
  return steps;
}
