/** The computation of a call's cost in words and decimals, which a buyer can repeat by hand. */
import { formatNanos } from '../../../platform/money.ts';
import { formatMultiplier, multiplierOne } from '../../../platform/multiplier.ts';
import { type Line, tokensPerPrice } from './price.ts';
import type { ServiceTier } from './usage.ts';

interface Rated {
  lines: readonly Line[];
  searches: bigint;
  /** Nano-units of each. */
  search: bigint;
  request: bigint;
  multiplierMillionths: bigint;
  /** Which table of the price it was. */
  tier: number | null;
  serviceTier: ServiceTier | null;
  amount: bigint;
  currency: string;
}

/** Such as `(12 input × 0.15 + 34 output × 0.60) ÷ 1,000,000 = 0.0000222 USD`. */
export function explain(rated: Rated): string {
  const { lines, searches, search, request, multiplierMillionths, amount, currency } = rated;
  const products = lines.map(
    ({ name, count, nanos }) => `${count} ${name} × ${formatNanos(nanos)}`,
  );
  const terms = products.length > 0 ? [`(${products.join(' + ')}) ÷ 1,000,000`] : ['0'];
  if (searches > 0n) terms.push(`${searches} searches × ${formatNanos(search)}`);
  if (request > 0n) terms.push(`${formatNanos(request)} per request`);
  const isMultiplied = multiplierMillionths !== multiplierOne;
  const sum = terms.join(' + ');
  const product = isMultiplied ? `(${sum}) × ${formatMultiplier(multiplierMillionths)}` : sum;
  const tokens = lines.reduce((total, { count, nanos }) => total + count * nanos, 0n);
  const fees = (searches * search + request) * tokensPerPrice;
  const isExact =
    ((tokens + fees) * multiplierMillionths) % (tokensPerPrice * multiplierOne) === 0n;
  const rounding = isExact ? '' : ', rounded half up to 9 decimals';
  return `${tableName(rated)}${product} = ${formatNanos(amount)} ${currency}${rounding}`;
}

/** Says which prices they are, where they are not the price's own. */
function tableName({ tier, serviceTier }: Pick<Rated, 'tier' | 'serviceTier'>): string {
  const names = [
    ...(serviceTier === null ? [] : [`${serviceTier} tier`]),
    ...(tier === null ? [] : [`above ${tier} input tokens`]),
  ];
  return names.length === 0 ? '' : `${names.join(', ')}: `;
}
