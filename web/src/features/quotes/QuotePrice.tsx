import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { useCycleText } from '../offers/cycle-text.ts';
import type { Quote } from './quote.ts';

/** A quote's price in one line, as a list shows it. */
export function QuotePrice({ price, quantity }: Pick<Quote, 'price' | 'quantity'>) {
  const t = useTranslations('quotes');
  const { per } = useCycleText();
  return (
    <span className="twofold">
      <span>
        <Amount value={price.amount} currency={price.currency} isExact /> {per(price.billing_cycle)}
      </span>
      {quantity > 1 && <small>{t('seats', { count: quantity })}</small>}
    </span>
  );
}
