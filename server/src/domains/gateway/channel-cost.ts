/** What an upstream charges for a call, by what its channel says: a share of the list price, or prices of its own. */
import { parseNanos } from '../../platform/money.ts';
import { chargeFor, type Price, type Prices, type Usage } from '../metering/index.ts';

export type ChannelCost =
  | { factorMillionths: bigint }
  /** By the model asked for. */
  | { prices: ReadonlyMap<string, Prices> };

/** Decimals, as operators write them. */
export type WrittenCost =
  | { factor: string }
  | { prices: Readonly<Record<string, Readonly<Partial<Record<string, string>>>>> };

const nanosPerMillionth = 1000n;

export function readCost(written: WrittenCost): ChannelCost {
  if ('factor' in written) {
    return { factorMillionths: parseNanos(written.factor) / nanosPerMillionth };
  }
  const prices = Object.entries(written.prices).map(([model, table]) => {
    const nanos = Object.entries(table).flatMap(([position, text]) =>
      text === undefined ? [] : [[position, parseNanos(text)] as const],
    );
    return [model, Object.fromEntries(nanos) as unknown as Prices] as const;
  });
  return { prices: new Map(prices) };
}

/** In nano-units of the list price's currency; undefined where the channel does not say. */
export function costOf(
  cost: ChannelCost | undefined,
  call: { model: string; list: Price; usage: Usage },
): bigint | undefined {
  if (cost === undefined) return undefined;
  if ('factorMillionths' in cost) {
    return chargeFor(call.list, call.usage, cost.factorMillionths);
  }
  const prices = cost.prices.get(call.model);
  if (prices === undefined) return undefined;
  return chargeFor({ currency: call.list.currency, prices, tiers: [] }, call.usage);
}

/** What an attempt that ended without a report probably cost: its input, a token for every four bytes. */
export function likelyUsage(bodyBytes: number): Usage {
  return {
    inputTokens: Math.ceil(bodyBytes / 4),
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    estimated: true,
  };
}
