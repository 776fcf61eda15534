import { multiply, type Ratio, sum } from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';

/** Events carry their own price; it is passed on with a markup. */
export interface Dynamic {
  model: 'dynamic';
  /** 1 passes it on as it is. */
  multiplier: Ratio;
}

export function rateDynamic({ multiplier }: Dynamic, { quantity, events }: PeriodUsage): Step[] {
  const total = events ? sum(events) : quantity;
  return [
    { kind: 'units', quantity: total, unitAmount: multiplier, amount: multiply(total, multiplier) },
  ];
}
