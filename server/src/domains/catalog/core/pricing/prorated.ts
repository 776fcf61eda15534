/**
 * Units that are had for a part of a period only, such as seats: each event adds or takes units and counts for its share
 * of the period. Which tier a unit is in goes by whole units, what it costs by its share.
 */
import {
  add,
  compare,
  divide,
  greatest,
  isZero,
  least,
  multiply,
  negate,
  type Ratio,
  subtract,
  sum,
  zero,
} from '../../../../platform/ratio.ts';
import type { Graduated } from './graduated.ts';
import { splitIntoTiers, type Tier } from './tier.ts';

export interface ProratedEvent {
  /** Added, or taken where negative. */
  units: Ratio;
  /** The same units, each for its share of the period. */
  prorated: Ratio;
}

/** What the units of a period cost; never below zero. */
export function rateProrated({ tiers }: Graduated, events: readonly ProratedEvent[]): Ratio {
  let held = zero;
  let amount = zero;
  for (const { units, prorated } of events) {
    if (isZero(units)) continue;
    const share = divide(prorated, units);
    const moved = multiply(costBetween(tiers, held, add(held, units)), share);
    amount = add(amount, moved);
    held = add(held, units);
  }
  const flats = splitIntoTiers(tiers, held).map(({ tier }) => tier.flatAmount);
  return greatest(zero, add(amount, sum(flats)));
}

/** What the units between two quantities cost, negative on the way down. */
function costBetween(tiers: readonly Tier[], from: Ratio, to: Ratio): Ratio {
  if (compare(to, from) < 0) return negate(costBetween(tiers, to, from));
  let cost = zero;
  let low = zero;
  for (const { upTo, unitAmount } of tiers) {
    const high = upTo ?? to;
    const part = subtract(least(to, high), greatest(from, low));
    if (part.numerator > 0n) cost = add(cost, multiply(part, unitAmount));
    low = high;
  }
  return cost;
}
