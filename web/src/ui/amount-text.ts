import { toNanos } from './decimal.ts';

const oneCentNanos = 10_000_000n;
/** A share of a receipt has nine digits of the price and six of the million tokens it is per. */
const digitsMax = 15;

export interface AmountStyle {
  locale: string;
  currency: string;
  /** Every digit that was sent, as on a receipt. */
  isExact?: boolean | undefined;
}

/** How many decimals money that is paid has in a currency; usage has more. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * An amount in words. Two decimals, up to four where they are there; below a cent every digit, because "$0.00" for
 * a call that cost something is a lie. Never rounded up: a balance must not look larger than it is.
 */
export function amountText(
  value: string,
  { locale, currency, isExact = false }: AmountStyle,
): string {
  const nanos = toNanos(value);
  const isTiny = nanos !== 0n && nanos < oneCentNanos && nanos > -oneCentNanos;
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: isExact || isTiny ? digitsMax : 4,
    roundingMode: 'trunc',
  });
  return format.format(value as `${number}`);
}
