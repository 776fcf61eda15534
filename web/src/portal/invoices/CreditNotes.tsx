import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import type { CreditNote } from '../../features/invoice/invoice.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { When } from '../../ui/When.tsx';

/** What took invoices back, and how much of it later invoices can still use. */
export function CreditNotes() {
  const t = useTranslations('invoices');
  const list = usePages('listCreditNotes', {});
  const amountOf = (what: 'total' | 'remaining'): Column<CreditNote> => ({
    title: t(what === 'total' ? 'totals.total' : 'remaining'),
    align: 'end',
    cell: (note) => <Amount value={note[what]} currency={note.currency} isExact />,
  });
  const columns: Column<CreditNote>[] = [
    {
      title: t('number'),
      cell: ({ id, number }) => (
        <Link to={paths.creditNote} params={{ id }}>
          {number ?? t('unnumbered')}
        </Link>
      ),
    },
    { title: t('issued'), cell: ({ issued_at }) => <When at={issued_at} show="day" /> },
    {
      title: t('corrects'),
      cell: ({ invoice }) => (
        <Link to={paths.invoice} params={{ id: invoice.id }}>
          {invoice.number}
        </Link>
      ),
    },
    { title: t('reason'), cell: ({ reason }) => reason },
    amountOf('total'),
    amountOf('remaining'),
  ];
  return (
    <DataTable
      label={t('tabs.creditNotes')}
      list={list}
      columns={columns}
      rowKey={(note) => note.id}
      renderError={renderFailure}
      empty={<EmptyState title={t('noCreditNotes')}>{t('noCreditNotesNote')}</EmptyState>}
    />
  );
}
