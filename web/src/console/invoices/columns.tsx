import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { InvoiceStatus } from '../../features/invoice/InvoiceStatus.tsx';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { When } from '../../ui/When.tsx';
import type { Invoice } from './invoice.ts';

/** Invoices in a table, without the customer and what they are for. */
export function useInvoiceColumns(): Column<Invoice>[] {
  const t = useTranslations('console.invoices');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('number'),
      cell: ({ id, number, status }) => (
        <Link to={paths.consoleInvoice} params={{ id }}>
          {number ?? (status === 'draft' ? t('draft') : <code>{id}</code>)}
        </Link>
      ),
    },
    { title: t('issued'), cell: ({ issued_at }) => <When at={issued_at} show="day" /> },
    { title: tUi('status'), cell: (invoice) => <InvoiceStatus invoice={invoice} /> },
    {
      title: t('total'),
      align: 'end',
      cell: ({ total, currency }) => <Amount value={total} currency={currency} isExact />,
    },
    {
      title: t('due'),
      align: 'end',
      cell: ({ due, currency }) => <Amount value={due} currency={currency} isExact />,
    },
  ];
}
