/** Amounts on the wire: plain decimal strings beside an ISO currency. Nothing here computes; that is the server's. */
import { z } from 'zod';

const decimalsMax = 9;
const digitsMax = 15;
const plainDecimal = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Writes a JSON number as a plain decimal by its value: 1e3 is "1000", 1e-7 is "0.0000001". */
function plainDecimalOf(value: number): string {
  const shortest = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(shortest);
  if (!match) return shortest;
  const [, sign = '', head = '', tail = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const digits = head + tail;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}

function explainDecimal(text: string, what: string): string | undefined {
  if (!plainDecimal.test(text)) return `Write the ${what} as a plain decimal such as "29.99".`;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  if (fraction.length > decimalsMax) return `Use at most ${decimalsMax} decimals.`;
  const significant = (whole + fraction).replace(/^0+/, '');
  if (significant.length > digitsMax) return `Use at most ${digitsMax} significant digits.`;
  return undefined;
}

/** A decimal as input, of what is called `what`: a string or a JSON number, at most 9 decimals and 15 significant digits. */
export function decimalInput(what: string) {
  return z.union([z.string(), z.number()]).transform((value, context) => {
    const text = typeof value === 'number' ? plainDecimalOf(value) : value;
    const problem = explainDecimal(text, what);
    if (problem === undefined) return text;
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  });
}

/** An amount as input: a decimal string or a JSON number, at most 9 decimals and 15 significant digits. */
export const AmountInput = decimalInput('amount').meta({
  id: 'AmountInput',
  description: 'Decimal string or JSON number, at most 9 decimals.',
});

/** Like `AmountInput`, and zero or more. */
export const AmountNotNegative = AmountInput.refine((text) => !text.startsWith('-'), {
  message: 'The amount must not be negative.',
});

/** Like `AmountInput`, and more than zero. */
export const AmountPositive = AmountNotNegative.refine((text) => /[1-9]/.test(text), {
  message: 'The amount must be more than zero.',
});

/** An amount as output: a plain decimal string. */
export const Amount = z.string().regex(plainDecimal).meta({ id: 'Amount', example: '29.99' });

/** ISO 4217 code, or the code of a pseudo-currency that a payment gateway counts in. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Write the currency as three capital letters, such as "USD".')
  .meta({ id: 'Currency', example: 'USD' });

export type Amount = string;
export type Currency = string;
