/** What a call costs: exact until one division at the end, which rounds half up to the nano-unit. */
import { divideHalfUp } from '../../../platform/money.ts';
import { multiplierOne } from '../../../platform/multiplier.ts';
import { explain } from './formula.ts';
import { type Line, type Price, type Prices, tokensPerPrice } from './price.ts';
import type { ServiceTier, Usage } from './usage.ts';

export interface Rating {
  /** Nano-units of the price's currency. */
  amount: bigint;
  /** The computation in words and decimals, for the buyer to repeat by hand. */
  formula: string;
  /** Bound of the tier that applied; null for the price's own table. */
  tier: number | null;
  /** The way of serving whose prices applied; null for the usual one. */
  serviceTier: ServiceTier | null;
}

/** What the usage that an upstream reported costs. Zero usage is zero: it costs what a call costs without tokens. */
export function chargeFor(
  price: Price,
  usage: Usage,
  multiplierMillionths: bigint = multiplierOne,
): bigint {
  const { prices } = tableFor(price, usage);
  return amountOf({ prices, lines: linesOf(prices, usage), usage, multiplierMillionths });
}

/** The same with the computation in words. */
export function rate(price: Price, usage: Usage, multiplierMillionths?: bigint): Rating {
  const table = { ...tableFor(price, usage), currency: price.currency };
  return rateAt(table, usage, multiplierMillionths);
}

/** The prices that applied to a call, and which table of its price they are. */
export interface AppliedPrices extends Pick<Rating, 'tier' | 'serviceTier'> {
  prices: Prices;
  currency: string;
}

/** Rates usage at the prices that are known to apply. */
export function rateAt(
  applied: AppliedPrices,
  usage: Usage,
  multiplierMillionths: bigint = multiplierOne,
): Rating {
  const { prices, tier, serviceTier } = applied;
  const lines = linesOf(prices, usage);
  const amount = amountOf({ prices, lines, usage, multiplierMillionths });
  const formula = explain({
    ...{ lines, amount, multiplierMillionths, tier, serviceTier },
    currency: applied.currency,
    searches: searchesOf(prices, usage),
    search: prices.search ?? 0n,
    request: prices.request ?? 0n,
  });
  return { amount, tier, serviceTier, formula };
}

/** The most that a request can cost, from what is known before it runs. */
export interface Bounds {
  /** No tokenizer makes more than one token of a byte. */
  inputBytes: number;
  maxOutputTokens: number;
  /** How many answers are asked for. */
  n: number;
  /** The most that it may use of what is paid per use. */
  uses?: Readonly<Partial<Record<'search', number>>>;
  /** How it asks to be served; an upstream may serve it as usual instead. */
  serviceTier?: ServiceTier | undefined;
  multiplierMillionths?: bigint;
}

/** An amount that no usage within the bounds exceeds: the dearest prices of every table that the call may reach. */
export function worstCase(price: Price, bounds: Bounds): bigint {
  const input = BigInt(bounds.inputBytes);
  const output = BigInt(bounds.maxOutputTokens) * BigInt(bounds.n);
  const searches = BigInt(bounds.uses?.search ?? 0);
  const asked = bounds.serviceTier && price.serviceTiers?.[bounds.serviceTier];
  const served = asked ? [{}, asked] : [{}];
  const reachable = price.tiers.filter((tier) => tier.aboveInputTokens < bounds.inputBytes);
  const numerators = [{ prices: {} }, ...reachable].flatMap((tier) =>
    served.map((table) => {
      const prices: Prices = { ...price.prices, ...tier.prices, ...table };
      const tokens = input * dearestInput(prices) + output * dearestOutput(prices);
      const fees = searches * (prices.search ?? 0n) + (prices.request ?? 0n);
      return tokens + fees * tokensPerPrice;
    }),
  );
  return multiplied(largest(numerators), bounds.multiplierMillionths ?? multiplierOne);
}

function dearestInput(prices: Prices): bigint {
  const { input, cached_input, cache_write, cache_write_1h, audio_input, image } = prices;
  return largest([input, cached_input, cache_write, cache_write_1h, audio_input, image]);
}

function dearestOutput({ output, reasoning, audio_output, image_output }: Prices): bigint {
  return largest([output, reasoning, audio_output, image_output]);
}

type Tables<P> = {
  prices: P;
  tiers: readonly { aboveInputTokens: number; prices: P }[];
  serviceTiers?: Readonly<Partial<Record<ServiceTier, Partial<P>>>>;
};

/** The prices of a call. A tier's table holds what differs from the price's own, a way of serving what differs from both. */
export function tableFor<P extends Prices>(
  price: Tables<P>,
  usage: Pick<Usage, 'inputTokens' | 'serviceTier'>,
): { tier: number | null; serviceTier: ServiceTier | null; prices: P } {
  const { inputTokens, serviceTier } = usage;
  let reached: { aboveInputTokens: number; prices: P } | undefined;
  for (const tier of price.tiers) {
    const isReached = inputTokens > tier.aboveInputTokens;
    if (isReached && tier.aboveInputTokens > (reached?.aboveInputTokens ?? -1)) reached = tier;
  }
  const served = serviceTier && price.serviceTiers?.[serviceTier];
  return {
    tier: reached?.aboveInputTokens ?? null,
    serviceTier: served ? serviceTier : null,
    prices: reached || served ? { ...price.prices, ...reached?.prices, ...served } : price.prices,
  };
}

function amountOf(rated: {
  prices: Prices;
  lines: readonly Line[];
  usage: Usage;
  multiplierMillionths: bigint;
}): bigint {
  const { prices, lines, usage, multiplierMillionths } = rated;
  const tokens = lines.reduce((sum, { count, nanos }) => sum + count * nanos, 0n);
  const fees = searchesOf(prices, usage) * (prices.search ?? 0n) + (prices.request ?? 0n);
  return multiplied(tokens + fees * tokensPerPrice, multiplierMillionths);
}

function multiplied(numerator: bigint, multiplierMillionths: bigint): bigint {
  return multiplierMillionths === multiplierOne
    ? divideHalfUp(numerator, tokensPerPrice)
    : divideHalfUp(numerator * multiplierMillionths, tokensPerPrice * multiplierOne);
}

/** What has no price per use is free. */
function searchesOf(prices: Prices, usage: Usage): bigint {
  return prices.search === undefined ? 0n : BigInt(usage.searches ?? 0);
}

/**
 * Parts never exceed the whole: an upstream that reports more cached tokens than input must not make input negative. What
 * has no price of its own stays in what it is part of.
 */
function linesOf(prices: Prices, usage: Usage): Line[] {
  const lines: Line[] = [];
  const add = (name: string, count: number, nanos: bigint) => {
    if (count > 0) lines.push({ name, count: BigInt(count), nanos });
  };
  const partOf = (count: number | undefined, whole: number, nanos: bigint | undefined) =>
    nanos === undefined || count === undefined ? 0 : Math.min(count, whole);

  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - cached);
  const forAnHour = partOf(usage.cacheWrite1hTokens, written, prices.cache_write_1h);
  const fresh = usage.inputTokens - cached - written;
  const heard = partOf(usage.audioInputTokens, fresh, prices.audio_input);
  const seen = partOf(usage.imageInputTokens, fresh - heard, prices.image);
  add('input', fresh - heard - seen, prices.input);
  add('cached input', cached, prices.cached_input ?? prices.input);
  add('cache write', written - forAnHour, prices.cache_write ?? prices.input);
  add('cache write (1 h)', forAnHour, prices.cache_write_1h ?? 0n);
  add('audio input', heard, prices.audio_input ?? 0n);
  add('image input', seen, prices.image ?? 0n);

  const reasoning = partOf(usage.reasoningTokens, usage.outputTokens, prices.reasoning);
  const answer = usage.outputTokens - reasoning;
  const spoken = partOf(usage.audioOutputTokens, answer, prices.audio_output);
  const drawn = partOf(usage.imageOutputTokens, answer - spoken, prices.image_output);
  add('output', answer - spoken - drawn, prices.output);
  add('reasoning', reasoning, prices.reasoning ?? 0n);
  add('audio output', spoken, prices.audio_output ?? 0n);
  add('image output', drawn, prices.image_output ?? 0n);
  return lines;
}

function largest(amounts: readonly (bigint | undefined)[]): bigint {
  return amounts.reduce<bigint>(
    (most, amount) => (amount !== undefined && amount > most ? amount : most),
    0n,
  );
}
