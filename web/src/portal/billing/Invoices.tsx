import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { type Invoice, InvoiceStatus } from '../../features/payment/PaymentStatus.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { When } from '../../ui/When.tsx';

export function Invoices() {
  const t = useTranslations('billing');
  const tUi = useTranslations('ui');
  const tKinds = useTranslations('payment.invoiceKinds');
  const list = usePages('listInvoices', {});
  const columns: Column<Invoice>[] = [
    { title: t('number'), cell: ({ number }) => number },
    { title: t('issued'), cell: ({ issued_at }) => <When at={issued_at} show="day" /> },
    {
      title: t('kind'),
      cell: ({ kind, lines }) => (kind === 'top_up' ? tKinds(kind) : lines[0]?.description),
    },
    { title: tUi('status'), cell: ({ status }) => <InvoiceStatus status={status} /> },
    {
      title: t('total'),
      align: 'end',
      cell: ({ total, currency }) => <Amount value={total} currency={currency} />,
    },
  ];
  return (
    <DataTable
      label={t('tabs.invoices')}
      list={list}
      columns={columns}
      rowKey={(invoice) => invoice.id}
      renderError={renderFailure}
      empty={<EmptyState title={t('noInvoices')}>{t('noInvoicesNote')}</EmptyState>}
    />
  );
}
