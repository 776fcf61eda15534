/** What a call costs: exact until one division at the end, which rounds half up to the nano-unit. */
import { divideHalfUp, formatNanos } from '../../../platform/money.ts';
import type { Usage } from './usage.ts';

/** Nano-units per million tokens by position; `request` is nano-units per call. */
export interface Prices {
  input: bigint;
  output: bigint;
  cached_input?: bigint;
  cache_write?: bigint;
  reasoning?: bigint;
  request?: bigint;
}

/** The parts of a model price that rating needs. */
export interface Price {
  currency: string;
  prices: Prices;
  /** A tier applies to the whole call when its input has more tokens than `aboveInputTokens`. */
  tiers: readonly { aboveInputTokens: number; prices: Prices }[];
}

export interface Rating {
  /** Nano-units of the price's currency. */
  amount: bigint;
  /** The computation in words and decimals, for the buyer to repeat by hand. */
  formula: string;
  /** Bound of the tier that applied; null for the price's own table. */
  tier: number | null;
}

const tokensPerPrice = 1_000_000n;

/** Rates the usage that an upstream reported. Zero usage is zero: it costs what a call costs without tokens. */
export function rate(price: Price, usage: Usage): Rating {
  const { tier, prices } = tableFor(price, usage.inputTokens);
  const lines = linesOf(prices, usage);
  const numerator = lines.reduce((sum, { tokens, nanos }) => sum + tokens * nanos, 0n);
  const request = prices.request ?? 0n;
  const amount = divideHalfUp(numerator, tokensPerPrice) + request;
  return { amount, tier, formula: explain({ lines, request, amount, currency: price.currency }) };
}

/** The most that a request can cost, from what is known before it runs. */
export interface Bounds {
  /** No tokenizer makes more than one token of a byte. */
  inputBytes: number;
  maxOutputTokens: number;
  /** How many answers are asked for. */
  n: number;
}

/** An amount that no usage within the bounds exceeds: the dearest prices of every table that the input may reach. */
export function worstCase(price: Price, bounds: Bounds): bigint {
  const input = BigInt(bounds.inputBytes);
  const output = BigInt(bounds.maxOutputTokens) * BigInt(bounds.n);
  const reachable = price.tiers.filter((tier) => tier.aboveInputTokens < bounds.inputBytes);
  const costs = [{ prices: {} }, ...reachable].map((tier) => {
    const prices: Prices = { ...price.prices, ...tier.prices };
    const dearestInput = largest([prices.input, prices.cached_input, prices.cache_write]);
    const dearestOutput = largest([prices.output, prices.reasoning]);
    const tokens = divideHalfUp(input * dearestInput + output * dearestOutput, tokensPerPrice);
    return tokens + (prices.request ?? 0n);
  });
  return largest(costs);
}

/** The prices of a call with so much input. A tier's table holds what differs from the price's own. */
export function tableFor<P extends Prices>(
  price: { prices: P; tiers: readonly { aboveInputTokens: number; prices: P }[] },
  inputTokens: number,
): { tier: number | null; prices: P } {
  const reached = price.tiers
    .filter((tier) => inputTokens > tier.aboveInputTokens)
    .sort((one, other) => other.aboveInputTokens - one.aboveInputTokens)[0];
  if (!reached) return { tier: null, prices: price.prices };
  return { tier: reached.aboveInputTokens, prices: { ...price.prices, ...reached.prices } };
}

interface Line {
  name: string;
  tokens: bigint;
  nanos: bigint;
}

/** Parts never exceed the whole: an upstream that reports more cached tokens than input must not make input negative. */
function linesOf(prices: Prices, usage: Usage): Line[] {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - cached);
  const reasoning =
    prices.reasoning === undefined ? 0 : Math.min(usage.reasoningTokens, usage.outputTokens);
  const lines = [
    { name: 'input', count: usage.inputTokens - cached - written, nanos: prices.input },
    { name: 'cached input', count: cached, nanos: prices.cached_input ?? prices.input },
    { name: 'cache write', count: written, nanos: prices.cache_write ?? prices.input },
    { name: 'output', count: usage.outputTokens - reasoning, nanos: prices.output },
    { name: 'reasoning', count: reasoning, nanos: prices.reasoning ?? prices.output },
  ];
  return lines
    .filter(({ count }) => count > 0)
    .map(({ name, count, nanos }) => ({ name, tokens: BigInt(count), nanos }));
}

function explain(rated: {
  lines: Line[];
  request: bigint;
  amount: bigint;
  currency: string;
}): string {
  const products = rated.lines.map(
    ({ name, tokens, nanos }) => `${tokens} ${name} × ${formatNanos(nanos)}`,
  );
  const terms = products.length > 0 ? [`(${products.join(' + ')}) ÷ 1,000,000`] : ['0'];
  if (rated.request > 0n) terms.push(`${formatNanos(rated.request)} per request`);
  const exact = rated.lines.reduce((sum, { tokens, nanos }) => sum + tokens * nanos, 0n);
  const rounding = exact % tokensPerPrice === 0n ? '' : ', rounded half up to 9 decimals';
  return `${terms.join(' + ')} = ${formatNanos(rated.amount)} ${rated.currency}${rounding}`;
}

function largest(amounts: readonly (bigint | undefined)[]): bigint {
  return amounts.reduce<bigint>(
    (most, amount) => (amount !== undefined && amount > most ? amount : most),
    0n,
  );
}
