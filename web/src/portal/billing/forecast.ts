/** How far a forecast was off. */
import { toNanos } from '../../ui/decimal.ts';

interface LastPeriod {
  expected: string;
  actual: string;
}

/** In percent of what it came to, above zero where too much was expected; undefined where it came to nothing. */
export function forecastError({ expected, actual }: LastPeriod): number | undefined {
  const came = toNanos(actual);
  if (came === 0n) return undefined;
  return Number(((toNanos(expected) - came) * 1000n) / came) / 10;
}
