/** WeChat Pay's amounts: whole fen in JSON numbers, yuan with two decimals in its bills, and Chinese yuan only. */
import { invariant } from '../../../../platform/errors.ts';
import type { MinorMoney } from '../../../../platform/money.ts';

export const currency = 'CNY';

/** A hundred million yuan, far below where JSON numbers stop being exact. */
const fenMax = 10n ** 10n;
const yuanForm = /^(-?)(0|[1-9][0-9]{0,9})\.([0-9]{1,5})$/;

/** Whether an amount can be ordered there and read back. */
export function isCollectable({ minor }: MinorMoney): boolean {
  return minor > 0n && minor <= fenMax;
}

export function writeFen(money: MinorMoney): number {
  invariant(money.currency === currency && isCollectable(money), 'WeChat Pay takes whole fen');
  return Number(money.minor);
}

/** An amount above zero; undefined for anything that is no whole number of fen (`"1"`, `1.5`, `0`, `-1`). */
export function readFen(fen: unknown): MinorMoney | undefined {
  if (typeof fen !== 'number' || !Number.isSafeInteger(fen)) return undefined;
  const money = { minor: BigInt(fen), currency };
  return isCollectable(money) ? money : undefined;
}

/** A bill's cell (`12.30`, `-0.27000`) in fen; finer decimals are rounded half away from zero. */
export function readYuan(cell: string): bigint | undefined {
  const match = yuanForm.exec(cell);
  if (!match) return undefined;
  const [, sign, whole = '', decimals = ''] = match;
  const padded = decimals.padEnd(3, '0');
  const fen = BigInt(whole + padded.slice(0, 2)) + ((padded[2] ?? '0') >= '5' ? 1n : 0n);
  return sign === '-' ? -fen : fen;
}
