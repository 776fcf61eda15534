import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { QuotePrice } from '../../features/quotes/QuotePrice.tsx';
import { QuoteStatus } from '../../features/quotes/QuoteStatus.tsx';
import { type Quote, quoteStatuses } from '../../features/quotes/quote.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { NoMatch } from '../filters/NoMatch.tsx';
import { OrganizationFilter } from '../organizations/OrganizationFilter.tsx';
import { OrganizationLink } from '../organizations/OrganizationLink.tsx';
import { NewQuote } from './QuoteDrawer.tsx';

const route = getRouteApi('/console/admin/quotes');

export function QuotesPage() {
  const t = useTranslations('console.quotes');
  const tUi = useTranslations('ui');
  const tStatuses = useTranslations('quotes.statuses');
  const { status, organization, write } = route.useSearch();
  const set = useSearchChange();
  const chosen = quoteStatuses.find((known) => known === status);
  const quotes = usePages('searchQuotes', {
    query: { ...(chosen && { status: chosen }), ...(organization && { organization }) },
  });
  const writeButton = (
    <AllowedButton operation="createQuote" type="primary" onClick={() => set({ write: 'yes' })}>
      {t('write')}
    </AllowedButton>
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} actions={writeButton} />
      <Panel>
        <div className="actions">
          <ChoiceFilter
            label={tUi('status')}
            any={t('anyStatus')}
            value={chosen}
            options={quoteStatuses.map((value) => ({ value, label: tStatuses(value) }))}
            onChange={(value) => set({ status: value })}
          />
          <OrganizationFilter value={organization} onChange={(id) => set({ organization: id })} />
        </div>
        <DataTable
          label={t('title')}
          list={quotes}
          columns={useColumns()}
          rowKey={({ id }) => id}
          renderError={renderFailure}
          empty={
            chosen || organization ? (
              <NoMatch onClear={() => set({ status: '', organization: '' })} />
            ) : (
              <EmptyState title={t('none')} action={writeButton}>
                {t('noneNote')}
              </EmptyState>
            )
          }
        />
      </Panel>
      {write && <NewQuote organization={organization} onClose={() => set({ write: '' })} />}
    </div>
  );
}

function useSearchChange() {
  const navigate = useNavigate();
  const search = route.useSearch();
  return (change: Partial<Record<'status' | 'organization' | 'write', string>>) =>
    void navigate({ to: paths.consoleQuotes, search: { ...search, ...change }, replace: true });
}

function useColumns(): Column<Quote>[] {
  const t = useTranslations('console.quotes');
  const tUi = useTranslations('ui');
  return [
    {
      title: t('name'),
      cell: ({ id, name }) => (
        <Link to={paths.consoleQuote} params={{ id }}>
          {name}
        </Link>
      ),
    },
    {
      title: t('customer'),
      cell: ({ organization }) => <OrganizationLink id={organization} />,
    },
    { title: t('price'), cell: (quote) => <QuotePrice {...quote} /> },
    { title: tUi('status'), cell: ({ status }) => <QuoteStatus status={status} /> },
    { title: t('validUntil'), cell: ({ valid_until }) => <When at={valid_until} /> },
    { title: t('written'), cell: ({ created_at }) => <When at={created_at} show="day" /> },
  ];
}
