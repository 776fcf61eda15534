import { useLocale, useTranslations } from 'use-intl';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { settledList } from '../../ui/pages.ts';
import { renderFailure } from '../errors/Failure.tsx';
import type { InvoiceLine } from './invoice.ts';
import { useLineText } from './line-text.ts';

interface InvoiceLinesProps {
  lines: readonly InvoiceLine[];
  currency: string;
}

/** What is charged, line by line, and how each amount came about. */
export function InvoiceLines({ lines, currency }: InvoiceLinesProps) {
  const t = useTranslations('invoices');
  const tUi = useTranslations('ui');
  const locale = useLocale();
  const quantityText = (value: string) =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }).format(value as `${number}`);
  const columns: Column<InvoiceLine>[] = [
    { title: t('what'), cell: (line) => <LineText line={line} currency={currency} /> },
    {
      title: t('quantity'),
      align: 'end',
      cell: ({ quantity }) => <span className="figure">{quantityText(quantity)}</span>,
    },
    {
      title: t('unitPrice'),
      align: 'end',
      cell: ({ unit_amount }) => <Amount value={unit_amount} currency={currency} isExact />,
    },
    {
      title: t('taxRate'),
      align: 'end',
      cell: ({ tax_rate }) => (
        <span className="figure">{tax_rate === null ? '–' : t('percent', { rate: tax_rate })}</span>
      ),
    },
    {
      title: tUi('amount'),
      align: 'end',
      cell: ({ amount }) => <Amount value={amount} currency={currency} isExact />,
    },
  ];
  return (
    <DataTable
      label={t('lines')}
      list={settledList([...lines])}
      columns={columns}
      rowKey={({ position }) => String(position)}
      renderError={renderFailure}
      empty={<p className="soft">{t('noLines')}</p>}
    />
  );
}

function LineText({ line, currency }: { line: InvoiceLine; currency: string }) {
  const lineText = useLineText();
  return (
    <>
      {lineText(line, currency)}
      {line.details.length > 0 && (
        <ul className="soft line-details">
          {line.details.map((detail) => (
            <li key={detail}>{detail}</li>
          ))}
        </ul>
      )}
    </>
  );
}
