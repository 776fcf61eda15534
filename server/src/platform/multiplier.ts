/** Multipliers of prices, in millionths: six decimals, and no rounding but the one of the amount. */
import { invariant } from './errors.ts';
import { formatNanos } from './money.ts';

export const multiplierOne = 1_000_000n;

const nanosPerMillionth = 1_000n;

/** Reads a plain decimal with at most six decimals, such as `1.25`, that was checked or written here. */
export function parseMultiplier(text: string): bigint {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  invariant(match, `"${text}" is a decimal with at most six decimals`);
  return BigInt(match[1] ?? 0) * multiplierOne + BigInt((match[2] ?? '').padEnd(6, '0'));
}

/** A plain decimal, such as `1.25`. */
export function formatMultiplier(millionths: bigint): string {
  return formatNanos(millionths * nanosPerMillionth, 0);
}
