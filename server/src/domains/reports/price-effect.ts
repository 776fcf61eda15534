/** What calls cost and brought in, and what they would at other prices. */
import type { PriceEffect } from '@sluice/contract/price-updates';
import type { z } from 'zod';
import { divideHalfUp, formatMoney } from '../../platform/money.ts';
import { multiplierOne } from '../../platform/multiplier.ts';
import type { PriceTerms } from '../catalog/index.ts';
import { chargeFor, type Usage } from '../metering/index.ts';

/** Nano-units of the usage currency. */
export interface Figures {
  calls: number;
  revenueBefore: bigint;
  revenueAfter: bigint;
  costBefore: bigint;
  costAfter: bigint;
}

export const nothing: Figures = {
  calls: 0,
  revenueBefore: 0n,
  revenueAfter: 0n,
  costBefore: 0n,
  costAfter: 0n,
};

export function addFigures(a: Figures, b: Figures): Figures {
  return {
    calls: a.calls + b.calls,
    revenueBefore: a.revenueBefore + b.revenueBefore,
    revenueAfter: a.revenueAfter + b.revenueAfter,
    costBefore: a.costBefore + b.costBefore,
    costAfter: a.costAfter + b.costAfter,
  };
}

/** Other prices to try. */
export interface Trial {
  terms: PriceTerms;
  currency: string;
  /** Instead of what the calls had. */
  multiplierMillionths?: bigint | undefined;
  /** Whether the upstream changes its prices alike. */
  movesCost: boolean;
}

interface RatedCall {
  usage: Usage;
  amount: bigint;
  multiplierMillionths: bigint;
  /** Undefined where the channel has no cost prices: the list price stands for it. */
  costNanos: bigint | undefined;
}

/** One call, exactly: it is rated again as it would have been. */
export function rerateCall(call: RatedCall, price: PriceTerms, trial: Trial): Figures {
  const { currency, terms } = trial;
  const { usage } = call;
  const listBefore = chargeFor({ currency, ...price }, usage);
  const listAfter = chargeFor({ currency, ...terms }, usage);
  const costBefore = call.costNanos ?? listBefore;
  const multiplier = trial.multiplierMillionths ?? call.multiplierMillionths;
  return {
    calls: 1,
    revenueBefore: call.amount,
    revenueAfter: chargeFor({ currency, ...terms }, usage, multiplier),
    costBefore,
    costAfter: trial.movesCost ? scaled(costBefore, listBefore, listAfter) : costBefore,
  };
}

interface Sums {
  calls: bigint;
  input_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  output_tokens: bigint;
  reasoning_tokens: bigint;
  amount: bigint;
}

/**
 * Many calls by their sums: what was billed changes as the list price of all their tokens does. Tiers and parts with
 * prices of their own are not known of sums, so this is near the truth, not it.
 */
export function rerateSums(sums: Sums, price: PriceTerms, trial: Trial): Figures {
  const listBefore = listOfSums(sums, price, trial.currency);
  const listAfter = listOfSums(sums, trial.terms, trial.currency);
  const revenue =
    trial.multiplierMillionths === undefined
      ? scaled(sums.amount, listBefore, listAfter)
      : divideHalfUp(listAfter * trial.multiplierMillionths, multiplierOne);
  return {
    calls: Number(sums.calls),
    revenueBefore: sums.amount,
    revenueAfter: revenue,
    costBefore: listBefore,
    costAfter: trial.movesCost ? listAfter : listBefore,
  };
}

function listOfSums(sums: Sums, terms: PriceTerms, currency: string): bigint {
  const usage: Usage = {
    inputTokens: Number(sums.input_tokens),
    cachedInputTokens: Number(sums.cached_input_tokens),
    cacheWriteTokens: Number(sums.cache_write_tokens),
    outputTokens: Number(sums.output_tokens),
    reasoningTokens: Number(sums.reasoning_tokens),
    estimated: false,
  };
  const { request = 0n, ...prices } = terms.prices;
  // A tier of context length is of one call's input, not of all calls' together.
  return chargeFor({ currency, prices, tiers: [] }, usage) + request * sums.calls;
}

/** In the proportion of two list prices; where the old one was nothing, the new one itself. */
function scaled(amount: bigint, listBefore: bigint, listAfter: bigint): bigint {
  return listBefore === 0n ? listAfter : divideHalfUp(amount * listAfter, listBefore);
}

export function presentEffect(
  figures: Figures,
  { from, to, isExact, currency }: { from: Date; to: Date; isExact: boolean; currency: string },
): z.output<typeof PriceEffect> {
  const shown = (amount: bigint) => formatMoney({ amount, currency });
  const side = (revenue: bigint, cost: bigint) => ({
    revenue: shown(revenue),
    cost: shown(cost),
    margin: shown(revenue - cost),
  });
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    calls: figures.calls,
    is_exact: isExact,
    currency,
    before: side(figures.revenueBefore, figures.costBefore),
    after: side(figures.revenueAfter, figures.costAfter),
  };
}
