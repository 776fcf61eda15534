/** Amounts as the vendor writes and counts them. */

export interface Amount {
  currency_code: string;
  value: string;
}

const WHOLE = new Set(['HUF', 'JPY', 'TWD']);
const CURRENCIES = new Set(
  (
    'AUD BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD ' +
    'USD'
  ).split(' '),
);

/** Which rule of the vendor's an amount breaks; undefined where it breaks none. */
export function amountIssue({ currency_code, value }: Amount): string | undefined {
  if (!CURRENCIES.has(currency_code)) return 'INVALID_CURRENCY_CODE';
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,10}))?$/.exec(value);
  if (!match) return 'INVALID_PARAMETER_SYNTAX';
  const [, sign, whole = '', fraction] = match;
  if (WHOLE.has(currency_code) && fraction !== undefined) return 'DECIMALS_NOT_SUPPORTED';
  if ((fraction ?? '').length > 2) return 'DECIMAL_PRECISION';
  if (sign !== '' || /^0*$/.test(whole + (fraction ?? ''))) return 'CANNOT_BE_ZERO_OR_NEGATIVE';
  return undefined;
}

/** In the smallest unit that the vendor counts in. */
export function unitsOf({ currency_code, value }: Amount): bigint {
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + (WHOLE.has(currency_code) ? '' : fraction.padEnd(2, '0')));
}

export function amountOf(units: bigint, currency_code: string): Amount {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString();
  if (WHOLE.has(currency_code)) return { currency_code, value: sign + digits };
  const padded = digits.padStart(3, '0');
  return { currency_code, value: `${sign}${padded.slice(0, -2)}.${padded.slice(-2)}` };
}

/** 3.49 % and 49 of the smallest unit, and never more than there is. */
export function feeOf(amount: Amount): Amount {
  const units = unitsOf(amount);
  const fee = (units * 349n + 5_000n) / 10_000n + 49n;
  return amountOf(fee < units ? fee : units, amount.currency_code);
}
