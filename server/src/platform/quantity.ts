/** Quantities: on the wire decimals in the meter's unit, inside whole numbers of its smallest part. */
import type { MeterUnit } from '@sluice/contract/meters';

/** Digits behind the point: a gigabyte is 1e9 bytes, money counts nano-units; times and tokens are whole. */
const decimals: Record<MeterUnit, number> = { count: 0, tokens: 0, gb: 9, money: 9 };

/** The most that a counter can hold. */
const quantityMax = 2n ** 63n - 1n;

/**
 * Reads a plain decimal in the unit as smallest parts; undefined where it is finer than the unit, or more than can be
 * counted.
 */
export function parseQuantity(text: string, unit: MeterUnit): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals[unit]) return undefined;
  const amount = BigInt(whole + significant.padEnd(decimals[unit], '0'));
  if (amount > quantityMax) return undefined;
  return sign === '-' ? -amount : amount;
}

/** Writes smallest parts as a plain decimal in the unit, without zeros at its end. */
export function formatQuantity(amount: bigint, unit: MeterUnit): string {
  const places = decimals[unit];
  const sign = amount < 0n ? '-' : '';
  const digits = String(amount < 0n ? -amount : amount).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** Smallest parts in one of the unit. */
export function partsOf(unit: MeterUnit): bigint {
  return 10n ** BigInt(decimals[unit]);
}

/** What to write instead of a quantity that `parseQuantity` does not take. */
export function quantityAdvice(unit: MeterUnit): string {
  if (decimals[unit] === 0) {
    return `Write a whole number: the meter counts ${unit === 'count' ? 'times' : 'tokens'}.`;
  }
  return `Use at most ${decimals[unit]} decimals and a number below ${formatQuantity(quantityMax, unit)}.`;
}
