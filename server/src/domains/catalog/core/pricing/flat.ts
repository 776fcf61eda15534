import { one, type Ratio } from '../../../../platform/ratio.ts';
import type { Step } from './charge.ts';

/** The same amount each period, whatever is used. */
export interface Flat {
  model: 'flat';
  amount: Ratio;
}

export function rateFlat({ amount }: Flat): Step[] {
  return [{ kind: 'flat', quantity: one, unitAmount: amount, amount }];
}
