/** Computes a receipt's cost again from its own usage and prices, exactly as it is rated: once, half up to the nano. */
import type { Answer } from '../../api/call.ts';
import { fromNanos, toNanos } from '../../ui/decimal.ts';

export type Receipt = Answer<'getReceipt'>;

/** A call of a model; one of an application's meters has no price. */
export type PricedReceipt = Receipt & {
  prices: NonNullable<Receipt['prices']>;
  price_effective_from: string;
  formula: string;
};

export function isPriced(receipt: Receipt): receipt is PricedReceipt {
  return receipt.prices !== null;
}

export interface ReceiptLine {
  position: 'input' | 'cached_input' | 'cache_write' | 'output' | 'reasoning' | 'request';
  quantity: number;
  /** Per million tokens; for `request`, per call. */
  price: string;
  cost: string;
}

const tokensPerPrice = 1_000_000n;

export function recompute({ usage, prices }: Pick<PricedReceipt, 'usage' | 'prices'>): {
  lines: ReceiptLine[];
  total: string;
} {
  // Parts never exceed the whole, and one without a price of its own costs what the whole does.
  const cached = Math.min(usage.cached_input_tokens, usage.input_tokens);
  const written = Math.min(usage.cache_write_tokens, usage.input_tokens - cached);
  const isReasoningPriced = prices.reasoning !== undefined;
  const reasoned = isReasoningPriced ? Math.min(usage.reasoning_tokens, usage.output_tokens) : 0;
  const parts: [ReceiptLine['position'], number, string | undefined][] = [
    ['input', usage.input_tokens - cached - written, prices.input],
    ['cached_input', cached, prices.cached_input ?? prices.input],
    ['cache_write', written, prices.cache_write ?? prices.input],
    ['output', usage.output_tokens - reasoned, prices.output],
    ['reasoning', reasoned, prices.reasoning],
    ['request', 1, prices.request],
  ];
  let sum = 0n;
  const lines: ReceiptLine[] = [];
  for (const [position, quantity, price] of parts) {
    if (price === undefined || quantity === 0) continue;
    const scaled =
      BigInt(quantity) * toNanos(price) * (position === 'request' ? tokensPerPrice : 1n);
    sum += scaled;
    lines.push({ position, quantity, price, cost: exactQuotient(scaled) });
  }
  return { lines, total: fromNanos((sum + tokensPerPrice / 2n) / tokensPerPrice) };
}

/** A line's share with all its digits: only the total is rounded, so that the lines add up to it before it is. */
function exactQuotient(scaled: bigint): string {
  const rest = (scaled % tokensPerPrice).toString().padStart(6, '0').replace(/0+$/, '');
  const nanos = fromNanos(scaled / tokensPerPrice);
  if (!rest) return nanos;
  const [whole = '0', fraction = ''] = nanos.split('.');
  return `${whole}.${fraction.padEnd(9, '0')}${rest}`;
}
