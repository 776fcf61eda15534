import { useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { type TotalsRow, totalsOf } from './invoice.ts';

interface InvoiceTotalsProps {
  totals: Parameters<typeof totalsOf>[0] & { currency: string };
  /** What is due called by the page: "Due today" before a purchase. */
  dueLabel?: string;
}

/** From the sum of the lines to what is due. */
export function InvoiceTotals({ totals, dueLabel }: InvoiceTotalsProps) {
  const t = useTranslations('invoices.totals');
  const labelOf = (row: TotalsRow) => {
    if (row.what === 'tax' || row.what === 'taxIncluded') {
      return t(row.what, { name: row.name, rate: row.rate });
    }
    return row.what === 'due' && dueLabel ? dueLabel : t(row.what);
  };
  return (
    <dl className="totals">
      {totalsOf(totals).map((row) => (
        <div key={labelOf(row)} className={row.what === 'due' ? 'totals-due' : undefined}>
          <dt>{labelOf(row)}</dt>
          <dd>
            <Amount value={row.amount} currency={totals.currency} isExact />
          </dd>
        </div>
      ))}
    </dl>
  );
}
