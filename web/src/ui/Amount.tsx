import { useLocale } from 'use-intl';
import { amountText } from './amount-text.ts';

interface AmountProps {
  value: string;
  currency: string;
  /** Shows every digit. */
  isExact?: boolean;
}

/** The only place where money is formatted. */
export function Amount({ value, currency, isExact }: AmountProps) {
  const locale = useLocale();
  return (
    <span className="figure" title={`${value} ${currency}`}>
      {amountText(value, { locale, currency, isExact })}
    </span>
  );
}

type AmountText = (value: string, currency: string, options?: { isExact?: boolean }) => string;

/** The same as text, for sentences that name an amount. */
export function useAmountText(): AmountText {
  const locale = useLocale();
  return (value, currency, { isExact } = {}) => amountText(value, { locale, currency, isExact });
}
