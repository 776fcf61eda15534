import { isPositive } from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';
import { stepsOfTier, type Tier, tierOf } from './tier.ts';

/** All units cost what the tier of the whole quantity says: more may cost less in all. */
export interface Volume {
  model: 'volume';
  tiers: readonly Tier[];
  /** Whether the first tier's flat amount is due where nothing was used; so it is where left out. */
  chargesFlatAtZero?: boolean;
}

export function rateVolume(
  { tiers, chargesFlatAtZero = true }: Volume,
  { quantity }: PeriodUsage,
): Step[] {
  const tier = tierOf(tiers, quantity);
  if (!tier) return [];
  return stepsOfTier(tier, quantity, { isFlatDue: chargesFlatAtZero || isPositive(quantity) });
}
