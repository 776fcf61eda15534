/** Alipay's amounts: yuan as a plain decimal with at most two places, from 0.01 to 100000000.00. */
import type { MinorMoney } from '../../../../platform/money.ts';

const form = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?$/;
const fenMax = 10_000_000_000n;

/** Parses an amount above zero; undefined for anything else (`1e3`, `10.001`, `-1`, `０`). */
export function readYuan(text: string): MinorMoney | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  const money = { minor: BigInt(whole + fraction.padEnd(2, '0')), currency: 'CNY' };
  return isCollectable(money) ? money : undefined;
}

export function isCollectable({ minor, currency }: MinorMoney): boolean {
  return currency === 'CNY' && minor > 0n && minor <= fenMax;
}

/** Always two decimals. */
export function writeYuan({ minor }: MinorMoney): string {
  const digits = minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
