/** A line of an invoice: what it is for, as a code with parameters, so that it reads in any language; and its amount. */
import type { Ratio } from '../../../platform/ratio.ts';
import type { LineCode } from './line-words.ts';

export interface LineText {
  code: LineCode;
  /** As they are to be read: names, decimals, days as `YYYY-MM-DD`. */
  params: Record<string, string>;
}

export type LineKind =
  | 'top_up'
  | 'package'
  | 'subscription'
  | 'setup_fee'
  | 'usage'
  | 'minimum_spend'
  | 'proration'
  | 'manual'
  | 'credit';

/** Half-open. */
export interface LinePeriod {
  from: Date;
  to: Date;
}

/** A line before tax, discount and rounding. Amounts are in minor units of the invoice's currency, exact. */
export interface NewLine {
  kind: LineKind;
  text: LineText;
  /** How the amount came about: a tier each, or the like. */
  details?: readonly LineText[];
  quantity: Ratio;
  unitAmount: Ratio;
  /** Negative for what is given back. */
  amount: Ratio;
  /** False where no tax applies, such as to a top-up. */
  isTaxed: boolean;
  /** False where no discount applies. */
  isDiscountable: boolean;
  period?: LinePeriod;
}
