/**
 * Exact fractions of bigints. Prices, shares of a period and quantities are exact until an invoice rounds, once: a third
 * of a month times three is a month.
 */
import { invariant } from './errors.ts';

/** In lowest terms; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const zero: Ratio = { numerator: 0n, denominator: 1n };
export const one: Ratio = { numerator: 1n, denominator: 1n };

export function ratio(numerator: bigint, denominator = 1n): Ratio {
  invariant(denominator !== 0n, 'a fraction has a denominator');
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(
    numerator < 0n ? -numerator : numerator,
    denominator * sign,
  );
  return { numerator: (numerator * sign) / divisor, denominator: (denominator * sign) / divisor };
}

/** Reads a plain decimal such as `-0.075`, of any length. */
export function parseRatio(text: string): Ratio {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  invariant(match, `"${text}" is no plain decimal`);
  const [, sign, whole = '0', fraction = ''] = match;
  const numerator = BigInt(whole + fraction);
  return ratio(sign === '-' ? -numerator : numerator, 10n ** BigInt(fraction.length));
}

export function add(a: Ratio, b: Ratio): Ratio {
  return ratio(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function subtract(a: Ratio, b: Ratio): Ratio {
  return add(a, negate(b));
}

export function negate({ numerator, denominator }: Ratio): Ratio {
  return { numerator: -numerator, denominator };
}

export function multiply(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function divide(a: Ratio, b: Ratio): Ratio {
  return ratio(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function sum(values: readonly Ratio[]): Ratio {
  return values.reduce(add, zero);
}

/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export function compare(a: Ratio, b: Ratio): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

export function least(a: Ratio, b: Ratio): Ratio {
  return compare(a, b) <= 0 ? a : b;
}

export function greatest(a: Ratio, b: Ratio): Ratio {
  return compare(a, b) >= 0 ? a : b;
}

export function isZero({ numerator }: Ratio): boolean {
  return numerator === 0n;
}

export function isPositive({ numerator }: Ratio): boolean {
  return numerator > 0n;
}

/** The smallest whole number that is not below. */
export function ceiling({ numerator, denominator }: Ratio): bigint {
  const quotient = numerator / denominator;
  return numerator > 0n && numerator % denominator !== 0n ? quotient + 1n : quotient;
}

/** The largest whole number that is not above. */
export function floor({ numerator, denominator }: Ratio): bigint {
  const quotient = numerator / denominator;
  return numerator < 0n && numerator % denominator !== 0n ? quotient - 1n : quotient;
}

/** The nearest whole number; halves away from zero, so that a credit mirrors its charge. */
export function roundHalfUp({ numerator, denominator }: Ratio): bigint {
  const sign = numerator < 0n ? -1n : 1n;
  return sign * ((2n * numerator * sign + denominator) / (2n * denominator));
}

/** The nearest whole number towards zero. */
export function truncate({ numerator, denominator }: Ratio): bigint {
  return numerator / denominator;
}

/** Writes a decimal with at most so many places, halves away from zero, without trailing zeros. */
export function formatRatio(value: Ratio, decimalsMax: number): string {
  const scaled = roundHalfUp(multiply(value, ratio(10n ** BigInt(decimalsMax))));
  const sign = scaled < 0n ? '-' : '';
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimalsMax + 1, '0');
  const whole = digits.slice(0, digits.length - decimalsMax);
  const fraction = digits.slice(digits.length - decimalsMax).replace(/0+$/, '');
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
