import { add, divide, multiply, one, type Ratio, ratio, zero } from '../../../../platform/ratio.ts';
import type { PeriodUsage, Step } from './charge.ts';

/** Tokens at prices per million by position, such as `input` and `output`, with a markup. */
export interface Tokens {
  model: 'tokens';
  perMillion: Readonly<Record<string, Ratio>>;
  /** 0.5 adds half; the most specific that is set holds (model, provider, default). */
  markup?: Ratio;
}

const million = ratio(1_000_000n);

export function rateTokens(
  { perMillion, markup = zero }: Tokens,
  { tokens = {} }: PeriodUsage,
): Step[] {
  return Object.entries(perMillion).map(([position, price]) => {
    const quantity = ratio(tokens[position] ?? 0n);
    const unitAmount = multiply(divide(price, million), add(one, markup));
    return { kind: 'tokens', quantity, unitAmount, amount: multiply(quantity, unitAmount) };
  });
}
