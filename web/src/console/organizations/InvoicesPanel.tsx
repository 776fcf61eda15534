import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useInvoiceColumns } from '../invoices/columns.tsx';
import type { OfOrganization } from './terms.ts';

const shownMax = 5;

/** The customer's last invoices. */
export function InvoicesPanel({ organization }: OfOrganization) {
  const t = useTranslations('console.invoices');
  const tFind = useTranslations('console.find');
  const search = { organization: organization.id };
  const invoices = usePages('searchInvoices', { query: { ...search, limit: shownMax } });
  return (
    <Panel
      title={t('title')}
      actions={
        <ButtonLink size="small" to={paths.consoleInvoices} search={search}>
          {tFind('all')}
        </ButtonLink>
      }
    >
      <DataTable
        label={t('title')}
        list={{ ...invoices, hasMore: false }}
        columns={useInvoiceColumns()}
        rowKey={({ id }) => id}
        renderError={renderFailure}
        empty={<p className="soft">{t('none')}</p>}
      />
    </Panel>
  );
}
