/**
 * PayPal's amounts: decimal strings in a list of currencies, three of which have no decimals there.
 * https://developer.paypal.com/reference/currency-codes/
 */
import { exponentOf, type MinorMoney } from '../../../../platform/money.ts';

export interface PaypalAmount {
  currency_code: string;
  value: string;
}

/** Decimals of each currency that PayPal takes. CNY is left out: it is for accounts within China only. */
const decimals: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ...['AUD', 'BRL', 'CAD', 'CHF', 'CZK', 'DKK', 'EUR', 'GBP', 'HKD', 'ILS', 'MXN', 'MYR'],
    ...['NOK', 'NZD', 'PHP', 'PLN', 'SEK', 'SGD', 'THB', 'USD'],
  ]
    .map((currency) => [currency, 2])
    .concat(['HUF', 'JPY', 'TWD'].map((currency) => [currency, 0])),
);

export const takenCurrencies: readonly string[] = Object.keys(decimals).sort();

/** Nine digits before the point: the largest amount that a record may hold. */
const form = /^(-?)(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?$/;
const wholeDigitsMax = 9;

/** Whether PayPal can collect exactly this: half a forint is nothing there. */
export function isCollectable({ minor, currency }: MinorMoney): boolean {
  const step = stepOf(currency);
  if (step === undefined) return false;
  const end = 10n ** BigInt(wholeDigitsMax + exponentOf(currency));
  return minor > 0n && minor < end && minor % step === 0n;
}

/** The amount as PayPal wants it written; undefined for one that it would not collect. */
export function writeAmount(money: MinorMoney): PaypalAmount | undefined {
  if (!isCollectable(money)) return undefined;
  const { currency } = money;
  const places = decimals[currency] ?? 0;
  const digits = (money.minor / (stepOf(currency) ?? 1n)).toString().padStart(places + 1, '0');
  const at = digits.length - places;
  const fraction = digits.slice(at);
  return { currency_code: currency, value: digits.slice(0, at) + (fraction && `.${fraction}`) };
}

/** An amount above zero; undefined for anything else (`1e3`, `10.001`, `-1`, `１０`, half a yen). */
export function readAmount(amount: PaypalAmount): MinorMoney | undefined {
  const money = readSignedAmount(amount);
  return money && money.minor > 0n ? money : undefined;
}

/** An amount as statements have it: of either sign, or zero. */
export function readSignedAmount(amount: PaypalAmount): MinorMoney | undefined {
  const currency = amount.currency_code;
  const match = form.exec(amount.value);
  const step = stepOf(currency);
  if (!match || step === undefined) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const places = exponentOf(currency);
  // Where we count no decimals, PayPal may still write them in a statement.
  if (/[1-9]/.test(fraction.slice(places))) return undefined;
  const minor = BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
  if (minor % step !== 0n) return undefined;
  return { minor: sign === '-' ? -minor : minor, currency };
}

/** The smallest amount there is at PayPal, in our minor units; undefined for a currency that it does not take. */
function stepOf(currency: string): bigint | undefined {
  const places = Object.hasOwn(decimals, currency) ? decimals[currency] : undefined;
  return places === undefined ? undefined : 10n ** BigInt(exponentOf(currency) - places);
}
