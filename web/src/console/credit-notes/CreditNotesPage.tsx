import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { type CreditNote, useCreditNoteColumns } from './columns.tsx';

const route = getRouteApi('/console/admin/credit-notes');

type Search = Partial<Record<'organization' | 'from' | 'to', string>>;

const noFilters: Search = { organization: '', from: '', to: '' };

export function CreditNotesPage() {
  const t = useTranslations('console.creditNotes');
  const timeZone = useTimeZone() ?? 'UTC';
  const search = route.useSearch();
  const { organization, from, to } = search;
  const query = { ...(organization && { organization }), ...instantsOf(timeZone, search) };
  const navigate = useNavigate();
  const set = (change: Search) =>
    void navigate({
      to: paths.consoleCreditNotes,
      search: { ...search, ...change },
      replace: true,
    });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <Panel>
        <div className="actions">
          <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
          <DaysFilter from={from} to={to} onChange={set} />
        </div>
        <DataTable
          label={t('title')}
          list={usePages('searchCreditNotes', { query })}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            Object.keys(query).length > 0 ? (
              <NoMatch onClear={() => set(noFilters)} />
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
