import { multiply, type Ratio } from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';

/** Every unit costs the same. */
export interface PerUnit {
  model: 'per_unit';
  unitAmount: Ratio;
}

export function ratePerUnit({ unitAmount }: PerUnit, { quantity }: PeriodUsage): Step[] {
  return [{ kind: 'units', quantity, unitAmount, amount: multiply(quantity, unitAmount) }];
}
