/** A call that is rated again: what of its bill was too much, and who gets it back. */

import type { Price } from './price.ts';
import { chargeFor } from './rating.ts';
import type { Usage } from './usage.ts';

/** Nano-units of the usage currency. */
export interface RerateFigures {
  calls: number;
  billed: bigint;
  rerated: bigint;
  /** Into the wallet. */
  givenBack: bigint;
  /** Too much, but paid from what is no money: allowances and grants. */
  notGivenBack: bigint;
  tooLittle: bigint;
}

export const noFigures: RerateFigures = {
  calls: 0,
  billed: 0n,
  rerated: 0n,
  givenBack: 0n,
  notGivenBack: 0n,
  tooLittle: 0n,
};

export function addFigures(a: RerateFigures, b: RerateFigures): RerateFigures {
  return {
    calls: a.calls + b.calls,
    billed: a.billed + b.billed,
    rerated: a.rerated + b.rerated,
    givenBack: a.givenBack + b.givenBack,
    notGivenBack: a.notGivenBack + b.notGivenBack,
    tooLittle: a.tooLittle + b.tooLittle,
  };
}

interface BilledCall {
  usage: Usage;
  multiplierMillionths: bigint;
  amount: bigint;
  /** Of the amount: from the wallet, or owed by it. */
  ofWallet: bigint;
}

/** The wallet pays last, so it is the first to get back; it never gets more than it paid. */
export function rerate(call: BilledCall, price: Price): RerateFigures {
  const { amount, ofWallet } = call;
  const rerated = chargeFor(price, call.usage, call.multiplierMillionths);
  const tooMuch = amount > rerated ? amount - rerated : 0n;
  const givenBack = tooMuch < ofWallet ? tooMuch : ofWallet;
  return {
    ...{ calls: 1, billed: amount, rerated, givenBack },
    notGivenBack: tooMuch - givenBack,
    tooLittle: rerated > amount ? rerated - amount : 0n,
  };
}
