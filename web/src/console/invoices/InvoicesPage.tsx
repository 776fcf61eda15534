import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTimeZone, useTranslations } from 'use-intl';
import type { Request } from '../../api/call.ts';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { DaysFilter } from '../../ui/DaysFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';
import { instantsOf } from '../../ui/zone-instant.ts';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { useInvoiceColumns } from './columns.tsx';
import type { Invoice } from './invoice.ts';
import { WriteInvoice } from './WriteInvoice.tsx';

const route = getRouteApi('/console/admin/invoices');
/** Overdue is what is open past its term; to a reader it is a state of its own. */
const standings = ['draft', 'open', 'overdue', 'paid', 'void', 'uncollectible'] as const;
const kinds = ['subscription', 'manual', 'package', 'top_up'] as const;

export function InvoicesPage() {
  const t = useTranslations('console.invoices');
  const { organization, write } = route.useSearch();
  const query = useInvoiceQuery();
  const set = useSearchChange();
  const writeButton = (
    <AllowedButton operation="createInvoice" type="primary" onClick={() => set({ write: 'yes' })}>
      {t('write')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={writeButton} />
      <Panel>
        <Filters />
        <DataTable
          label={t('title')}
          list={usePages('searchInvoices', { query })}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            Object.keys(query).length > 0 ? (
              <NoMatch onClear={() => set(noFilters)} />
            ) : (
              <EmptyState title={t('none')} action={writeButton}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {write && <WriteInvoice organization={organization} onClose={() => set({ write: '' })} />}
    </div>
  );
}

function useInvoiceQuery(): NonNullable<Request<'searchInvoices'>['query']> {
  const timeZone = useTimeZone() ?? 'UTC';
  const { q, status, kind, organization, from, to } = route.useSearch();
  const standing = standings.find((known) => known === status);
  const chosenKind = kinds.find((known) => known === kind);
  return {
    ...(q && { q }),
    ...(standing && (standing === 'overdue' ? { overdue: 'true' } : { status: standing })),
    ...(chosenKind && { kind: chosenKind }),
    ...(organization && { organization }),
    ...instantsOf(timeZone, { from, to }),
  };
}

type Search = Partial<
  Record<'q' | 'status' | 'kind' | 'organization' | 'from' | 'to' | 'write', string>
>;

const noFilters: Search = {
  ...{ q: '', status: '', kind: '' },
  ...{ organization: '', from: '', to: '' },
};

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Search) =>
    void navigate({ to: paths.consoleInvoices, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Invoice>[] {
  const t = useTranslations('console.invoices');
  const tKinds = useTranslations('console.invoices.kinds');
  const [number, ...others] = useInvoiceColumns();
  const whose: Column<Invoice>[] = [
    { title: t('customer'), cell: ({ organization }) => <OrganizationLink id={organization} /> },
    { title: t('kind'), cell: ({ kind }) => tKinds(kind) },
  ];
  return number ? [number, ...whose, ...others] : [];
}

function Filters() {
  const t = useTranslations('console.invoices');
  const tUi = useTranslations('ui');
  const tStatuses = useTranslations('invoices.standings');
  const tKinds = useTranslations('console.invoices.kinds');
  const { q, status, kind, organization, from, to } = route.useSearch();
  const set = useSearchChange();
  return (
    <div className="actions">
      <TextFilter label={t('search')} value={q} onChange={(text) => set({ q: text })} />
      <ChoiceFilter
        label={tUi('status')}
        any={t('anyStatus')}
        value={standings.find((known) => known === status)}
        options={standings.map((value) => ({
          value,
          label: tStatuses(value),
        }))}
        onChange={(value) => set({ status: value })}
      />
      <ChoiceFilter
        label={t('kind')}
        any={t('anyKind')}
        value={kinds.find((known) => known === kind)}
        options={kinds.map((value) => ({ value, label: tKinds(value) }))}
        onChange={(value) => set({ kind: value })}
      />
      <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
      <DaysFilter from={from} to={to} onChange={set} />
    </div>
  );
}
