import { useLocale, useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import type { InvoiceLine } from './invoice.ts';
import { useLineText } from './line-text.ts';

interface LineListProps {
  lines: readonly InvoiceLine[];
  currency: string;
}

/** Lines where there is no room for a table: each with its amount, and how that came about below. */
export function LineList({ lines, currency }: LineListProps) {
  const t = useTranslations('invoices');
  const lineText = useLineText();
  const locale = useLocale();
  const count = (value: string) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(value as `${number}`);
  return (
    <ul className="bought" aria-label={t('lines')}>
      {lines.map((line) => (
        <li key={line.position}>
          <div>
            {lineText(line, currency)}
            {line.quantity !== '1' && (
              <div className="soft line-details">
                {count(line.quantity)} ×{' '}
                <Amount value={line.unit_amount} {...{ currency }} isExact />
              </div>
            )}
            {line.details.map((detail) => (
              <div key={detail} className="soft line-details">
                {detail}
              </div>
            ))}
          </div>
          <Amount value={line.amount} currency={currency} isExact />
        </li>
      ))}
    </ul>
  );
}
