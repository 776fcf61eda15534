/** What a customer has promised to spend at least, and what is missing at the end of a period. */
import { greatest, multiply, type Ratio, subtract, zero } from '../../../platform/ratio.ts';

/** The missing part of a minimum, where only a share of the period was had; never negative. */
export function trueUp(minimum: Ratio, spent: Ratio, share: Ratio): Ratio {
  return greatest(zero, subtract(multiply(minimum, share), spent));
}

/**
 * The missing part of a commitment that a plan's own price counts towards: of what lies between the two, the share of
 * the period that was had.
 */
export function commitmentTrueUp(commitment: Ratio, price: Ratio, share: Ratio): Ratio {
  return multiply(greatest(zero, subtract(commitment, price)), share);
}
