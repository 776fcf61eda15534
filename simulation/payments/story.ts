/** What happens to each payment, drawn from the seed alone: who pays what to whom, and what goes wrong on the way. */
import { randomOf } from '../random.ts';

export interface Scale {
  seed: number;
  payments: number;
}

export interface Plan {
  index: number;
  customer: number;
  provider: string;
  /** In cents of a dollar. No two of a customer are alike, so that each can be told by its amount. */
  amountMinor: bigint;
  /** `second_try`: declined, and paid after it. `refunded`: paid, and given back in whole. */
  ends: 'paid' | 'declined' | 'abandoned' | 'second_try' | 'refunded';
  /** The provider tells nobody; only asking finds the money. */
  isSilent: boolean;
}

export const customersMax = 12;

export function planOf(seed: number, index: number, providers: readonly string[]): Plan {
  const random = randomOf(seed, `payment ${index}`);
  return {
    index,
    customer: index % customersMax,
    // Each has its share, however few there are.
    provider: providers[index % providers.length] as string,
    amountMinor: BigInt(500 + index),
    ends: random.weighted({ paid: 70, declined: 6, abandoned: 7, second_try: 7, refunded: 10 }),
    isSilent: random.chance(0.15),
  };
}

/** Whether its money comes. */
export function brings({ ends }: Plan): boolean {
  return ends === 'paid' || ends === 'second_try' || ends === 'refunded';
}

/** Whether its money is the customer's at the end. */
export function stays(plan: Plan): boolean {
  return brings(plan) && plan.ends !== 'refunded';
}

/** What can happen to a notification on its way to us. */
export interface Mishap {
  forged: boolean;
  dropped: boolean;
  /** It is acted on, and the provider does not hear that it was. */
  ackLost: boolean;
  copies: number;
  delayMs: number;
}

export function mishapOf(seed: number, arrival: number): Mishap {
  const random = randomOf(seed, `notification ${arrival}`);
  return {
    forged: random.chance(0.25),
    dropped: random.chance(0.12),
    ackLost: random.chance(0.1),
    copies: random.chance(0.25) ? random.integer(2, 6) : 1,
    // Longer than others take, so that they overtake it.
    delayMs: random.chance(0.25) ? random.integer(20, 600) : 0,
  };
}

export type Trouble = 'none' | 'cut' | 'lost' | 'down' | 'slow' | 'silent';

/** What can happen to a call of ours on its way to a provider. */
export function troubleOf(seed: number, call: number): Trouble {
  return randomOf(seed, `call ${call}`).weighted({
    none: 880,
    cut: 40,
    lost: 40,
    down: 25,
    slow: 12,
    silent: 3,
  });
}
