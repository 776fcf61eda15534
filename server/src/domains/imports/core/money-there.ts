/** Money of other systems in nano-units: units of a quota there, dollars as decimal text in claude-relay. */
import { nanosPerUnit } from '../../../platform/money.ts';

/** What a dollar there is in the usage currency, as a fraction. */
export interface Rate {
  numerator: bigint;
  denominator: bigint;
}

export const atPar: Rate = { numerator: 1n, denominator: 1n };

/** Reads a plain decimal above zero, such as `500000` or `7.12`; undefined for anything else. */
export function readRate(text: string): Rate | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const numerator = BigInt(whole + fraction);
  return numerator === 0n ? undefined : { numerator, denominator: 10n ** BigInt(fraction.length) };
}

/** Units of a quota, of which `perDollar` are a dollar; what is less than a nano is the deployment's, not the customer's. */
export function nanosOfQuota(quota: bigint, perDollar: Rate, rate: Rate): bigint {
  const numerator = quota * nanosPerUnit * perDollar.denominator * rate.numerator;
  return numerator / (perDollar.numerator * rate.denominator);
}

/** Dollars as the other system writes them: a decimal, perhaps with an exponent, and many more digits than it means. */
export function nanosOfDollars(text: string | null | undefined, rate: Rate): bigint | undefined {
  const match = /^(-?)(\d{0,15})(?:\.(\d*))?(?:e([+-]?\d{1,2}))?$/i.exec(text?.trim() ?? '');
  if (!match || (match[2] === '' && (match[3] ?? '') === '')) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const shift = 9 - fraction.length + Number(exponent);
  const digits = BigInt(`${whole}${fraction}` || '0') * rate.numerator;
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  const nanos = scaled / rate.denominator;
  return sign === '-' ? -nanos : nanos;
}
