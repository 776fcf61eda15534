import { amountText } from './amount-text.ts';

/** What a meter counts in. */
export type QuantityUnit = 'count' | 'tokens' | 'gb' | 'money';

/** Words that a unit is said with; money has its currency. */
export interface QuantityWords {
  tokens: (count: string) => string;
  gigabytes: (count: string) => string;
}

export interface QuantityStyle {
  locale: string;
  currency: string;
  words: QuantityWords;
}

/** A quantity in words: as many decimals as it has, down to the byte. */
export function quantityText(
  value: string,
  unit: QuantityUnit,
  { locale, currency, words }: QuantityStyle,
): string {
  if (unit === 'money') return amountText(value, { locale, currency });
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(
    value as `${number}`,
  );
  if (unit === 'tokens') return words.tokens(count);
  return unit === 'gb' ? words.gigabytes(count) : count;
}
