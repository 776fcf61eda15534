import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useInvoiceColumns } from '../invoices/columns.tsx';
import type { Subscription } from './subscription.ts';

const shownAtOnce = 12;

export function InvoicesPanel({ subscription }: { subscription: Subscription }) {
  const t = useTranslations('console.subscriptions');
  const tInvoices = useTranslations('console.invoices');
  const { id, organization } = subscription;
  const invoices = usePages('searchInvoices', {
    query: { organization, reference: id, limit: shownAtOnce },
  });
  return (
    <Panel title={tInvoices('title')}>
      <DataTable
        label={tInvoices('title')}
        list={invoices}
        columns={useInvoiceColumns()}
        rowKey={(invoice) => invoice.id}
        renderError={renderFailure}
        empty={<EmptyState title={t('noInvoices')}>{t('noInvoicesNote')}</EmptyState>}
      />
    </Panel>
  );
}
