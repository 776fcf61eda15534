import {
  add,
  compare,
  greatest,
  isPositive,
  least,
  multiply,
  one,
  type Ratio,
  subtract,
  sum,
  zero,
} from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';

/**
 * A share of each event's amount, and a fixed amount for each event. The first events are free, up to a number of them
 * and up to a total, whichever ends first; the event that crosses the total pays for what lies beyond, and its fixed
 * amount.
 */
export interface Percentage {
  model: 'percentage';
  /** 0.012 is 1.2 %. */
  rate: Ratio;
  fixedAmount?: Ratio;
  freeEvents?: number;
  freeTotal?: Ratio;
  perEventMinimum?: Ratio;
  perEventMaximum?: Ratio;
}

/** What is charged of one event. */
interface Charged {
  quantity: Ratio;
  amount: Ratio;
}

export function ratePercentage(
  pricing: Percentage,
  { quantity, events = [quantity] }: PeriodUsage,
): Step[] {
  const { rate, fixedAmount = zero, perEventMinimum, perEventMaximum } = pricing;
  const charged = chargedParts(pricing, events);
  if (!perEventMinimum && !perEventMaximum) {
    const total = sum(charged);
    const steps: Step[] = [
      { kind: 'percentage', quantity: total, unitAmount: rate, amount: multiply(total, rate) },
    ];
    if (isPositive(fixedAmount)) steps.push(perEvent(charged.length, fixedAmount));
    return steps;
  }
  return charged
    .map((part): Charged => {
      const amount = add(multiply(part, rate), fixedAmount);
      const atLeast = perEventMinimum ? greatest(amount, perEventMinimum) : amount;
      return {
        quantity: part,
        amount: perEventMaximum ? least(atLeast, perEventMaximum) : atLeast,
      };
    })
    .map(({ quantity: part, amount }) => ({
      kind: 'percentage' as const,
      quantity: part,
      unitAmount: rate,
      amount,
    }));
}

/** Of every event that is not wholly free, the part that is not. */
function chargedParts({ freeEvents, freeTotal }: Percentage, events: readonly Ratio[]): Ratio[] {
  const parts: Ratio[] = [];
  const hasFree = freeEvents !== undefined || freeTotal !== undefined;
  let total = zero;
  for (const [index, event] of events.entries()) {
    const mayBeFree = hasFree && (freeEvents === undefined || index < freeEvents);
    const room = freeTotal ? greatest(zero, subtract(freeTotal, total)) : undefined;
    total = add(total, event);
    if (!mayBeFree) parts.push(event);
    else if (room !== undefined && compare(event, room) >= 0) parts.push(subtract(event, room));
  }
  return parts;
}

function perEvent(count: number, fixedAmount: Ratio): Step {
  const quantity = { ...one, numerator: BigInt(count) };
  return {
    kind: 'per_event',
    quantity,
    unitAmount: fixedAmount,
    amount: multiply(quantity, fixedAmount),
  };
}
