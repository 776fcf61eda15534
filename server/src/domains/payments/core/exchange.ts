/** What an amount is in another currency, at an operator's rate. */
import { divideHalfUp, exponentOf, type MinorMoney } from '../../../platform/money.ts';

const rateForm = /^(\d{1,12})(?:\.(\d{1,18}))?$/;

/** Whether a text is a usable rate: a plain decimal above zero. */
export function isRate(text: string): boolean {
  return rateForm.test(text) && /[1-9]/.test(text);
}

/**
 * Converts at `rate` units of `currency` per unit of the amount's currency, rounding half up to the minor unit.
 * Undefined where the rate is none, or where an amount above zero would round to nothing.
 */
export function convertMinor(
  amount: MinorMoney,
  rate: string,
  currency: string,
): MinorMoney | undefined {
  if (!isRate(rate)) return undefined;
  const [whole = '0', fraction = ''] = rate.split('.');
  const numerator = amount.minor * BigInt(whole + fraction) * 10n ** BigInt(exponentOf(currency));
  const denominator = 10n ** BigInt(exponentOf(amount.currency) + fraction.length);
  const minor = divideHalfUp(numerator, denominator);
  return minor === 0n && amount.minor > 0n ? undefined : { minor, currency };
}
