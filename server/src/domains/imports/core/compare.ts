/** What differs between another system and what was moved from it, while both run. */
import { formatNanos } from '../../../platform/money.ts';

export interface Difference {
  kind: 'account' | 'balance' | 'key';
  id: string;
  name: string;
  /** In words; amounts in the usage currency. */
  text: string;
}

/** Two figures that should be equal once the other system is off. */
export interface Figure {
  what: 'accounts' | 'balances' | 'keys' | 'calls' | 'cost of calls';
  there: string;
  moved: string;
}

export interface Comparison {
  source: string;
  figures: Figure[];
  differences: Difference[];
  /** More than are listed. */
  differencesCount: number;
}

/** The first so many are listed; all are counted. */
export const differencesListedMax = 1000;

export function add(comparison: Comparison, difference: Difference): void {
  comparison.differencesCount += 1;
  if (comparison.differences.length < differencesListedMax) comparison.differences.push(difference);
}

/** What has become of a balance there since it was moved; undefined where nothing has. */
export function compareBalance(
  there: bigint,
  { moved, here }: { moved: bigint; here: bigint | undefined },
): string | undefined {
  const counted = there < 0n ? 0n : there;
  if (counted === moved) return undefined;
  const gone = moved - counted;
  const said =
    gone > 0n
      ? `${formatNanos(gone)} spent there since`
      : `${formatNanos(-gone)} added there since`;
  const left = here === undefined ? '' : `; here ${formatNanos(here)}`;
  return `${said}: ${formatNanos(there)} there, ${formatNanos(moved)} were moved${left}`;
}
