import {
  ceiling,
  divide,
  greatest,
  multiply,
  type Ratio,
  ratio,
  subtract,
  zero,
} from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';

/** Units are sold by the package; one that is begun is paid in full. */
export interface Package {
  model: 'package';
  size: Ratio;
  amount: Ratio;
  freeUnits?: Ratio;
}

export function ratePackage(
  { size, amount, freeUnits = zero }: Package,
  { quantity }: PeriodUsage,
): Step[] {
  const paid = greatest(zero, subtract(quantity, freeUnits));
  const packages = ratio(ceiling(divide(paid, size)));
  return [
    { kind: 'package', quantity: packages, unitAmount: amount, amount: multiply(packages, amount) },
  ];
}
