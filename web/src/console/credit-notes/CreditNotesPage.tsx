import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { type CreditNote, useCreditNoteColumns } from './columns.tsx';

const route = getRouteApi('/console/admin/credit-notes');

export function CreditNotesPage() {
  const t = useTranslations('console.creditNotes');
  const { organization } = route.useSearch();
  const navigate = useNavigate();
  const show = (id: string) =>
    void navigate({ to: paths.consoleCreditNotes, search: { organization: id }, replace: true });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <OrganizationFilter value={organization} onChange={show} />
        </div>
        <DataTable
          label={t('title')}
          list={usePages('searchCreditNotes', { query: organization ? { organization } : {} })}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            organization ? (
              <NoMatch onClear={() => show('')} />
            ) : (
              <EmptyState
                title={t('none')}
                action={<ButtonLink to={paths.consoleInvoices}>{t('toInvoices')}</ButtonLink>}
              >
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<CreditNote>[] {
  const t = useTranslations('console.creditNotes');
  const [number, ...others] = useCreditNoteColumns();
  const customer: Column<CreditNote> = {
    title: t('customer'),
    cell: ({ organization }) => <OrganizationLink id={organization} />,
  };
  const invoice: Column<CreditNote> = {
    title: t('invoice'),
    cell: ({ invoice: { id, number: corrected } }) => (
      <Link to={paths.consoleInvoice} params={{ id }}>
        {corrected}
      </Link>
    ),
  };
  return number ? [number, customer, invoice, ...others] : [];
}
