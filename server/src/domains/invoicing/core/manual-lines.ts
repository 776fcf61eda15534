/** Lines that an operator writes: a text, a quantity and a price of one. */
import { exponentOf } from '../../../platform/money.ts';
import {
  add,
  compare,
  multiply,
  negate,
  parseRatio,
  ratio,
  zero,
} from '../../../platform/ratio.ts';
import type { NewLine } from './line.ts';

export interface ManualLine {
  description: string;
  quantity?: string | undefined;
  /** In the major unit, before tax; negative for what is taken off. */
  unit_amount: string;
  taxed?: boolean | undefined;
}

/** In major units of any currency, whatever the sign: far below what the ledger can hold. */
const linesMax = 100_000_000n;

/** Undefined where the lines come to more than an invoice may be over. */
export function manualLines(lines: readonly ManualLine[], currency: string): NewLine[] | undefined {
  const minorPerUnit = ratio(10n ** BigInt(exponentOf(currency)));
  let size = zero;
  const read = lines.map((line): NewLine => {
    const quantity = parseRatio(line.quantity ?? '1');
    const unitAmount = multiply(parseRatio(line.unit_amount), minorPerUnit);
    const amount = multiply(quantity, unitAmount);
    size = add(size, amount.numerator < 0n ? negate(amount) : amount);
    return {
      kind: 'manual',
      text: { code: 'free_text', params: { text: line.description } },
      ...{ quantity, unitAmount, amount },
      isTaxed: line.taxed ?? true,
      isDiscountable: false,
    };
  });
  return compare(size, multiply(ratio(linesMax), minorPerUnit)) > 0 ? undefined : read;
}
