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

/** Keys of meters and features. */
export const keyPattern = /^[a-z][a-z0-9_]{0,39}$/;

/** Slugs of applications, at least two letters long. */
export const applicationSlugPattern = /^[a-z][a-z0-9-]{1,39}$/;

export const planSlugPattern = /^[a-z][a-z0-9-]{0,59}$/;

/** Countries of ISO 3166-1. */
export const countryPattern = /^[A-Z]{2}$/;
