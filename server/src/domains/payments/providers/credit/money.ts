/** Credit's amounts: plain decimals with at most two places, whatever currency the gateway counts in. */
import type { MinorMoney } from '../../../../platform/money.ts';

/** Nine digits before the point: the largest amount that a record may hold. */
const form = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?$/;

/** Parses an amount above zero; undefined for anything else (`1e3`, `10.001`, `-1`, `０`). */
export function readMoney(text: string, currency: string): MinorMoney | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  const minor = BigInt(whole + fraction.padEnd(2, '0'));
  return minor > 0n ? { minor, currency } : undefined;
}

/** Whether the gateway's answers about an amount could be read back. */
export function isCollectable({ minor }: MinorMoney): boolean {
  return minor > 0n && minor < 10n ** 11n;
}

/** Always two decimals: both spellings are signed alike by the gateway then. */
export function writeMoney(money: MinorMoney): string {
  const digits = money.minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
