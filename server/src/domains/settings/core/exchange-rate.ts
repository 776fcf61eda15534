/** Rates between any two currencies, from the operator's rates against the usage currency. */
import { divideHalfUp, nanosPerUnit, parseNanos } from '../../../platform/money.ts';

/** So fine that a converted amount below `nanosMax` is right to the nano-unit. */
const decimals = 18;

export interface RateQuestion {
  usageCurrency: string;
  from: string;
  to: string;
}

/** Units of `to` for one unit of `from`, as a decimal; undefined where the operator has set no rate. */
export function rateBetween(
  rates: Readonly<Record<string, string>>,
  { usageCurrency, from, to }: RateQuestion,
): string | undefined {
  if (from === to) return '1';
  const perUsage = (currency: string): bigint | undefined => {
    if (currency === usageCurrency) return nanosPerUnit;
    const rate = rates[currency];
    return rate === undefined ? undefined : parseNanos(rate);
  };
  const numerator = perUsage(to);
  const denominator = perUsage(from);
  if (numerator === undefined || denominator === undefined) return undefined;
  return writeDecimal(divideHalfUp(numerator * 10n ** BigInt(decimals), denominator));
}

function writeDecimal(scaled: bigint): string {
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return digits.slice(0, -decimals) + (fraction === '' ? '' : `.${fraction}`);
}
