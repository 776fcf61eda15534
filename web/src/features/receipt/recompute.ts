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
  position: keyof PricedReceipt['prices'];
  quantity: number;
  /** Per million tokens; for `search` and `request`, of each. */
  price: string;
  cost: string;
}

export interface Recomputed {
  lines: ReceiptLine[];
  /** What the lines add up to, with all its digits. */
  sum: string;
  /** The sum times the multiplier, with all its digits. */
  product: string;
  total: string;
  isRounded: boolean;
}

/** Nano-units times a million tokens times a million of the multiplier: nothing is smaller, so nothing is lost. */
const millionth = 1_000_000n;
const scaleDigits = 12;

export function recompute(
  receipt: Pick<PricedReceipt, 'usage' | 'prices'> & { multiplier?: string },
): Recomputed {
  const multiplier = toNanos(receipt.multiplier ?? '1') / 1000n;
  let sum = 0n;
  const lines: ReceiptLine[] = [];
  for (const [position, quantity, price] of partsOf(receipt)) {
    if (price === undefined || quantity === 0) continue;
    const isEach = position === 'search' || position === 'request';
    const scaled = BigInt(quantity) * toNanos(price) * (isEach ? millionth : 1n);
    sum += scaled;
    lines.push({ position, quantity, price, cost: exactQuotient(scaled * millionth) });
  }
  const product = sum * multiplier;
  const scale = 10n ** BigInt(scaleDigits);
  return {
    lines,
    sum: exactQuotient(sum * millionth),
    product: exactQuotient(product),
    total: fromNanos((product + scale / 2n) / scale),
    isRounded: product % scale !== 0n,
  };
}

type Part = [ReceiptLine['position'], number, string | undefined];

/** Parts never exceed the whole, and one without a price of its own costs what the whole does. */
function partsOf({ usage, prices }: Pick<PricedReceipt, 'usage' | 'prices'>): Part[] {
  const partOf = (count: number | undefined, whole: number, price: string | undefined) =>
    price === undefined ? 0 : Math.min(count ?? 0, whole);
  const cached = Math.min(usage.cached_input_tokens, usage.input_tokens);
  const written = Math.min(usage.cache_write_tokens, usage.input_tokens - cached);
  const hour = partOf(usage.cache_write_1h_tokens, written, prices.cache_write_1h);
  const fresh = usage.input_tokens - cached - written;
  const heard = partOf(usage.audio_input_tokens, fresh, prices.audio_input);
  const seen = partOf(usage.image_input_tokens, fresh - heard, prices.image);
  const reasoned = partOf(usage.reasoning_tokens, usage.output_tokens, prices.reasoning);
  const answer = usage.output_tokens - reasoned;
  const spoken = partOf(usage.audio_output_tokens, answer, prices.audio_output);
  const drawn = partOf(usage.image_output_tokens, answer - spoken, prices.image_output);
  return [
    ['input', fresh - heard - seen, prices.input],
    ['cached_input', cached, prices.cached_input ?? prices.input],
    ['cache_write', written - hour, prices.cache_write ?? prices.input],
    ['cache_write_1h', hour, prices.cache_write_1h],
    ['audio_input', heard, prices.audio_input],
    ['image', seen, prices.image],
    ['output', answer - spoken - drawn, prices.output],
    ['reasoning', reasoned, prices.reasoning],
    ['audio_output', spoken, prices.audio_output],
    ['image_output', drawn, prices.image_output],
    ['search', usage.searches ?? 0, prices.search],
    ['request', 1, prices.request],
  ];
}

/** A share with all its digits: only the total is rounded, so that the lines add up to it before it is. */
function exactQuotient(scaled: bigint): string {
  const scale = 10n ** BigInt(scaleDigits);
  const rest = (scaled % scale).toString().padStart(scaleDigits, '0').replace(/0+$/, '');
  const nanos = fromNanos(scaled / scale);
  if (!rest) return nanos;
  const [whole = '0', fraction = ''] = nanos.split('.');
  return `${whole}.${fraction.padEnd(9, '0')}${rest}`;
}
