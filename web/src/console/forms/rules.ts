/** Rules of form fields, as the contract states them. */

/** Digits with at most nine decimals; zero is one too. */
export const amountPattern = /^(0|[1-9]\d*)(\.\d{1,9})?$/;

/** Like `amountPattern`, and more than zero. */
export const positiveAmountPattern = /^(?=.*[1-9])(0|[1-9]\d*)(\.\d{1,9})?$/;

export const currencyPattern = /^[A-Z]{3}$/;

/** For a field of a currency: what is typed becomes capital letters. */
export function toCapitals(text: string | undefined): string | undefined {
  return text?.trim().toUpperCase();
}
