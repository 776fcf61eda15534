/** Shares and amounts as reports show them. */
import { formatMoney } from '../../../platform/money.ts';

const digits = 10_000n;

/** To four digits, half away from zero; null of nothing. */
export function shareOf(part: bigint, whole: bigint): number | null {
  if (whole === 0n) return null;
  const isNegative = part < 0n !== whole < 0n;
  const [a, b] = [part < 0n ? -part : part, whole < 0n ? -whole : whole];
  const rounded = Number((2n * a * digits + b) / (2n * b)) / Number(digits);
  return isNegative && rounded !== 0 ? -rounded : rounded;
}

/** Amounts of one currency, on the wire. */
export function amountsIn(currency: string): (amount: bigint) => string {
  return (amount) => formatMoney({ amount, currency });
}
