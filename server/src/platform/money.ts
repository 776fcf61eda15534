/**
 * Money is a bigint of nano-units (1e-9 of the currency's major unit) beside its currency; invoices and payments are
 * `MinorMoney`, in the currency's own minor unit. No number ever touches an amount.
 */
import { invariant, Refusal } from './errors.ts';

export type Currency = string;

/** Nano-units of a currency: 1 USD is 1_000_000_000n. */
export interface Money {
  amount: bigint;
  currency: Currency;
}

/** Minor units of a currency: 1 USD is 100n, 1 JPY is 1n. */
export interface MinorMoney {
  minor: bigint;
  currency: Currency;
}

export const nanosPerUnit = 1_000_000_000n;

/** Largest amount that any one record may hold, so that sums of many still fit a SQL bigint: 1e9 units less one nano. */
export const nanosMax = 999_999_999_999_999_999n;

// ISO 4217 exponents that are not 2. https://www.iso.org/iso-4217-currency-codes.html
const exponents: Record<Currency, number> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
};

/** Decimals of the currency's minor unit. */
export function exponentOf(currency: Currency): number {
  return exponents[currency] ?? 2;
}

/** Parses a plain decimal with at most nine decimals into nano-units. */
export function parseNanos(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  invariant(match, `"${text}" is no plain decimal with at most nine decimals`);
  const [, sign, whole = '0', fraction = ''] = match;
  const nanos = BigInt(whole) * nanosPerUnit + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -nanos : nanos;
}

/**
 * Parses an amount of a request into nano-units.
 * @throws Refusal `amount_out_of_range` beyond `nanosMax`.
 */
export function parseAmount(text: string, param = 'amount'): bigint {
  const nanos = parseNanos(text);
  if (nanos > nanosMax || nanos < -nanosMax) {
    throw new Refusal('amount_out_of_range', 'Use an amount below 1,000,000,000.', { param });
  }
  return nanos;
}

/** Writes nano-units as a plain decimal: at least `decimalsMin` decimals, no more than are needed beyond. */
export function formatNanos(nanos: bigint, decimalsMin = 2): string {
  const sign = nanos < 0n ? '-' : '';
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '').padEnd(decimalsMin, '0');
  return sign + digits.slice(0, -9) + (fraction === '' ? '' : `.${fraction}`);
}

/** Writes money as the wire has it, with at least the currency's own decimals. */
export function formatMoney(money: Money): string {
  return formatNanos(money.amount, exponentOf(money.currency));
}

/** Writes minor units as the wire has them: always all of the currency's decimals. */
export function formatMinor(money: MinorMoney): string {
  return formatMoney(fromMinor(money));
}

/** Exact: minor units always fit nano-units. */
export function fromMinor(money: MinorMoney): Money {
  return { amount: money.minor * nanosPerMinor(money.currency), currency: money.currency };
}

/**
 * The one function that leaves nano-units for minor units; it refuses to round.
 * @throws Refusal `amount_out_of_range` where the amount is finer than the currency's minor unit.
 */
export function toMinorExact(money: Money, param = 'amount'): MinorMoney {
  const scale = nanosPerMinor(money.currency);
  if (money.amount % scale !== 0n) {
    const decimals = exponentOf(money.currency);
    throw new Refusal(
      'amount_out_of_range',
      `${money.currency} has ${decimals} decimals: use an amount with no more.`,
      { param },
    );
  }
  return { minor: money.amount / scale, currency: money.currency };
}

/** Parses a decimal of the currency into minor units, refusing finer amounts. */
export function parseMinor(text: string, currency: Currency, param = 'amount'): MinorMoney {
  return toMinorExact({ amount: parseAmount(text, param), currency }, param);
}

/** Exact integer division of non-negative bigints, rounding half up. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  invariant(numerator >= 0n && denominator > 0n, 'half-up division takes a non-negative fraction');
  return (2n * numerator + denominator) / (2n * denominator);
}

function nanosPerMinor(currency: Currency): bigint {
  return 10n ** BigInt(9 - exponentOf(currency));
}
