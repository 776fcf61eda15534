import { isPositive } from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';
import { splitIntoTiers, stepsOfTier, type Tier } from './tier.ts';

/** Each unit costs what its own tier says. */
export interface Graduated {
  model: 'graduated';
  tiers: readonly Tier[];
  /** Whether the first tier's flat amount is due where nothing was used; so it is where left out. */
  chargesFlatAtZero?: boolean;
}

export function rateGraduated(
  { tiers, chargesFlatAtZero = true }: Graduated,
  { quantity }: PeriodUsage,
): Step[] {
  const isFlatDue = chargesFlatAtZero || isPositive(quantity);
  return splitIntoTiers(tiers, quantity).flatMap((part) =>
    stepsOfTier(part.tier, part.quantity, { isFlatDue }),
  );
}
