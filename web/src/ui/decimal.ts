/** Decimal strings as exact integers: the browser shows and re-adds amounts, and never rounds them through a float. */
const nanoDigits = 9;

/** "0.15" → 150000000n: the wire's decimal in units of 1e-9. */
export function toNanos(decimal: string): bigint {
  const isNegative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const nanos = BigInt(whole + fraction.slice(0, nanoDigits).padEnd(nanoDigits, '0'));
  return isNegative ? -nanos : nanos;
}

/** The inverse of `toNanos`, without trailing zeros. */
export function fromNanos(nanos: bigint): string {
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(nanoDigits + 1, '0');
  const fraction = digits.slice(-nanoDigits).replace(/0+$/, '');
  const whole = digits.slice(0, -nanoDigits);
  return (nanos < 0n ? '-' : '') + whole + (fraction && `.${fraction}`);
}

/** How much of `total` is `part`, from 0 to 100, for bars. */
export function percentOf(part: string, total: string): number {
  const whole = toNanos(total);
  if (whole <= 0n) return 0;
  const permille = Number((toNanos(part) * 1000n) / whole);
  return Math.min(100, Math.max(0, permille / 10));
}
